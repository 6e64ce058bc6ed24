/**
 * Lets connections through to the places that the host permits, and to no others. It stands below every client of Node (http, https,
 * http2, tls, fetch), is put up before any code of the plugin is imported, and cannot be taken down by assignment.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';
import { ConnectorFault } from 'connector-contract';
import type { Permit } from '../messages.js';
import { isInside } from './addresses.js';
import { lock, refusing } from './lock.js';
import { guardHandles } from './native-handles.js';
import type { Passage } from './passage.js';
import { append, apply, isIP, lowerCase, part } from './primordials.js';
import type { Tickets } from './tickets.js';

type Options = net.TcpNetConnectOpts & { path?: unknown };
type Lookup = net.LookupFunction;
type LookupAll = (
  name: string,
  options: dns.LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: dns.LookupAddress[]) => void,
) => void;

/** What the host's door answers to a place that no call may reach. */
export const NOT_ALLOWED = 'ENDPOINT_NOT_ALLOWED';

const loopback = '127.0.0.1';
const later = setImmediate;
const lookupName = dns.lookup as (...args: unknown[]) => unknown;
const { forEach } = Map.prototype;
const normalize = (net as unknown as { _normalizeArgs(args: unknown[]): [Options, (() => void) | null] })
  ._normalizeArgs;

/**
 * Puts the guard up.
 * @param tell hears of every place that was refused, as `host:port`.
 * @param passage the way out, where the process has no network.
 * @returns closes the connections to places that no call may reach: pools keep connections open, and the next call may be one that has
 *   no business there.
 */
export function guardEgress(
  { permitNow, permitOfAny, noteRefused }: Omit<Tickets, 'begin'>,
  tell: (to: string) => void,
  channel: net.Socket,
  passage?: Passage,
): () => void {
  const open = new Map<net.Socket, { readonly host: string; readonly port: number }>();
  const refuse = (to: string): ConnectorFault => {
    noteRefused(to);
    tell(to);
    return notAllowed(to);
  };
  const approve = guardHandles(channel, refuse, passage?.door);
  if (passage !== undefined) approve(loopback, passage.entrance.port);
  const connect = net.Socket.prototype.connect as (options: object, listener?: () => void) => net.Socket;

  function guardedConnect(this: net.Socket, ...args: unknown[]): net.Socket {
    // Node's own callers hand over what they have normalised already.
    const [given, listener] = (Array.isArray(args[0]) ? args[0] : normalize(args)) as [Options, (() => void) | null];
    // Read once: a getter must not say one thing here and another below.
    const options: Options = { ...given };
    const host = placeName(options.host);
    const port = Number(options.port);
    const permit =
      options.path === undefined || options.path === null
        ? permitNow((one) => one.host === host && one.port === port)
        : undefined;
    if (permit === undefined || (isIP(host) !== 0 && isInside(host) && !permit.inside)) {
      const fault = refuse(typeof options.path === 'string' ? 'a local socket' : `${host}:${port}`);
      (this as { connecting: boolean }).connecting = true;
      // Not at once: nobody listens for the error yet.
      later(() => this.destroy(fault));
      return this;
    }
    open.set(this, { host, port });
    this.once('close', () => open.delete(this));
    // Behind a proxy, the place is reached by the host's door to it; a name is the proxy's to resolve.
    const door = permit.via === undefined ? { host, port } : { host: loopback, port: permit.via };
    if (isIP(door.host) !== 0 && passage === undefined) approve(door.host, door.port);
    const checked = {
      ...options,
      path: undefined,
      ...(passage === undefined
        ? { ...door, lookup: checkedLookup(permit, approve, refuse, lookupName) }
        : { ...passage.entrance, lookup: lookupOn(passage, this, host, port, refuse) }),
    };
    return apply(connect, this, listener === null ? [checked] : [checked, listener]);
  }

  lock(net.Socket.prototype, 'connect', guardedConnect);
  lock(net.Server.prototype, 'listen', refusing('listening for connections'));
  lock(dgram, 'createSocket', refusing('datagrams'));
  lock(dgram, 'Socket', refusing('datagrams'));
  lock(dgram, '_createSocketHandle', refusing('datagrams'));
  guardNames(permitNow, refuse);
  return () => {
    const closeOther = ({ host, port }: { host: string; port: number }, socket: net.Socket) => {
      if (permitOfAny((one) => one.host === host && one.port === port) === undefined) socket.destroy();
    };
    apply(forEach, open, [closeOther]);
  };
}

