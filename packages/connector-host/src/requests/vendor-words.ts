/**
 * What a vendor writes in words of its own may name somebody, however it is written. It is kept apart from what is kept in clear: sealed
 * with the key of people, shown only to those who may see people, and gone with the first of them that is purged.
 */
import type { DestinationResult, OperationStatus } from 'connector-contract';
import { given } from '../given.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { SealingError } from '../sealing/sealing-error.js';

/** The free words of a status: of the whole, and of destinations by their place. */
export interface VendorWords {
  readonly vendorState?: string;
  readonly destinations?: Readonly<Record<number, Partial<Pick<DestinationResult, 'vendorState' | 'message'>>>>;
}

/** Parts a status into what may be read by everybody and the vendor's free words. @param known words that are states, by the manifest. */
export function partWords(
  status: OperationStatus,
  known: readonly string[] = [],
): { readonly plain: OperationStatus; readonly words: VendorWords | undefined } {
  const isFree = (word: string) => word !== '' && !known.includes(word);
  const kept = (word: string) => (isFree(word) ? '' : word);
  const destinations: Record<number, Partial<Pick<DestinationResult, 'vendorState' | 'message'>>> = {};
  const plain = status.destinations.map(({ message, ...one }, at) => {
    const free = {
      ...(isFree(one.vendorState) ? { vendorState: one.vendorState } : {}),
      ...given({ message }),
    };
    if (Object.keys(free).length > 0) destinations[at] = free;
    return { ...one, vendorState: kept(one.vendorState) };
  });
  const words: VendorWords = {
    ...(isFree(status.vendorState) ? { vendorState: status.vendorState } : {}),
    ...(Object.keys(destinations).length > 0 ? { destinations } : {}),
  };
  return {
    plain: { ...status, vendorState: kept(status.vendorState), destinations: plain },
    words: Object.keys(words).length > 0 ? words : undefined,
  };
}

/** Seals the words, bound to their operation. */
export function sealWords(people: PeopleKeys, operation: number, words: VendorWords): Buffer {
  return people.seal(Buffer.from(JSON.stringify(words)), bindOf(operation));
}

/** What words of an operation are bound to. */
export function bindOf(operation: number): string {
  return `words of operation ${operation}`;
}

/** Opens the words, whose key is prepared; none where they are of no key any more. */
export function openWords(people: PeopleKeys, operation: number, sealed: Buffer | null): VendorWords {
  if (sealed === null) return {};
  try {
    return JSON.parse(people.open(sealed, bindOf(operation)).toString('utf8')) as VendorWords;
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    return {};
  }
}

/** Puts the words back in their places. */
export function withWords<
  S extends { readonly vendorState?: string; readonly destinations: readonly DestinationResult[] },
>(view: S, { vendorState, destinations = {} }: VendorWords): S {
  return {
    ...view,
    ...given({ vendorState }),
    destinations: view.destinations.map((one, at) => ({ ...one, ...destinations[at] })),
  };
}
