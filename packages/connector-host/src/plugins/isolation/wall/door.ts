/**
 * The one way out of a process behind the wall. It has no network: it tells the host's door, a local socket, where it wants to go, and
 * the host goes there for it, where a call that is under way may. Names are resolved on this side, and a proxy of the operator's is asked here.
 */
import { rmSync } from 'node:fs';
import { connect, createServer, isIP, type Server, type Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import type { Logger } from '../../../log.js';
import { isInside } from '../confined/addresses.js';
import { checkedLookup, NOT_ALLOWED } from '../confined/egress.js';
import type { Permit } from '../messages.js';
import { type ProxySettings, proxyTo } from '../proxies.js';
import { noteNoWay, throughProxy } from '../tunnels.js';

/** Connections at a time; Node closes what comes beyond. */
const mostConnections = 256;

/** Bytes that a place takes at most: a name of 253, a space, a port, the end of the line. */
const longestPlace = 260;

interface Way {
  readonly near: Socket;
  readonly permit: Permit;
}

/** The door of one connector. */
export class Door {
  readonly #server: Server;
  readonly #ways = new Set<Way>();
  readonly #near = new Set<Socket>();
  #permits: () => Iterable<Permit> = () => [];

  private constructor(
    /** Path of the socket. */
    readonly path: string,
    private readonly proxies: ProxySettings | undefined,
    private readonly log: Logger,
  ) {
    this.#server = createServer({ allowHalfOpen: true }, (near) => this.#greet(near));
    this.#server.maxConnections = mostConnections;
    this.#server.unref();
  }

  /** Opens a door; it leads nowhere until somebody says what may be reached. */
  static async open(path: string, proxies: ProxySettings | undefined, log: Logger): Promise<Door> {
    const door = new Door(path, proxies, log);
    await new Promise<void>((resolve, reject) => door.#server.once('error', reject).listen(path, resolve));
    return door;
  }

  /** From now on it leads where these permits allow, asked for each connection. */
  leadBy(permits: () => Iterable<Permit>): void {
    this.#permits = permits;
  }

  /** Cuts the connections to places that nothing allows any more. */
  closeOthers(): void {
    for (const { near, permit } of this.#ways) {
      if (this.#permitFor(permit.host, permit.port) === undefined) near.destroy();
    }
  }

  /** Closes it for good, with all that goes through it. */
  close(): void {
    this.#server.close();
    for (const near of this.#near) near.destroy();
    // Node removes the socket by itself, but later.
    rmSync(this.path, { force: true });
  }

  #permitFor(host: string, port: number): Permit | undefined {
    for (const permit of this.#permits()) if (permit.host === host && permit.port === port) return permit;
    return undefined;
  }

  #greet(near: Socket): void {
    this.#near.add(near);
    near.unref();
    // With the pipeline there and back more than ten listen for its end, and no more while it lasts: that is no leak.
    near.setMaxListeners(20);
    near.once('close', () => this.#near.delete(near)).on('error', () => undefined);
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString('latin1');
      const end = said.indexOf('\n');
      if (end === -1 && said.length <= longestPlace) return;
      near.off('data', hear).pause();
      // Whoever asks waits for the answer.
      if (end > longestPlace || end !== said.length - 1) near.destroy();
      else this.#lead(near, said.slice(0, end));
    };
    near.on('data', hear);
  }

  #lead(near: Socket, place: string): void {
    const [, host = '', port = ''] = /^(\S+) (\d{1,5})$/.exec(place) ?? [];
    const permit = this.#permitFor(host, Number(port));
    if (permit === undefined || (isIP(host) !== 0 && isInside(host) && !permit.inside)) {
      refuse(near, NOT_ALLOWED);
      return;
    }
    const way = { near, permit };
    this.#ways.add(way);
    near.once('close', () => this.#ways.delete(way));
    this.#reach(near, permit).then(
      (far) => {
        far.on('error', () => undefined);
        if (near.destroyed) return void far.destroy();
        near.write('\n');
        // Either end may break off at any time; what it means is the connector's to judge.
        return void pipeline(near, far, near, () => undefined);
      },
      (error: NodeJS.ErrnoException) => refuse(near, error.code ?? 'ECONNRESET'),
    );
  }

  async #reach(near: Socket, permit: Permit): Promise<Duplex> {
    const proxy = proxyTo(permit, this.proxies);
    if (proxy === undefined) return directly(near, permit);
    try {
      return await throughProxy(near, permit, proxy);
    } catch (error) {
      if (!near.destroyed) noteNoWay(this.log, permit, proxy, error);
      // What a proxy says is for the operator; the connector sees that the connection did not come about.
      throw Object.assign(new Error(), { code: 'ECONNRESET' });
    }
  }
}

function refuse(near: Socket, code: string): void {
  near.end(`${code}\n`);
}

function directly(near: Socket, permit: Permit): Promise<Duplex> {
  const { host, port } = permit;
  const lookup = checkedLookup(
    permit,
    () => undefined,
    () => Object.assign(new Error(), { code: NOT_ALLOWED }),
  );
  return new Promise((resolve, reject) => {
    const far = connect({ host, port, lookup, allowHalfOpen: true });
    far.once('connect', () => resolve(far)).once('error', reject);
    near.once('close', () => far.destroy());
  });
}
