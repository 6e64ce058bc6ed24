/** Free texts that stay, and that those may read who may not see people: they are held against the identifiers of whom they are about. */
import type { FieldIssue } from 'connector-contract';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { openIdentifiers } from './identifiers.js';

/** Identifiers shorter than this are parts of other words. */
const SHORTEST_NAMED = 4;

/** People whose identifiers may be kept still. */
export interface Sealed {
  readonly requestId: string;
  readonly identifiers: Buffer | null;
}

/** Everything that people are known by; nothing of those who are purged. */
export async function valuesOf(people: PeopleKeys, rows: readonly Sealed[]): Promise<readonly string[]> {
  await people.prepare(rows.map(({ identifiers }) => identifiers));
  return rows.flatMap(({ requestId, identifiers }) =>
    identifiers === null ? [] : openIdentifiers(people, requestId, identifiers).map(({ value }) => value),
  );
}

/** What is wrong with texts that name somebody. Pure. @param texts by field. @param whom for example `the person of the request`. */
export function namingIssues(
  texts: Readonly<Record<string, string | undefined>>,
  values: readonly string[],
  whom = 'the person of the request',
): FieldIssue[] {
  const told = values.filter((value) => value.length >= SHORTEST_NAMED).map((value) => value.toLowerCase());
  return Object.entries(texts).flatMap(([field, text = '']) => {
    const lower = text.toLowerCase();
    if (!told.some((value) => lower.includes(value))) return [];
    const message = `${field} names ${whom}.`;
    return [{ field, code: 'NAMES_PERSON', message, remedy: 'Leave their identifiers out of the text.' }];
  });
}
