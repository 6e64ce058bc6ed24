/** Which addresses lie in a private network, or on this very machine. Plain loops: a plugin may have changed the built-in methods. */
import { BlockList } from 'node:net';
import { isIP } from './primordials.js';

// https://www.iana.org/assignments/iana-ipv4-special-registry, .../iana-ipv6-special-registry
const v4: readonly (readonly [address: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
const v6: readonly (readonly [address: string, bits: number])[] = [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const inside = new BlockList();
for (const [address, bits] of v4) inside.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of v6) inside.addSubnet(address, bits, 'ipv6');
const check = inside.check.bind(inside);

/** Whether an IP address is not one of the public internet; what is no address is not either. */
export function isInside(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return check(address, 'ipv4');
  // An IPv4 address in IPv6 clothes is checked against the IPv4 rules, too.
  return version !== 6 || check(address, 'ipv6');
}
