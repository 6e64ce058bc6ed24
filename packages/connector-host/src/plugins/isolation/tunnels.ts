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
import { type Place, type ProxySettings, proxyTo } from './proxies.js';

/** Milliseconds that a proxy may take to find the way. */
const patienceMs = 30_000;

interface OpenedDoor {
  readonly server: Server;
  readonly port: number;
}

/** The doors of one host; each is opened when the first call may need it. */
export class Tunnels {
  readonly #doors = new Map<string, Promise<OpenedDoor>>();
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

  #door(place: Place, proxy: URL): Promise<OpenedDoor> {
    const name = nameOf(place);
    const known = this.#doors.get(name);
    if (known !== undefined) return known;
    const opening = new Promise<OpenedDoor>((resolve, reject) => {
      const server = createServer({ pauseOnConnect: true }, (near) => void this.#lead(near, place, proxy));
      server.once('error', (error) => {
        this.#doors.delete(name);
        reject(error);
      });
      server.listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }));
      server.unref();
    });
    this.#doors.set(name, opening);
    return opening;
  }

  async #lead(near: Socket, place: Place, proxy: URL): Promise<void> {
    this.#keep(near);
    try {
      const far = await throughProxy(near, place, proxy);
      this.#keep(far);
      // Either end may break off at any time; what it means is the connector's to judge.
      pipeline(near, far, near, () => undefined);
    } catch (error) {
      // The connector has given up before.
      if (near.destroyed) return;
      noteNoWay(this.log, place, proxy, error);
      // At once and not in order: the connector is to see that the connection did not come about.
      near.resetAndDestroy();
    }
  }

  #keep(stream: Duplex): void {
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream)).on('error', () => undefined);
  }
}

interface NoWay {
  readonly status?: number | undefined;
  readonly code?: string | undefined;
}

/**
 * Asks a proxy for the way to a place.
 * @param near whoever wants to go there; where it closes, nothing is asked any more.
 * @throws Error with `code` of the system, or `status` of the proxy's answer.
 */
export function throughProxy(near: Socket, place: Place, proxy: URL): Promise<Duplex> {
  const path = nameOf(place);
  return new Promise((resolve, reject) => {
    const asked = (proxy.protocol === 'https:' ? https : http).request({
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? (proxy.protocol === 'https:' ? 443 : 80) : Number(proxy.port),
      path,
      headers: { host: path, ...authorization(proxy) },
      agent: false,
    });
    asked.setTimeout(patienceMs, () => asked.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
    asked.once('error', reject);
    near.once('close', () => asked.destroy());
    asked.once('connect', ({ statusCode }: IncomingMessage, far: Socket, head: Buffer) => {
      far.setTimeout(0);
      if (statusCode !== 200) {
        far.destroy();
        reject(Object.assign(new Error(), { status: statusCode }));
        return;
      }
      if (head.length > 0) far.unshift(head);
      resolve(far);
    });
    asked.end();
  });
}

/** Tells the operator why a proxy did not lead to a place. */
export function noteNoWay(log: Logger, place: Place, proxy: URL, why: unknown): void {
  const { status, code } = Object(why) as NoWay;
  log.warn({ proxy: proxy.host, to: nameOf(place), status, code }, 'The proxy does not lead there');
}

function nameOf({ host, port }: Place): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
