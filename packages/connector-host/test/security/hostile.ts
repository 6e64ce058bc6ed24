/** Values that programs have stumbled over, and how to make values from a JSON Schema and spoil them. */
import fc from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;

/** Texts that mean something to somebody: databases, shells, paths, templates, HTML, spreadsheets, Unicode. */
export const hostileTexts = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00x',
  '\ufffe',
  '\ufeff',
  '\u202eabc',
  'İ',
  'ﬃ',
  '𝒳'.repeat(300),
  '__proto__',
  'constructor',
  'toString',
  '../../../../etc/passwd',
  '..%2f..%2f',
  '%00',
  '%zz',
  '%',
  "' or 1=1 --",
  '"; drop table connector_host.requests; --',
  '\\x00',
  '{1,2}',
  '$1',
  '\u0024{7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '=1+1',
  '\r\nset-cookie: a=b',
  'a'.repeat(5_000),
  '9'.repeat(400),
  '-1',
  '1e400',
  'NaN',
  'null',
  'true',
  '0x10',
  '9223372036854775808',
  '2026-02-30T25:61:61Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:60Z',
  '+275760-09-13T00:00:00.001Z',
  'YWZ0ZXI6OTk5OTk5OTk5OTk5OTk5',
  Buffer.from('after:999999999999999').toString('base64url'),
] as const;

/** A text, hostile every other time. */
export const anyText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 200 }),
);

/** Anything that JSON can say, with hostile texts in it. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom(null, true, 0, -0, 1e308, -1, 2 ** 53, 0.1, [], {}, [[[[[[[[]]]]]]]]),
  fc.dictionary(anyText, anyText, { maxKeys: 5 }),
);

/** A value that fits a schema, or does so but for something. `find` looks up a `$ref`. */
export function valueFor(schema: Schema, find: (ref: string) => Schema, depth = 0): fc.Arbitrary<unknown> {
  if (typeof schema['$ref'] === 'string') return valueFor(find(schema['$ref']), find, depth);
  const spoiled = depth > 5 ? anyText : anyJson;
  return fc.oneof({ weight: 5, arbitrary: fitting(schema, find, depth) }, { weight: 1, arbitrary: spoiled });
}

function fitting(schema: Schema, find: (ref: string) => Schema, depth: number): fc.Arbitrary<unknown> {
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const type = Array.isArray(schema['type']) ? (schema['type'] as string[])[0] : schema['type'];
  if (type === 'object') return objectFor(schema, find, depth);
  if (type === 'array') {
    const items = (schema['items'] ?? {}) as Schema;
    return fc.array(valueFor(items, find, depth + 1), { maxLength: 4 });
  }
  if (type === 'integer' || type === 'number') {
    const { minimum = -10, maximum = 1_000_000 } = schema as { minimum?: number; maximum?: number };
    return fc.oneof(
      fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) }),
      fc.constantFrom<number>(minimum, maximum, 2 ** 31, 2 ** 53, 1e21, -1, 0.5),
    );
  }
  if (type === 'boolean') return fc.boolean();
  if (schema['format'] === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  return fc.oneof(fc.string({ minLength: 1, maxLength: 30 }), anyText);
}

function objectFor(schema: Schema, find: (ref: string) => Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
  const required = new Set((schema['required'] ?? []) as string[]);
  const values = Object.fromEntries(properties.map(([key, each]) => [key, valueFor(each, find, depth + 1)]));
  const fits = fc.record(values, { requiredKeys: [...required] });
  const more = fc
    .tuple(fits, fc.dictionary(anyText, anyJson, { maxKeys: 2 }))
    .map(([one, other]) => ({ ...one, ...other }));
  return fc.oneof({ weight: 6, arbitrary: fits }, { weight: 1, arbitrary: more });
}

/** Spoils one place in plain data: takes it away, replaces it, or puts something beside it. */
export function spoil(data: unknown): fc.Arbitrary<unknown> {
  const places: (readonly (string | number)[])[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    places.push(path);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) visit(inner, [...path, Array.isArray(value) ? Number(key) : key]);
  };
  visit(data, []);
  const change = fc.oneof(
    anyJson.map((value) => ({ value })),
    fc.constant({ gone: true as const }),
  );
  return fc.array(fc.tuple(fc.constantFrom(...places), change), { minLength: 1, maxLength: 3 }).map((changes) => {
    let spoiled: unknown = structuredClone(data);
    for (const [path, what] of changes) spoiled = changedAt(spoiled, path, what);
    return spoiled;
  });
}

function changedAt(
  data: unknown,
  [key, ...rest]: readonly (string | number)[],
  what: { value?: unknown; gone?: true },
): unknown {
  if (key === undefined) return what.gone ? undefined : what.value;
  if (typeof data !== 'object' || data === null) return data;
  const copy = (Array.isArray(data) ? [...data] : { ...data }) as Record<string | number, unknown>;
  if (rest.length === 0 && what.gone && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (rest.length === 0 && what.gone) delete copy[key];
  else copy[key] = changedAt(copy[key], rest, what);
  return copy;
}
