/**
 * The floor below Node's sockets: the native handles that they are made of can be had from any socket, and their `connect` asks nobody.
 * Here it asks for an address that the guard above has approved.
 */
import dns from 'node:dns';
import net from 'node:net';
import { lock, lockMethods } from './lock.js';
import { apply, getPrototypeOf } from './primordials.js';

type NativeConnect = (this: object, request: object, address: string, port: number) => number;

/**
 * Guards the handles of TCP, of local sockets and of resolvers.
 * @param channel the line to the host, itself made of a local socket's handle.
 * @param door the one local socket that may be connected to.
 * @returns how to approve an address and port for connections from now on.
 */
export function guardHandles(
  channel: net.Socket,
  refuse: (to: string) => Error,
  door?: string,
): (address: string, port: number) => void {
  const approved = new Set<string>();
  const has = approved.has.bind(approved);
  const add = approved.add.bind(approved);
  const tcp = tcpPrototype();
  for (const name of ['connect', 'connect6'] as const) {
    const connect = tcp[name] as NativeConnect;
    lock(tcp, name, function guarded(this: object, request: object, address: string, port: number): number {
      // Nothing that says one thing here and another below.
      const plain = typeof address === 'string' && typeof port === 'number';
      if (!plain || !has(`${address} ${port}`)) throw refuse(plain ? `${address}:${port}` : 'no address');
      return apply(connect, this, [request, address, port]);
    });
  }
  const own = 'a socket of its own making';
  lockShut(tcp, ['bind', 'bind6', 'listen', 'open'], () => refuse(own));
  const pipe = getPrototypeOf(handleOf(channel)) as Record<string, unknown>;
  const connectPipe = pipe['connect'] as (this: object, request: object, path: string) => number;
  lock(pipe, 'connect', function guarded(this: object, request: object, path: string): number {
    if (door === undefined || path !== door) throw refuse(own);
    return apply(connectPipe, this, [request, door]);
  });
  lockShut(pipe, ['bind', 'listen', 'open', 'fchmod'], () => refuse(own));
  const resolvers = [new dns.Resolver(), new dns.promises.Resolver()].map(handleOf);
  for (const questions of new Set(resolvers.map(getPrototypeOf) as Record<string, unknown>[])) {
    const names = Object.getOwnPropertyNames(questions).filter((name) => /^(?:query|getHost|set)/.test(name));
    lockShut(questions, names, () => refuse('a name server'));
  }
  lockLists();
  return (address, port) => void add(`${address} ${port}`);
}

/** Lists of addresses tell a private one: their handles must go on to say what they say. */
function lockLists(): void {
  const list = new net.BlockList();
  lockMethods(net.BlockList.prototype);
  for (const inner of Object.getOwnPropertySymbols(list)) {
    const handle = getPrototypeOf((list as never)[inner]) as Record<string, unknown>;
    if (typeof handle['check'] === 'function') lock(handle, 'check', handle['check']);
  }
  lockMethods(net.SocketAddress.prototype);
}

function lockShut(prototype: Record<string, unknown>, names: readonly string[], fault: () => Error): void {
  for (const name of names) {
    if (!(name in prototype)) continue;
    lock(prototype, name, () => {
      throw fault();
    });
  }
}

// A socket gets its handle when it begins to connect; this one never comes to know where to.
function tcpPrototype(): Record<string, unknown> {
  const socket = new net.Socket();
  socket.on('error', () => undefined);
  socket.connect({ host: 'nowhere.invalid', port: 9, lookup: () => undefined });
  const prototype = getPrototypeOf(handleOf(socket)) as Record<string, unknown>;
  socket.destroy();
  return prototype;
}

function handleOf(owner: object): object {
  const { _handle: handle } = owner as { _handle?: object | null };
  if (handle === null || handle === undefined)
    throw new Error('This version of Node keeps its sockets in another way.');
  return handle;
}
