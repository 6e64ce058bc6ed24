/** A network that can be cut: passes TCP connections on to a server, until it is told to hold back, to cut one way, or to reset. */
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';

/**
 * - `open`: everything is passed on.
 * - `silent`: nothing is, in either direction; connections stay, new ones are taken and hear nothing. What a network without a route does.
 * - `half-open`: what the client says arrives, and no answer comes back.
 */
export type Weather = 'open' | 'silent' | 'half-open';

/** One client's connection, and the one to the server that belongs to it. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** A proxy on 127.0.0.1 in front of one TCP server. */
export class TcpProxy {
  private readonly pairs = new Set<Pair>();
  private now: Weather = 'open';

  private constructor(
    private readonly listener: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    listener.on('connection', (client) => this.join(client));
  }

  static async start(target: { host: string; port: number }): Promise<TcpProxy> {
    const listener = createServer({ noDelay: true });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new TcpProxy(listener, target);
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Changes the weather, for connections that are there and for new ones. What was held back flows on when it opens. */
  set(weather: Weather): void {
    this.now = weather;
    for (const pair of this.pairs) this.apply(pair);
  }

  /** Resets every connection (TCP RST), on both sides. */
  reset(): void {
    for (const { client, server } of this.pairs) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  async stop(): Promise<void> {
    this.listener.close();
    for (const { client, server } of this.pairs) {
      client.destroy();
      server.destroy();
    }
    await once(this.listener, 'close');
  }

  private join(client: Socket): void {
    const server = dial({ ...this.target, noDelay: true });
    const pair = { client, server };
    this.pairs.add(pair);
    const link = (from: Socket, to: Socket) => {
      from.on('data', (data) => {
        if (to.destroyed) return;
        if (!to.write(data)) from.pause();
      });
      to.on('drain', () => this.apply(pair));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
    };
    link(client, server);
    link(server, client);
    this.apply(pair);
  }

  private apply({ client, server }: Pair): void {
    if (this.now === 'silent') client.pause();
    else client.resume();
    if (this.now === 'open') server.resume();
    else server.pause();
  }
}