/** A name is resolved where a permit names it. Everything else that DNS can do is closed: a question can carry data out, too. */
function guardNames(permitNow: Tickets['permitNow'], refuse: (to: string) => ConnectorFault): void {
  const isKnown = (name: string) => permitNow((one) => one.host === name) !== undefined;
  lock(dns, 'lookup', (given: unknown, ...rest: unknown[]) => {
    // What is looked up is the name that was judged, not the one that was given.
    const name = placeName(given);
    if (isKnown(name)) return apply(lookupName, dns, [name, ...rest]);
    const done = rest[rest.length - 1] as (error: Error) => void;
    const fault = refuse(`${name} (its address)`);
    later(() => done(fault));
    return {};
  });
  const { lookup } = dns.promises;
  lock(dns.promises, 'lookup', async (given: unknown, options?: object) => {
    const name = placeName(given);
    if (!isKnown(name)) throw refuse(`${name} (its address)`);
    return apply(
      lookup as (...args: unknown[]) => unknown,
      dns.promises,
      options === undefined ? [name] : [name, options],
    );
  });
  const closed = refusing('questions to name servers');
  for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype] as object[]) {
    for (const name of methodsOf(owner)) {
      if (/^(?:resolve|reverse|lookupService|setServers|setLocalAddress)/.test(name)) lock(owner, name, closed);
    }
  }
}

function methodsOf(owner: object): string[] {
  const names = new Set<string>();
  for (let level = owner; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  }
  return [...names];
}

/**
 * Resolves a permitted name, and lets addresses of a private network through only where the operator named it: whoever answers for the
 * name could else lead into the network of the host. The plugin's own `lookup` is not asked, which could answer any address.
 * @param resolve what asks the system.
 */
export function checkedLookup(
  permit: Permit,
  approve: (address: string, port: number) => void,
  refuse: (to: string) => Error,
  resolve: LookupAll = lookupName as LookupAll,
): Lookup {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const usable: dns.LookupAddress[] = [];
      for (let index = 0; index < found.length; index += 1) {
        const one = found[index];
        if (one !== undefined && (permit.inside || !isInside(one.address))) append(usable, one);
      }
      const first = usable.length === 0 ? undefined : usable[0];
      if (first === undefined) return done(refuse(`${name}:${permit.port} (a private address)`), []);
      for (let index = 0; index < usable.length; index += 1) approve(usable[index]?.address ?? '', permit.port);
      if (options.all === true) done(null, usable);
      else done(null, first.address, first.family);
    });
  };
}

/** Where the question for an address belongs, the host is asked for the way; what has a name there has an address on this loopback. */
function lookupOn(
  passage: Passage,
  client: net.Socket,
  host: string,
  port: number,
  refuse: (to: string) => Error,
): Lookup {
  return (_name, _options, done) => {
    passage.lead(client, host, port, (code) => {
      if (code === undefined) done(null, loopback, 4);
      else done(code === NOT_ALLOWED ? refuse(`${host}:${port}`) : unreachable(code, host, port), []);
    });
  };
}

/** What the host met on the way, as Node tells it. */
function unreachable(code: string, host: string, port: number): Error {
  return Object.assign(new Error(`connect ${code} ${host}:${port}`), { code, syscall: 'connect', host, port });
}

function placeName(host: unknown): string {
  let name = typeof host === 'string' && host !== '' ? lowerCase(host) : 'localhost';
  if (name[0] === '[') name = part(name, 1, name.length);
  if (name[name.length - 1] === ']') name = part(name, 0, name.length - 1);
  return name[name.length - 1] === '.' ? part(name, 0, name.length - 1) : name;
}

/** Why a connection was refused, as a fault. */
export function notAllowed(to: string): ConnectorFault {
  return new ConnectorFault({
    code: NOT_ALLOWED,
    // Nobody mends it at the connection: another version of the connector does, and then what waits goes on.
    kind: 'bug',
    retryable: true,
    message: `The connector tried to reach ${to}, which neither its manifest nor the operator allows.`,
    remedy:
      'Where it belongs to the vendor, the author of the connector names it in the manifest (network.allowedHosts); else report it.',
  });
}
