import type { Identifier } from 'connector-contract';
import type { PeopleKeys } from '../sealing/people-keys.js';

/** Seals a person's identifiers, bound to the request: a sealed value copied to another row does not open there. */
export function sealIdentifiers(people: PeopleKeys, requestId: string, identifiers: readonly Identifier[]): Buffer {
  return people.seal(Buffer.from(JSON.stringify(identifiers.map(({ kind, value }) => [kind, value]))), requestId);
}

/** Opens what {@link sealIdentifiers} sealed, in the same order: positions in it are stable. */
export function openIdentifiers(people: PeopleKeys, requestId: string, sealed: Buffer): Identifier[] {
  const pairs = JSON.parse(people.open(sealed, requestId).toString('utf8')) as [string, string][];
  return pairs.map(([kind, value]) => ({ kind, value }));
}

/** Shown in place of a value to those who may not see it. */
const MASK = '•••';

/** The identifiers as shown to somebody who may know how many of which kind there are, and no more. */
export function maskIdentifiers(identifiers: readonly Identifier[]): Identifier[] {
  return identifiers.map(({ kind }) => ({ kind, value: MASK }));
}
