/**
 * The floor below Node's sockets: the native handles that they are made of can be had from any socket, and their `connect` asks nobody.
 * Here it asks for an address that the guard above has approved.
 */
import net from 'node:net';
import { lock } from './lock.js';

type NativeConnect = (this: object, request: object, address: string, port: number) => number;

/**
 * Guards the handles of TCP and of local sockets.
 * @param channel the line to the host, itself made of a local socket's handle.
 * @returns how to approve an address and port for connections from now on.
 */
export function guardHandles(
  channel: net.Socket,
  refuse: (to: string) => Error,
): (address: string, port: number) => void {
  const approved = new Set<string>();
  const has = approved.has.bind(approved);
  const add = approved.add.bind(approved);
  const tcp = tcpPrototype();
  for (const name of ['connect', 'connect6'] as const) {
    const connect = tcp[name] as NativeConnect;
    lock(tcp, name, function guarded(this: object, request: object, address: string, port: number): number {
      if (!has(`${address} ${port}`)) throw refuse(`${address}:${port}`);
      return Reflect.apply(connect, this, [request, address, port]);
    });
  }
  for (const name of ['bind', 'bind6', 'listen', 'open']) lockShut(tcp, name, refuse);
  const pipe = Object.getPrototypeOf(handleOf(channel)) as Record<string, unknown>;
  for (const name of ['connect', 'bind', 'listen']) lockShut(pipe, name, refuse);
  return (address, port) => void add(`${address} ${port}`);
}

function lockShut(prototype: Record<string, unknown>, name: string, refuse: (to: string) => Error): void {
  lock(prototype, name, () => {
    throw refuse('a socket of its own making');
  });
}

// A socket gets its handle when it begins to connect; this one never comes to know where to.
function tcpPrototype(): Record<string, unknown> {
  const socket = new net.Socket();
  socket.on('error', () => undefined);
  socket.connect({ host: 'nowhere.invalid', port: 9, lookup: () => undefined });
  const prototype = Object.getPrototypeOf(handleOf(socket)) as Record<string, unknown>;
  socket.destroy();
  return prototype;
}

function handleOf(socket: net.Socket): object {
  const { _handle: handle } = socket as unknown as { _handle: object | null };
  if (handle === null || handle === undefined)
    throw new Error('This version of Node keeps its sockets in another way.');
  return handle;
}
