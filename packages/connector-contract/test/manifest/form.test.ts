import { describe, expect, test } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import {
  type ConfigField,
  type ConnectorManifest,
  configSchema,
  formKeywords,
  parseManifest,
  resolveConfig,
} from '../../src/manifest/index.js';
import { inOrder, sampleField, sampleManifest } from './sample.js';

function compiled(manifest: ConnectorManifest, endpointsAllowed: boolean): ValidateFunction {
  const ajv = new Ajv2020({ strict: true, strictRequired: false, allErrors: true });
  formats.default(ajv);
  ajv.addVocabulary([...formKeywords]);
  return ajv.compile(configSchema(manifest, { endpointsAllowed }));
}

describe('the form says what a field is', () => {
  const schema = configSchema(sampleManifest(), { endpointsAllowed: true }) as {
    properties: Record<string, Record<string, unknown>>;
    [keyword: string]: unknown;
  };

  test('a secret is write-only and drawn as a password', () => {
    expect(schema.properties['apiToken']).toMatchObject({
      type: 'string',
      title: 'The apiToken',
      description: 'What to enter.',
      writeOnly: true,
      format: 'password',
    });
  });

  test('each choice has its label and help', () => {
    expect(schema.properties['mode']).toMatchObject({
      default: 'one',
      oneOf: [
        { const: 'one', title: 'One', description: 'The first.' },
        { const: 'two', title: 'Two', description: 'The second.' },
      ],
    });
  });

  test('place, group and folding are hints', () => {
    expect(schema.properties['account']).toMatchObject({ 'x-order': 1, 'x-group': 'main', 'x-advanced': false });
  });

  test('notices and groups come along', () => {
    expect(schema['x-notices']).toEqual([expect.objectContaining({ key: 'hint', body: 'Mind **this**.', order: 3 })]);
    expect(schema['x-groups']).toEqual(sampleManifest().config.groups);
  });

  test('a field that hangs on another stands in a condition, not among the properties', () => {
    expect(schema.properties).not.toHaveProperty('depth');
    expect(schema['allOf']).toHaveLength(2);
  });

  test('a field that the host does not offer is not drawn', () => {
    expect(configSchema(sampleManifest(), { endpointsAllowed: false })['properties']).not.toHaveProperty('baseUrl');
    expect(schema.properties).toHaveProperty('baseUrl');
  });
});

