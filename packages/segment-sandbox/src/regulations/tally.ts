import type { Regulation } from './regulation.js';
import { subjectsOf } from './regulation.js';

/** In how many regulations the identifiers are. */
export interface SubjectTally {
  readonly regulations: number;
  /** Different identifiers in all regulations. */
  readonly identifiers: number;
  /** How many of them are in more than one regulation. */
  readonly doubled: number;
  /** The most regulations one identifier is in. */
  readonly most: number;
}

/**
 * Counts over all regulations that were not taken back. A table of 64-bit hashes instead of the identifiers themselves:
 * 16 bytes a slot, so a million identifiers take about 32 MB while it counts and nothing after. The chance that two of a
 * million different identifiers share a hash is about 3 in 100 million.
 */
export function tallySubjects(regulations: Iterable<Regulation>): SubjectTally {
  const counted = [...regulations].filter(({ cancelled }) => !cancelled);
  const occurrences = counted.reduce((sum, { subjectCount }) => sum + subjectCount, 0);
  let slots = 1024;
  while (slots < occurrences * 2) slots *= 2;
  const high = new Uint32Array(slots);
  const low = new Uint32Array(slots);
  const times = new Uint32Array(slots);
  const lastSeen = new Uint32Array(slots);
  let identifiers = 0;
  let doubled = 0;
  let most = 0;
  counted.forEach((regulation, position) => {
    for (const subject of subjectsOf(regulation)) {
      const [hashHigh, hashLow] = hash64(`${regulation.subjectType}\u0000${subject}`);
      let slot = hashLow & (slots - 1);
      while (times[slot] !== 0 && (high[slot] !== hashHigh || low[slot] !== hashLow)) slot = (slot + 1) & (slots - 1);
      const before = times[slot] ?? 0;
      // An identifier that is twice in one regulation is still in one regulation.
      if (before > 0 && lastSeen[slot] === position) continue;
      high[slot] = hashHigh;
      low[slot] = hashLow;
      lastSeen[slot] = position;
      times[slot] = before + 1;
      if (before === 0) identifiers += 1;
      if (before === 1) doubled += 1;
      if (before + 1 > most) most = before + 1;
    }
  });
  return { regulations: counted.length, identifiers, doubled, most };
}

/** Two independent 32-bit hashes of a text (cyrb53's rounds, without folding them into 53 bits). */
function hash64(text: string): readonly [number, number] {
  let first = 0xdeadbeef;
  let second = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    first = Math.imul(first ^ unit, 2654435761);
    second = Math.imul(second ^ unit, 1597334677);
  }
  first = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
  second = Math.imul(second ^ (second >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909);
  return [first >>> 0, second >>> 0];
}
