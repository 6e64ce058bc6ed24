import { inspect } from 'node:util';
import type { FaultData } from '../fault.js';
import type { Emission } from './connection.js';

/** Two values with the same fingerprint are equal as data; the order of keys does not matter, nor the realm they come from. */
export function fingerprint(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/** A copy that shares nothing with the original. */
export function copyOf<Value>(value: Value): Value {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value)) as Value);
}

/** The path to the first thing in a value that is not plain data, or `undefined`. */
export function notPlain(value: unknown, path = 'value'): string | undefined {
  if (value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)) return undefined;
  if (typeof value !== 'object') return `${path} (${typeof value})`;
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!plain) return `${path} (${value.constructor?.name ?? 'an object with a prototype of its own'})`;
  for (const [key, inner] of Object.entries(value)) {
    const found = notPlain(inner, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Everything a value would show to somebody who prints, stores or sends it. */
export function everythingShown(value: unknown): string {
  const stack = value instanceof Error ? value.stack : '';
  let json = '';
  try {
    json = JSON.stringify(value) ?? '';
  } catch {
    // Not printable as JSON: what inspect shows is all there is.
  }
  return `${inspect(value, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })}\n${json}\n${stack}`;
}

/** The faults in what came out of a connector, wherever its answers carry one. */
export function faultsIn({ value }: Emission): readonly FaultData[] {
  if (typeof value !== 'object' || value === null) return [];
  const answer = value as {
    readonly code?: unknown;
    readonly fault?: FaultData;
    readonly problems?: readonly FaultData[];
    readonly rejected?: readonly { readonly fault: FaultData }[];
  };
  return [
    ...(typeof answer.code === 'string' ? [value as FaultData] : []),
    ...(answer.fault === undefined ? [] : [answer.fault]),
    ...(answer.problems ?? []),
    ...(answer.rejected ?? []).map((one) => one.fault),
  ];
}
