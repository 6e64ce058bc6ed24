import { enumWord } from '../reading.js';
import { RegulationType } from '../segment.js';

/**
 * The deleting regulation types that were published for the Config API, as it spells them (segment-docs, pull request 6243). There is no
 * evidence for a type that suppresses and deletes in Segment only, so that one is not offered there.
 */
const wireTypes: Readonly<Partial<Record<RegulationType, string>>> = {
  [RegulationType.suppressWithDelete]: 'Suppress_With_Delete',
  [RegulationType.deleteOnly]: 'Delete',
  [RegulationType.deleteInternal]: 'Delete_Internal',
};

/** The type on the wire, or `undefined` where the Config API has none. */
export function wireTypeOf(type: RegulationType): string | undefined {
  return wireTypes[type];
}

/** The type that is meant by one on the wire, in the Public API's spelling. */
export function typeOfWire(word: string): string {
  return enumWord(word) === 'DELETE' ? RegulationType.deleteOnly : enumWord(word);
}
