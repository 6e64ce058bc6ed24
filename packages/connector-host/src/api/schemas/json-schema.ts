import { fileLimits } from '../../requests/files.js';

/** A JSON Schema (2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A text, with what it means. */
export const text = (description?: string): JsonSchema => ({ type: 'string', ...(description ? { description } : {}) });

/** A whole number. */
export const whole = (description?: string): JsonSchema => ({
  type: 'integer',
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  ...(description ? { description } : {}),
});

/** An ISO 8601 time. */
export const time = (description?: string): JsonSchema => ({
  type: 'string',
  format: 'date-time',
  ...(description ? { description } : {}),
});

/** One of some words. */
export const oneOf = (words: readonly string[], description?: string): JsonSchema => ({
  type: 'string',
  enum: words,
  ...(description ? { description } : {}),
});

/** A list. */
export const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

/** A schema that stands under a name in the document's components. */
export const ref = (name: string): JsonSchema => ({ $ref: `${name}#` });

/** An object with these fields and no others; those named in `optional` may be absent. */
export function object(properties: Readonly<Record<string, JsonSchema>>, ...optional: string[]): JsonSchema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}), additionalProperties: false };
}

/** An object whose fields are not ours to name. */
export const anyObject = (description?: string): JsonSchema => ({
  type: 'object',
  additionalProperties: true,
  ...(description ? { description } : {}),
});

/** How far something was counted, where it was not to the end. */
export const countedTo = whole(
  'Present where more are there than were counted: a number above it says only that there are more.',
);

/** A page of a list. */
export const page = (name: string, more: Readonly<Record<string, JsonSchema>> = {}): JsonSchema =>
  object(
    { items: list(ref(name)), nextCursor: text('Absent on the last page.'), total: whole(), countedTo, ...more },
    'nextCursor',
    'countedTo',
  );

/** Ids of files that were sent before. */
export const fileIds = (description: string): JsonSchema => ({
  ...list(whole()),
  minItems: 1,
  maxItems: fileLimits.files,
  uniqueItems: true,
  description,
});
