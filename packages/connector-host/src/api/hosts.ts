import { isIP } from 'node:net';

/**
 * Whether a `Host` header may name this host. A page of a foreign site can make a browser send requests here under a name that it
 * lets point to this address (DNS rebinding); an address itself cannot be made to point elsewhere.
 * @param header as it came: a name or an address, perhaps with a port.
 * @param names what this host is called beside `localhost`, in lower case and without port.
 */
export function hostAllowed(header: string | undefined, names: ReadonlySet<string>): boolean {
  const [, ipv6, plain] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::\d{1,5})?$/i.exec(header ?? '') ?? [];
  if (ipv6 !== undefined) return isIP(ipv6) === 6;
  const name = plain?.toLowerCase() ?? '';
  return name === 'localhost' || isIP(name) === 4 || names.has(name);
}
