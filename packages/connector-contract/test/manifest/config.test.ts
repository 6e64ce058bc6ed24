import { describe, expect, test } from '@jest/globals';
import { resolveConfig } from '../../src/manifest/index.js';
import { inOrder, sampleField, sampleManifest } from './sample.js';

const closed = { endpointsAllowed: false };
const open = { endpointsAllowed: true };
const good = { apiToken: 'abcd-1234', account: 'acme' };

/** `field CODE` for each issue. */
function codes(raw: unknown, options = closed, manifest = sampleManifest()): string[] {
  return resolveConfig(manifest, raw, options).issues.map((issue) => `${issue.field} ${issue.code}`);
}

describe('a configuration is resolved', () => {
  test('defaults are filled in', () => {
    expect(resolveConfig(sampleManifest(), good, closed)).toEqual({ config: { ...good, mode: 'one' }, issues: [] });
  });

  test('hidden fields are dropped, whatever they hold', () => {
    expect(resolveConfig(sampleManifest(), { ...good, depth: 'junk', folder: null }, closed).config).toEqual({
      ...good,
      mode: 'one',
    });
  });

  test('fields are there while the field they hang on has the value', () => {
    const raw = { ...good, extras: true, depth: 3, mode: 'two', folder: 'in' };
    expect(resolveConfig(sampleManifest(), raw, closed).config).toEqual(raw);
    expect(codes({ ...good, extras: true })).toEqual(['depth REQUIRED']);
    expect(codes({ ...good, mode: 'two' })).toEqual(['folder REQUIRED']);
  });

  test('a field whose field is hidden itself is hidden too', () => {
    const manifest = sampleManifest(
      inOrder([
        sampleField('toggle', { key: 'outer' }),
        sampleField('toggle', { key: 'inner', default: true, visibleWhen: { field: 'outer', in: [true] } }),
        sampleField('string', { key: 'leaf', required: true, visibleWhen: { field: 'inner', in: [true] } }),
      ]),
    );
    expect(codes({}, closed, manifest)).toEqual([]);
    expect(codes({ outer: true }, closed, manifest)).toEqual(['leaf REQUIRED']);
    expect(codes({ outer: true, inner: false }, closed, manifest)).toEqual([]);
  });

  test('a field that the host does not offer is dropped, and kept where it does', () => {
    const raw = { ...good, baseUrl: 'http://127.0.0.1:4700/x' };
    expect(resolveConfig(sampleManifest(), raw, closed).config).not.toHaveProperty('baseUrl');
    expect(resolveConfig(sampleManifest(), raw, open).config).toHaveProperty('baseUrl', raw.baseUrl);
  });

  test('an undefined value is an absent one', () => {
    expect(codes({ ...good, mode: undefined, extras: undefined })).toEqual([]);
  });
});

describe('a configuration is refused, naming the field', () => {
  test.each<[string, unknown, string[]]>([
    ['no object', 'x', [' WRONG_TYPE']],
    ['null', null, [' WRONG_TYPE']],
    ['a list', [], [' WRONG_TYPE']],
    ['missing values', {}, ['apiToken REQUIRED', 'account REQUIRED']],
    ['unknown keys', { ...good, acount: 'x' }, ['acount UNKNOWN_FIELD']],
    ['inherited names', { ...good, toString: 'x' }, ['toString UNKNOWN_FIELD']],
    ['a value for a notice', { ...good, hint: 'x' }, ['hint UNKNOWN_FIELD']],
    ['null as a value', { ...good, account: null }, ['account WRONG_TYPE']],
    ['a number for a text', { ...good, account: 5 }, ['account WRONG_TYPE']],
    ['an empty text', { ...good, account: '' }, ['account EMPTY']],
    ['white space before a secret', { ...good, apiToken: ' abcd' }, ['apiToken WHITESPACE']],
    ['a line break after a secret', { ...good, apiToken: 'abcd\n' }, ['apiToken WHITESPACE']],
    ['a line break within a name', { ...good, account: 'a\r\nb' }, ['account CONTROL_CHARACTER']],
    ['a text that is too short', { ...good, apiToken: 'abc' }, ['apiToken TOO_SHORT']],
    ['a text that is too long', { ...good, account: 'x'.repeat(13) }, ['account TOO_LONG']],
    ['a text of another form', { ...good, apiToken: 'ABCD' }, ['apiToken WRONG_FORM']],
    ['a value that is not offered', { ...good, mode: 'three' }, ['mode NOT_A_CHOICE']],
    ['a text for a toggle', { ...good, extras: 'true' }, ['extras WRONG_TYPE']],
    ['a fraction', { ...good, extras: true, depth: 1.5 }, ['depth WRONG_TYPE']],
    ['a number out of range', { ...good, extras: true, depth: 10 }, ['depth OUT_OF_RANGE']],
  ])('%s', (_name, raw, expected) => {
    const { config, issues } = resolveConfig(sampleManifest(), raw, closed);
    expect(issues.map((issue) => `${issue.field} ${issue.code}`)).toEqual(expected);
    expect(config).toBeUndefined();
    for (const issue of issues) expect(issue.remedy).not.toBe('');
  });

  test.each([
    'ftp://host.example',
    'https://',
    'https://me:pw@host.example',
    'https://host.example/?q=1',
    'https://host.example:99999',
    'https://300.1.1.1',
    'https://host .example',
    'javascript:alert(1)',
  ])('%s is not an address', (baseUrl) => {
    expect(codes({ ...good, baseUrl }, open)).toEqual(['baseUrl NOT_A_URL']);
  });

  test.each(['https://host.example', 'http://127.0.0.1:4700', 'http://localhost:1/a/b', 'https://[::1]:443/v1/'])(
    '%s is an address',
    (baseUrl) => {
      expect(codes({ ...good, baseUrl }, open)).toEqual([]);
    },
  );

  test('lengths count characters as people do, not UTF-16 units', () => {
    expect(codes({ ...good, account: '\u{1F600}'.repeat(12) })).toEqual([]);
    expect(codes({ ...good, account: '\u{1F600}'.repeat(13) })).toEqual(['account TOO_LONG']);
  });

  test('no message repeats a value', () => {
    const canary = 'CANARY-9b1c';
    const raw = { apiToken: canary, account: `${canary}-too-long`, mode: canary, extras: canary };
    expect(JSON.stringify(resolveConfig(sampleManifest(), raw, closed))).not.toContain('CANARY');
  });
});
