/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value that a text is as JSON; `undefined` where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is thrown where an answer has another shape than it should; `what` names the part in the connector's own words. */
export class ShapeError extends Error {}

/** @throws ShapeError where it is not an object. */
export function object(value: unknown, what: string): Json {
  if (!isJson(value)) throw new ShapeError(`${what} is missing or is not an object`);
  return value;
}

/** @throws ShapeError where it is not an array. */
export function array(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new ShapeError(`${what} is missing or is not a list`);
  return value;
}

/** The first of `keys` that holds something other than null: one thing under the several spellings it has been seen with. */
export function oneOf(from: Json, ...keys: readonly string[]): unknown {
  return keys.map((key) => from[key]).find((value) => value !== undefined && value !== null);
}

/** A text that is not empty, or `undefined`. */
export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A text with something in it. @throws ShapeError */
export function text(value: unknown, what: string): string {
  const found = optionalText(value);
  if (found === undefined) throw new ShapeError(`${what} is missing or is not a text`);
  return found;
}

/** An id, which may be a text or a number, or `undefined`. A number beyond 2^53 has lost digits and is none. */
export function optionalId(value: unknown): string | undefined {
  return Number.isSafeInteger(value) ? String(value) : optionalText(value);
}

/** An id, which may be a text or a number. @throws ShapeError */
export function id(value: unknown, what: string): string {
  return optionalId(value) ?? text(value, what);
}

/** The cursor of the next page, or `undefined` at the end of a list. @throws ShapeError */
export function cursor(value: unknown, what: string): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : id(value, what);
}

/** `true`, `false`, or `undefined` for anything else. */
export function optionalFlag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

const dateTime = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** Milliseconds since the epoch of a time in ISO 8601, or `undefined`. One without a zone is in UTC, whatever the zone of the machine. */
export function timeOf(value: unknown): number | undefined {
  const match = typeof value === 'string' ? dateTime.exec(value.trim()) : null;
  if (match === null) return undefined;
  const at = Date.parse(`${match[1]}T${match[2]}${match[3] ?? 'Z'}`);
  return Number.isNaN(at) ? undefined : at;
}

/** A time as the contract has it, of one as the vendor gave it; `undefined` where it is none. */
export function isoTime(value: unknown): string | undefined {
  const at = timeOf(value);
  return at === undefined ? undefined : new Date(at).toISOString();
}
