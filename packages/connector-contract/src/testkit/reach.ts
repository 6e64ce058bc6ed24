import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';

/** Whose call is running. What stub and runner connect to is their own affair. */
const caller = new AsyncLocalStorage<(host: string) => void>();

/** The way every client takes in the end. */
const sockets = Socket.prototype as unknown as { connect(this: Socket, ...args: unknown[]): Socket };

/** Runs a call of a connector; `told` of each host that it connects to, from {@link watchConnections} on. */
export function asCaller<Answer>(told: (host: string) => void, call: () => Promise<Answer>): Promise<Answer> {
  return caller.run(told, call);
}

/** Tells callers of the connections they open. @returns how to end it. */
export function watchConnections(): () => void {
  const { connect } = sockets;
  sockets.connect = function (...args) {
    caller.getStore()?.(hostIn(args));
    return connect.apply(this, args);
  };
  return () => {
    sockets.connect = connect;
  };
}

/** Host and port, as in a URL; the path of a socket that is a file. Node hands arguments on as one array. */
export function hostIn(args: readonly unknown[]): string {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first !== 'object' || first === null) {
    return /^\d+$/.test(String(first))
      ? `${typeof second === 'string' ? second : 'localhost'}:${first}`
      : String(first);
  }
  const { host, port, path } = first as { readonly host?: string; readonly port?: unknown; readonly path?: string };
  return path ?? `${host ?? 'localhost'}:${port}`;
}
