/** Something that stands between the host and the vendor: hands everything on, or answers in its place, or has let its certificate expire. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer as createPages } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { certificate, type Pair } from '../notices/receivers.js';

/** `open`, a certificate that has `expired`, or the status of a page of HTML. */
export type GatewayMood = 'open' | 'expired' | 403 | 404 | 407 | 451;

/** Moods other than `open`. */
export const refusals = ['expired', 403, 404, 407, 451] as const satisfies readonly GatewayMood[];

/** A gateway of https on loopback. */
export class Gateway {
  private readonly sockets = new Set<TLSSocket>();
  private mood: GatewayMood = 'open';
  private readonly pages = createPages((request, response) => {
    request.resume().on('end', () => {
      const status = typeof this.mood === 'number' ? this.mood : 502;
      response
        .writeHead(status, { 'content-type': 'text/html', connection: 'close' })
        .end('<html><h1>Blocked</h1></html>');
    });
  });

  private constructor(
    private readonly server: Server,
    /** Origin that the host is given in place of the vendor's. */
    readonly url: string,
    /** File of the authorities that the host is to trust. */
    readonly authorities: string,
    private readonly pairs: { readonly good: Pair; readonly expired: Pair },
    private readonly target: number,
  ) {
    server.on('secureConnection', (socket) => this.take(socket));
  }

  /** @param vendor origin, on this machine. */
  static async start(folder: string, vendor: string): Promise<Gateway> {
    const pairs = { good: certificate(), expired: certificate('localhost', '-9d') };
    const authorities = join(folder, 'authorities.pem');
    await writeFile(authorities, pairs.good.cert + pairs.expired.cert, { mode: 0o644 });
    const server = createServer(pairs.good);
    // Whoever does not like the certificate hangs up.
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://localhost:${(server.address() as AddressInfo).port}`;
    return new Gateway(server, url, authorities, pairs, Number(new URL(vendor).port));
  }

  /** Connections that are there are cut. */
  set(mood: GatewayMood): void {
    this.mood = mood;
    this.server.setSecureContext(mood === 'expired' ? this.pairs.expired : this.pairs.good);
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(client: TLSSocket): void {
    this.sockets.add(client);
    client.on('close', () => this.sockets.delete(client));
    client.on('error', () => client.destroy());
    if (typeof this.mood === 'number') {
      this.pages.emit('connection', client);
      return;
    }
    const vendor = connect({ host: '127.0.0.1', port: this.target, noDelay: true });
    vendor.on('error', () => client.destroy());
    vendor.on('close', () => client.destroy());
    client.on('close', () => vendor.destroy());
    client.pipe(vendor).pipe(client);
  }
}
