import { type Answer, isJson, type Json, oneOf, optionalText, present, ShapeError } from 'connector-kit';
import type { CreatedRegulation, Generation } from './segment.js';
import { quotaOf } from './verdict.js';

const idKeys = ['regulateId', 'regulate_id', 'regulationId', 'regulation_id', 'id'] as const;

function holders(body: unknown): Json[] {
  const levels = isJson(body) ? [body, body['data']] : [];
  return levels
    .flatMap((level) => (isJson(level) ? [level, level['regulation'], level['regulate']] : []))
    .filter(isJson);
}

/** A whole number beyond 2^53 loses digits as a JSON number; its digits are still in the text. */
function digitsIn(answer: string): string | undefined {
  return /"(?:regulate_?[iI]d|regulation_?[iI]d|id)"\s*:\s*(\d{16,40})\b/.exec(answer)?.[1];
}

/**
 * The id of a regulation that was just made, a text or a number, in either casing, bare or in an envelope; and what the headers
 * say about the quota.
 * @throws ShapeError, after which Segment may well have the regulation.
 */
export function createdRegulation(generation: Generation, { json, headers, text }: Answer): CreatedRegulation {
  const quota = quotaOf('create', generation, headers);
  for (const holder of holders(json())) {
    const found = oneOf(holder, ...idKeys);
    const id =
      typeof found === 'number' ? (Number.isSafeInteger(found) ? String(found) : digitsIn(text)) : optionalText(found);
    if (id !== undefined) return present({ id, quota });
  }
  throw new ShapeError('it does not name the regulation that was made');
}
