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

/** What the guard asks, and whom it tells. */
export interface EgressTerms {
  /** The permits of whatever runs at this moment. */
  permits(): readonly Permit[];
  /** Hears of every place that was refused, as `host:port`. */
  refused(to: string): void;
}

type Options = net.TcpNetConnectOpts & { path?: unknown };
type Lookup = net.LookupFunction;
type LookupAll = (
  name: string,
  options: dns.LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: dns.LookupAddress[]) => void,
) => void;

const later = setImmediate;
const lookupName = dns.lookup;
const normalize = (net as unknown as { _normalizeArgs(args: unknown[]): [Options, (() => void) | null] })
  ._normalizeArgs;

/**
 * Puts the guard up.
 * @returns closes the connections to places that none of these permits names: pools keep connections open, and the next call may be
 *   one that has no business there.
 */
export function guardEgress(terms: EgressTerms, channel: net.Socket): (permits: readonly Permit[]) => void {
  const open = new Map<net.Socket, { readonly host: string; readonly port: number }>();
  const refuse = (to: string): ConnectorFault => {
    terms.refused(to);
    return notAllowed(to);
  };
  const approve = guardHandles(channel, refuse);
  const connect = net.Socket.prototype.connect as (options: object, listener?: () => void) => net.Socket;

  function guardedConnect(this: net.Socket, ...args: unknown[]): net.Socket {
    // Node's own callers hand over what they have normalised already.
    const [given, listener] = (Array.isArray(args[0]) ? args[0] : normalize(args)) as [Options, (() => void) | null];
    // Read once: a getter must not say one thing here and another below.
    const options: Options = { ...given };
    const host = placeName(options.host);
    const port = Number(options.port);
    const permit = options.path === undefined || options.path === null ? find(terms.permits(), host, port) : undefined;
    if (permit === undefined || (net.isIP(host) !== 0 && isInside(host) && !permit.inside)) {
      const fault = refuse(typeof options.path === 'string' ? 'a local socket' : `${host}:${port}`);
      (this as { connecting: boolean }).connecting = true;
      // Not at once: nobody listens for the error yet.
      later(() => this.destroy(fault));
      return this;
    }
    // Behind a proxy, the place is reached by the host's door to it; a name is the proxy's to resolve.
    const door = permit.via === undefined ? { host, port } : { host: '127.0.0.1', port: permit.via };
    if (net.isIP(door.host) !== 0) approve(door.host, door.port);
    open.set(this, { host, port });
    this.once('close', () => open.delete(this));
    const checked = {
      ...options,
      ...door,
      path: undefined,
      lookup: checkedLookup(permit, approve, refuse, lookupName),
    };
    return listener === null ? connect.call(this, checked) : connect.call(this, checked, listener);
  }

  lock(net.Socket.prototype, 'connect', guardedConnect);
  lock(net.Server.prototype, 'listen', refusing('listening for connections'));
  lock(dgram, 'createSocket', refusing('datagrams'));
  lock(dgram, 'Socket', refusing('datagrams'));
  guardNames(terms, refuse);
  return (permits) => {
    for (const [socket, { host, port }] of open) if (find(permits, host, port) === undefined) socket.destroy();
  };
}

/** A name is resolved where a permit names it. Everything else that DNS can do is closed: a question can carry data out, too. */
function guardNames(terms: EgressTerms, refuse: (to: string) => ConnectorFault): void {
  const known = (name: unknown) => {
    const permits = terms.permits();
    for (let index = 0; index < permits.length; index += 1) if (permits[index]?.host === placeName(name)) return true;
    return false;
  };
  lock(dns, 'lookup', (name: string, ...rest: unknown[]) => {
    const done = rest[rest.length - 1] as (error: Error) => void;
    if (known(name)) return (lookupName as (...args: unknown[]) => unknown)(name, ...rest);
    const fault = refuse(`${placeName(name)} (its address)`);
    later(() => done(fault));
    return {};
  });
  const { lookup } = dns.promises;
  lock(dns.promises, 'lookup', async (name: string, options?: object) => {
    if (!known(name)) throw refuse(`${placeName(name)} (its address)`);
    return options === undefined ? lookup(name) : lookup(name, options);
  });
  const closed = refusing('questions to name servers');
  for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype] as object[]) {
    for (const name of methodsOf(owner)) {
      if (/^(?:resolve|reverse|lookupService|setServers)/.test(name)) lock(owner, name, closed);
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
  refuse: (to: string) => ConnectorFault,
  resolve: LookupAll = dns.lookup,
): Lookup {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const usable: dns.LookupAddress[] = [];
      for (let index = 0; index < found.length; index += 1) {
        const one = found[index];
        if (one !== undefined && (permit.inside || !isInside(one.address))) usable[usable.length] = one;
      }
      const [first] = usable;
      if (first === undefined) return done(refuse(`${name}:${permit.port} (a private address)`), []);
      for (let index = 0; index < usable.length; index += 1) approve(usable[index]?.address ?? '', permit.port);
      if (options.all === true) done(null, usable);
      else done(null, first.address, first.family);
    });
  };
}

function find(permits: readonly Permit[], host: string, port: number): Permit | undefined {
  for (let index = 0; index < permits.length; index += 1) {
    const permit = permits[index];
    if (permit !== undefined && permit.host === host && permit.port === port) return permit;
  }
  return undefined;
}

function placeName(host: unknown): string {
  const name = typeof host === 'string' && host !== '' ? host.toLowerCase() : 'localhost';
  return name.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Why a connection was refused, as a fault. */
export function notAllowed(to: string): ConnectorFault {
  return ConnectorFault.of(
    'ENDPOINT_NOT_ALLOWED',
    `The connector tried to reach ${to}, which neither its manifest nor the operator allows.`,
    {
      remedy:
        'Where it belongs to the vendor, the author of the connector names it in the manifest (network.allowedHosts); else report it.',
    },
  );
}
