import { describe, expect, test } from '@jest/globals';
import { resolveConfig, valueFields } from 'connector-contract';
import fc from 'fast-check';
import { SegmentConfigDto, validateConfig } from '../src/config.js';
import { segmentManifest } from './manifest-file.js';

const manifest = segmentManifest();
const good = { apiToken: 'sgp_token', workspaceName: 'Acme' };
const fieldsOf = (raw: unknown) => validateConfig(raw).issues.map((issue) => issue.field);

describe('a configuration', () => {
  test('needs the token and the workspace name, and nothing else', () => {
    expect(validateConfig(good)).toEqual({ valid: true, issues: [] });
    expect(fieldsOf({})).toEqual(['apiToken', 'workspaceName']);
  });

  test.each<[string, string, unknown, string]>([
    ['a token with "Bearer" before it', 'apiToken', 'Bearer sgp_token', 'WRONG_FORM'],
    ['a token with a line break', 'apiToken', 'sgp_token\n', 'WRONG_FORM'],
    ['a token that was masked', 'apiToken', '••••••••', 'WRONG_FORM'],
    ['an empty token', 'apiToken', '', 'EMPTY'],
    ['a token that is no text', 'apiToken', 42, 'WRONG_TYPE'],
    ['a token that is a deep object', 'apiToken', { toString: () => 'sgp_token' }, 'WRONG_TYPE'],
    ['a workspace name with spaces around', 'workspaceName', ' Acme', 'WRONG_FORM'],
    ['a workspace name of two lines', 'workspaceName', 'Acme\nProduction', 'WRONG_FORM'],
    ['a workspace name that is too long', 'workspaceName', '😀'.repeat(256), 'WRONG_FORM'],
    ['an unknown region', 'region', 'moon', 'NOT_A_CHOICE'],
    ['an unknown regulation type', 'regulationType', 'UNSUPPRESS', 'NOT_A_CHOICE'],
    ['an unknown behavior', 'asyncDeletionBehavior', 'later', 'NOT_A_CHOICE'],
    ['a base URL with a path', 'baseUrl', 'http://127.0.0.1:4700/v1', 'WRONG_FORM'],
    ['a base URL with credentials', 'baseUrl', 'http://user:secret@127.0.0.1', 'WRONG_FORM'],
    ['a base URL of another scheme', 'baseUrl', 'file:///etc/passwd', 'WRONG_FORM'],
    ['a switch that is a text', 'userIdsAreEmails', 'true', 'WRONG_TYPE'],
    ['an empty base URL', 'baseUrl', '', 'EMPTY'],
    ['an unknown key', 'workspace', 'acme', 'UNKNOWN_FIELD'],
    ['a key that every object has', 'constructor', 'acme', 'UNKNOWN_FIELD'],
  ])('is refused for %s, with the field and a remedy', (_, field, value, code) => {
    expect(validateConfig({ ...good, [field]: value })).toEqual({
      valid: false,
      issues: [{ field, code, message: expect.stringMatching(/\w/), remedy: expect.stringMatching(/\w/) }],
    });
  });

  test.each([undefined, null, 'token', 42, [], [good]])('is refused where it is no set of fields: %p', (raw) => {
    expect(validateConfig(raw)).toMatchObject({ valid: false, issues: [{ field: '', code: 'WRONG_TYPE' }] });
  });

  test('that refers to itself is refused, not followed', () => {
    const loop: Record<string, unknown> = { ...good };
    loop['region'] = loop;
    expect(fieldsOf(loop)).toEqual(['region']);
  });

  test.each(['http://127.0.0.1:4700', 'http://localhost:4700/', 'https://sandbox.example.com', 'http://[::1]:80'])(
    'may point to %s',
    (baseUrl) => {
      expect(validateConfig({ ...good, baseUrl }).valid).toBe(true);
    },
  );
});

