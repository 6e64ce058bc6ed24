/**
 * Ways through the operator's proxy. A connector's process does not know of the proxy: where its guard finds that a permitted place lies
 * behind one, it connects to a door on this machine instead, which leads to that one place and to no other. The host asks the proxy for
 * the way (CONNECT), so that address and password of the proxy stay with it, and TLS goes from the connector to the vendor unbroken.
 */
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import type { Logger } from '../../log.js';
import type { Permit } from './messages.js';
import { type ProxySettings, proxyTo } from './proxies.js';

/** Milliseconds that a proxy may take to find the way. */
const patienceMs = 30_000;

interface Door {
  readonly server: Server;
  readonly port: number;
}

/** The doors of one host; each is opened when the first call may need it. */
export class Tunnels {
  readonly #doors = new Map<string, Promise<Door>>();
  readonly #open = new Set<Duplex>();

  constructor(
    private readonly settings: ProxySettings | undefined,
    private readonly log: Logger,
  ) {}

  /** The same permits, with the doors of those that lie behind a proxy. */
  async lead(permits: readonly Permit[]): Promise<readonly Permit[]> {
    return Promise.all(
      permits.map(async (permit) => {
        const proxy = proxyTo(permit, this.settings);
        return proxy === undefined ? permit : { ...permit, via: (await this.#door(permit, proxy)).port };
      }),
    );
  }

  /** Closes all doors and what goes through them. */
  async close(): Promise<void> {
    for (const door of this.#doors.values()) (await door).server.close();
    for (const stream of this.#open) stream.destroy();
  }

  #door({ host, port }: Permit, proxy: URL): Promise<Door> {
    const place = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
    const known = this.#doors.get(place);
    if (known !== undefined) return known;
    const opening = new Promise<Door>((resolve, reject) => {
      const server = createServer({ pauseOnConnect: true }, (near) => this.#lead(near, place, proxy));
      server.once('error', (error) => {
        this.#doors.delete(place);
        reject(error);
      });
      server.listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }));
      server.unref();
    });
    this.#doors.set(place, opening);
    return opening;
  }

  #lead(near: Socket, place: string, proxy: URL): void {
    this.#keep(near);
    const asked = (proxy.protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      path: place,
      headers: { host: place, ...authorization(proxy) },
      agent: false,
    });
    const refuse = (why: { readonly status?: number | undefined; readonly code?: string | undefined }) => {
      // The connector has given up before.
      if (near.destroyed) return;
      this.log.warn({ proxy: proxy.host, to: place, ...why }, 'The proxy does not lead there');
      // At once and not in order: the connector is to see that the connection did not come about.
      near.resetAndDestroy();
    };
    asked.setTimeout(patienceMs, () => asked.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
    asked.once('error', ({ code }: NodeJS.ErrnoException) => refuse({ code }));
    near.once('close', () => asked.destroy());
    asked.once('connect', ({ statusCode }: IncomingMessage, far: Socket, head: Buffer) => {
      far.setTimeout(0);
      if (statusCode !== 200) {
        far.destroy();
        refuse({ status: statusCode });
        return;
      }
      this.#keep(far);
      if (head.length > 0) far.unshift(head);
      // Either end may break off at any time; what it means is the connector's to judge.
      pipeline(near, far, near, () => undefined);
    });
    asked.end();
  }

  #keep(stream: Duplex): void {
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream)).on('error', () => undefined);
  }
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
