import { unreadable } from './errors.js';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws SegmentFault `VENDOR_ANSWER_UNREADABLE` naming `what` where it is not an object. */
export function object(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw unreadable(`${what} is missing or is not an object`);
  return value;
}

/** @throws SegmentFault `VENDOR_ANSWER_UNREADABLE` naming `what` where it is not an array. */
export function array(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw unreadable(`${what} is missing or is not a list`);
  return value;
}

/** The first of `keys` that holds something other than null: one thing under the several spellings it has been seen with. */
export function oneOf(from: JsonObject, ...keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = from[key];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** A text that is not empty, or `undefined`. */
export function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** @throws SegmentFault `VENDOR_ANSWER_UNREADABLE` naming `what` where it is not a text with something in it. */
export function text(value: unknown, what: string): string {
  const found = optionalText(value);
  if (found === undefined) throw unreadable(`${what} is missing or is not a text`);
  return found;
}

/** An id, which may be a text or a number, or `undefined`. A number beyond 2^53 has lost digits and is none. */
export function optionalId(value: unknown): string | undefined {
  return Number.isSafeInteger(value) ? String(value) : optionalText(value);
}

/** An id, which may be a text or a number. @throws SegmentFault `VENDOR_ANSWER_UNREADABLE` naming `what`. */
export function id(value: unknown, what: string): string {
  return optionalId(value) ?? text(value, what);
}

/** The cursor of the next page, or `undefined` at the end of a list. @throws SegmentFault `VENDOR_ANSWER_UNREADABLE` naming `what`. */
export function cursor(value: unknown, what: string): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : id(value, what);
}

/** `true`, `false`, or `undefined` for anything else. */
export function optionalFlag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** An enum value in the Public API's spelling, whatever its own: `Partial_Success`, `partialSuccess` and `partial success` are `PARTIAL_SUCCESS`. Unknown words pass. */
export function enumWord(value: string): string {
  return value
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[\s_-]+/g, '_')
    .toUpperCase();
}

/** Names (never values) of the settings that hold something: no empty text, list or object, and not `false`. */
export function filledNames(settings: Iterable<readonly [name: string, value: unknown]>): string[] {
  const filled = (value: unknown): boolean => {
    if (typeof value === 'string') return value.trim() !== '';
    if (Array.isArray(value)) return value.length > 0;
    if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
    return value !== undefined && value !== null && value !== false;
  };
  return [...settings].filter(([, value]) => filled(value)).map(([name]) => name);
}

/** An https URL, or `undefined`. */
export function httpsUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  return new URL(value).protocol === 'https:' ? value : undefined;
}

/** The domain of a website given as a URL or bare, without `www.`, or `undefined`. */
export function domainOf(website: unknown): string | undefined {
  const given = optionalText(website)?.trim();
  if (given === undefined) return undefined;
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : '';
  return host.includes('.') ? host : undefined;
}
