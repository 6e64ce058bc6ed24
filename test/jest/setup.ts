import 'reflect-metadata';
import { Socket } from 'node:net';

/** The way that every client takes in the end. */
const sockets = Socket.prototype as unknown as { connect(this: Socket, ...args: unknown[]): Socket };
const { connect } = sockets;
const loopback = /^(127\.|localhost$|::1$)/;

// Tests reach this machine alone. Once for a process, which runs many test files.
if (connect.name !== 'connectOnLoopback') {
  sockets.connect = function connectOnLoopback(...args) {
    const host = hostIn(args);
    if (loopback.test(host)) return connect.apply(this, args);
    const error = new Error(`Tests reach this machine alone, not ${host}`);
    return this.destroy(Object.assign(error, { code: 'ENOTFOUND' }));
  };
}

/** Where a socket is to connect to: Node hands arguments on as one array. The path of a socket that is a file is as good as this machine. */
function hostIn(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const { host = 'localhost', path } = Object(first) as { readonly host?: string; readonly path?: string };
  if (typeof first === 'object') return path === undefined ? host : 'localhost';
  return typeof second === 'string' ? second : 'localhost';
}
