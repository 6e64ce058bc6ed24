/**
 * How connections leave a process behind the wall, which has no network: the host's door leads to a place, and what comes and goes there
 * is handed to the socket that wanted it over this process's own loopback. So every client of Node takes it for the place itself.
 */
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** The passage of a process. */
export interface Passage {
  /** Where clients connect to: a port of this process's loopback, by a name, so that they ask for its address first. */
  readonly entrance: { readonly host: string; readonly port: number; readonly autoSelectFamily: false };
  /** Path of the host's door. */
  readonly door: string;
  /**
   * Asks the host for the way to a place. Where it leads there, the client is to connect to {@link entrance}.
   * @param done hears the code of what went wrong, where it did.
   */
  lead(client: net.Socket, host: string, port: number, done: (code: string | undefined) => void): void;
}

const { connect } = net.Socket.prototype as { connect(options: object): net.Socket };
const { apply } = Reflect;

/** Opens the passage; before the guard closes what it is made of. */
export async function openPassage(door: string): Promise<Passage> {
  const expected = new Map<net.Socket, net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    for (const [client, far] of expected) {
      if (client.localPort !== near.remotePort) continue;
      expected.delete(client);
      join(near, far);
      return;
    }
    near.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return {
    entrance: { host: 'door.invalid', port: (server.address() as AddressInfo).port, autoSelectFamily: false },
    door,
    lead: (client, host, port, done) => {
      const far = new net.Socket({ allowHalfOpen: true });
      let answered = false;
      const answer = (code: string | undefined) => {
        if (answered) return;
        answered = true;
        if (code === undefined) expected.set(client, far);
        else far.destroy();
        done(code);
      };
      client.once('close', () => {
        if (!answered || expected.delete(client)) far.destroy();
        answered = true;
      });
      far.on('error', ({ code = 'ECONNRESET' }: NodeJS.ErrnoException) => answer(code));
      far.once('close', () => answer('ECONNRESET'));
      hearLine(far, (line) => answer(line === '' ? undefined : line));
      apply(connect, far, [{ path: door }]);
      far.write(`${host} ${port}\n`);
    },
  };
}

/** Reads one line; what follows it stays to be read. */
function hearLine(far: net.Socket, heard: (line: string) => void): void {
  const chunks: Buffer[] = [];
  const hear = (chunk: Buffer) => {
    chunks.push(chunk);
    const said = Buffer.concat(chunks);
    const end = said.indexOf('\n');
    if (end === -1) return;
    far.off('data', hear).pause();
    if (said.length > end + 1) far.unshift(said.subarray(end + 1));
    heard(said.toString('latin1', 0, end));
  };
  far.on('data', hear);
}

function join(near: net.Socket, far: net.Socket): void {
  near.on('error', () => far.destroy());
  near.on('close', () => far.destroy());
  far.on('error', () => near.resetAndDestroy());
  far.on('close', () => near.destroySoon());
  near.pipe(far);
  far.pipe(near);
}