describe('the class and the manifest say the same', () => {
  test('about the fields and their defaults', () => {
    const defaults = Object.fromEntries(
      valueFields(manifest).flatMap((field) =>
        field.kind !== 'secret' && field.default !== undefined ? [[field.key, field.default]] : [],
      ),
    );
    expect({ ...new SegmentConfigDto() }).toEqual(defaults);
    const named = valueFields(manifest).map((field) => field.key);
    expect(fieldsOf(Object.fromEntries(named.map((key) => [key, ''])))).toEqual(expect.arrayContaining(named));
  });

  const choices = valueFields(manifest).flatMap((field) =>
    field.kind === 'choice' ? field.choices.map((choice) => choice.value) : [],
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.stringMatching(/^[!-~]{1,40}$/),
    fc.constantFrom(
      ...choices,
      '',
      ' ',
      'a\u0085b',
      '\ufeffAcme',
      'Acme\u2028Inc',
      '\ud800',
      'a\u0000b',
      'Ä'.repeat(255),
      'x'.repeat(4097),
    ),
  );
  const address = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc
      .tuple(
        fc.constantFrom('http://', 'https://', 'HTTP://', 'ftp://', ''),
        fc.oneof(
          fc.domain(),
          fc.ipV4(),
          fc.ipV6(),
          fc.constantFrom('localhost', '[::1]', '999.1.1.1', 'a_b.c', '-a', 'a..b', 'u:p@h'),
        ),
        fc.oneof(
          fc.constant(''),
          fc.integer({ min: -1, max: 70_000 }).map((port) => `:${port}`),
        ),
        fc.constantFrom('', '/', '//', '/v1', '?q', '#f', ' '),
      )
      .map((parts) => parts.join('')),
  );
  const value = fc.oneof(
    { weight: 4, arbitrary: text },
    { weight: 3, arbitrary: address },
    { weight: 1, arbitrary: fc.constantFrom(undefined, null, 0, 1, true, Number.NaN, 1n, Symbol('x')) },
    { weight: 1, arbitrary: fc.anything({ maxDepth: 1 }) },
  );
  const fitting = fc.record(
    {
      apiToken: fc.stringMatching(/^[!-~]{1,60}$/),
      workspaceName: fc.stringMatching(/^[A-Za-zé][ A-Za-z0-9é-]{0,40}[A-Z0-9]$/),
      ...Object.fromEntries(
        valueFields(manifest).flatMap((field) =>
          field.kind === 'choice' ? [[field.key, fc.constantFrom(...field.choices.map((choice) => choice.value))]] : [],
        ),
      ),
      userIdsAreEmails: fc.boolean(),
      baseUrl: fc.constantFrom('http://127.0.0.1:4700', 'https://sandbox.example/'),
    },
    { requiredKeys: ['apiToken', 'workspaceName'] },
  );
  const keys = [...valueFields(manifest).map((field) => field.key)];
  const oddKeys = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'region ', 'ApiToken', ''];
  const changes = fc.dictionary(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...keys) },
      { weight: 1, arbitrary: fc.constantFrom(...oddKeys) },
      { weight: 1, arbitrary: fc.string() },
    ),
    value,
    { maxKeys: 3 },
  );

  test('about every configuration that can be thought up', () => {
    fc.assert(
      fc.property(fitting, changes, (fit, change) => {
        const raw = { ...fit, ...change };
        const byManifest = resolveConfig(manifest, raw, { endpointsAllowed: true }).issues.map((issue) => issue.field);
        expect(new Set(fieldsOf(raw))).toEqual(new Set(byManifest));
      }),
      { numRuns: 3_000 },
    );
  });

  test('and the generated configurations are of both sorts', () => {
    const valid = fc
      .sample(fc.tuple(fitting, changes), 400)
      .filter(([fit, change]) => validateConfig({ ...fit, ...change }).valid);
    expect(valid.length).toBeGreaterThan(20);
    expect(valid.length).toBeLessThan(380);
  });
});

test('no report ever holds a value that was entered', () => {
  const canary = 'CANARY';
  const raw = Object.fromEntries(valueFields(manifest).map((field) => [field.key, ` ${canary} \n`]));
  const report = validateConfig(raw);
  expect(report.issues).toHaveLength(9);
  expect(JSON.stringify(report)).not.toContain(canary);
});
