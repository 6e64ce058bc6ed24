import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const contract = new URL('../../', import.meta.url);
const schemaText = await readFile(new URL('schema/manifest.schema.json', contract), 'utf8');

/** Every object in a JSON value, with the path to it. */
function* nodes(value: unknown, path = ''): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>];
  for (const [name, inner] of Object.entries(value)) yield* nodes(inner, `${path}/${name}`);
}

describe('the manifest schema', () => {
  test('compiles in strict mode', () => {
    const ajv = new Ajv2020({ strict: true, discriminator: true });
    formats.default(ajv);
    expect(() => ajv.compile(JSON.parse(schemaText))).not.toThrow();
  });

  test('describes every property', () => {
    const undescribed = [...nodes(JSON.parse(schemaText))].filter(
      ([path, node]) =>
        /\/properties\/[^/]+$/.test(path) && node['description'] === undefined && node['$ref'] === undefined,
    );
    expect(undescribed.map(([path]) => path)).toEqual([]);
  });

  test('refuses unknown keys in every object, except x-', () => {
    const open = [...nodes(JSON.parse(schemaText))].filter(
      ([path, node]) =>
        node['type'] === 'object' &&
        node['properties'] !== undefined &&
        (node['additionalProperties'] !== false || !('^x-' in Object(node['patternProperties']))) &&
        !/\/properties$/.test(path),
    );
    expect(open.map(([path]) => path)).toEqual([]);
  });
});