/** A few fields of any kind, some hanging on earlier ones. */
const fieldLists = fc
  .array(
    fc.record({
      kind: fc.constantFrom('secret', 'string', 'choice', 'toggle', 'integer', 'notice' as const),
      required: fc.boolean(),
      preset: fc.boolean(),
      bounded: fc.boolean(),
      address: fc.boolean(),
      patterned: fc.boolean(),
      availability: fc.boolean(),
      on: fc.option(fc.nat(), { nil: undefined }),
      values: fc.constantFrom('first', 'second', 'both'),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((seeds) => {
    const fields: ConfigField[] = [];
    for (const [index, seed] of seeds.entries()) {
      const key = `f${index}`;
      const controllers = fields.filter((field) => field.kind === 'choice' || field.kind === 'toggle');
      const on = seed.on === undefined ? undefined : controllers[seed.on % Math.max(1, controllers.length)];
      const possible = on?.kind === 'toggle' ? [true, false] : ['one', 'two'];
      const values = seed.values === 'both' ? possible : [seed.values === 'first' ? possible[0] : possible[1]];
      const common = {
        key,
        ...(on === undefined ? {} : { visibleWhen: { field: on.key, in: values as (string | boolean)[] } }),
        ...(seed.availability ? { availability: 'host-allows-endpoints' as const } : {}),
      };
      const { required } = seed;
      const limits = seed.bounded ? { minLength: 2, maxLength: 5 } : {};
      const pattern = seed.patterned ? { pattern: '^[a-z]' } : {};
      if (seed.kind === 'secret') fields.push(sampleField('secret', { ...common, required, ...limits, ...pattern }));
      else if (seed.kind === 'string' && seed.address) {
        fields.push(sampleField('string', { ...common, required, format: 'uri' }));
      } else if (seed.kind === 'string') {
        const preset = seed.preset ? { default: 'abc' } : {};
        fields.push(sampleField('string', { ...common, required, ...limits, ...pattern, ...preset }));
      } else if (seed.kind === 'choice') {
        fields.push(sampleField('choice', { ...common, required, ...(seed.preset ? { default: 'two' } : {}) }));
      } else if (seed.kind === 'toggle') {
        fields.push(sampleField('toggle', { ...common, required, ...(seed.preset ? { default: true } : {}) }));
      } else if (seed.kind === 'integer') {
        const range = seed.bounded ? { minimum: -2, maximum: 3 } : {};
        fields.push(sampleField('integer', { ...common, required, ...range, ...(seed.preset ? { default: 0 } : {}) }));
      } else fields.push(sampleField('notice', common));
    }
    return inOrder(fields);
  });

const values = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<unknown>('one', 'two', true, false, 0, 3, 4, 'abc', 'abcdef', 'https://a.example'),
  },
  fc.constantFrom<unknown>(
    '',
    ' a',
    'a\n',
    'A',
    '\u{1F600}\u{1F600}',
    'http://[::1]:80/%20',
    'http://a.example:0',
    null,
    1.5,
    -0,
    [],
    {},
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.integer(),
  fc.jsonValue(),
);

/** What a field may well be given: mostly what it takes, sometimes nothing, sometimes anything. */
function valueFor(field: ConfigField): fc.Arbitrary<unknown> {
  const right: Record<ConfigField['kind'], readonly unknown[]> = {
    secret: ['abc', 'ab'],
    string:
      field.kind === 'string' && field.format === 'uri' ? ['https://a.example', 'http://[::1]:80/%20'] : ['abc', 'ab'],
    choice: ['one', 'two'],
    toggle: [true, false],
    integer: [-2, 0, 3],
    notice: [undefined],
  };
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...right[field.kind]) },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: values },
  );
}

/** Fields, and configurations for them. */
const cases = fieldLists.chain((fields) => {
  const strange = fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: values });
  const raw = fc
    .record(Object.fromEntries([...fields.map((one) => [one.key, valueFor(one)]), ['constructor', strange]]))
    .map((full) => Object.fromEntries(Object.entries(full).filter(([, value]) => value !== undefined)));
  return fc.tuple(fc.constant(fields), fc.array(raw, { minLength: 1, maxLength: 30 }));
});

describe('the form and the resolver agree', () => {
  test('a value passes the schema exactly when resolving it gives no issue', () => {
    const seen = { passed: 0, refused: 0 };
    fc.assert(
      fc.property(cases, fc.boolean(), ([fields, raws], endpointsAllowed) => {
        const manifest = sampleManifest(fields);
        expect(parseManifest(manifest)).toMatchObject({ ok: true });
        const validate = compiled(manifest, endpointsAllowed);
        for (const raw of raws) {
          const { issues } = resolveConfig(manifest, raw, { endpointsAllowed });
          expect({ raw, passes: validate(raw), issues }).toEqual({ raw, passes: issues.length === 0, issues });
          seen[issues.length === 0 ? 'passed' : 'refused'] += 1;
        }
      }),
      { numRuns: 150 },
    );
    // Both verdicts have to be common, or the agreement would prove little.
    expect(seen.passed).toBeGreaterThan(200);
    expect(seen.refused).toBeGreaterThan(200);
  });

  test('what resolving answers resolves to itself', () => {
    fc.assert(
      fc.property(cases, ([fields, raws]) => {
        const manifest = sampleManifest(fields);
        const options = { endpointsAllowed: true };
        for (const raw of raws) {
          const { config } = resolveConfig(manifest, raw, options);
          if (config !== undefined) expect(resolveConfig(manifest, config, options)).toEqual({ config, issues: [] });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('values that are no objects pass neither', () => {
    const validate = compiled(sampleManifest(), true);
    for (const raw of [null, 1, 'x', []]) expect(validate(raw)).toBe(false);
  });
});
