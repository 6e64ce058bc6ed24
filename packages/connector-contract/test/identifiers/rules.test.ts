import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { identifierJudge, identifierRules, LONGEST_IDENTIFIER, parseManifest } from '../../src/index.js';
import { sampleManifest } from '../manifest/sample.js';

const judge = identifierJudge();
const told = (kind: string, value: string) => {
  const rule = judge(kind, value);
  return rule && `${rule.verdict} ${rule.code}`;
};

/** Values that each rule holds back, by its code: at least one for each kind that it is about. */
const held: readonly (readonly [string, string, string])[] = [
  ['user_id', '', 'refused EMPTY'],
  ['email', ' \u00a0\u200b', 'refused EMPTY'],
  ['user_id', 'u1\r', 'refused CONTROL_CHARACTER'],
  ['email', 'a@example.org\u0085', 'refused CONTROL_CHARACTER'],
  ['user_id', 'u\u200d1', 'refused INVISIBLE_CHARACTER'],
  ['user_id', 'u\u31641', 'refused INVISIBLE_CHARACTER'],
  ['email', '\u2066a@example.org\u2069', 'refused INVISIBLE_CHARACTER'],
  ['user_id', 'caf\ufffd', 'refused LOST_CHARACTER'],
  ['user_id', 'a\ud800', 'refused LOST_CHARACTER'],
  ['user_id', '\u00a0u1', 'refused WHITE_SPACE_AROUND'],
  ['email', 'ann', 'refused NOT_ONE_ADDRESS'],
  ['email', 'a@example.org,b@example.org', 'refused NOT_ONE_ADDRESS'],
  ['email', 'a@b', 'doubtful UNUSUAL_ADDRESS'],
  ['email', '"ann example"@example.org', 'doubtful UNUSUAL_ADDRESS'],
  ['email', 'unknown@example.org', 'doubtful PLACEHOLDER'],
  ['user_id', 'Null', 'doubtful PLACEHOLDER'],
  ['customer_number', '(unset)', 'doubtful PLACEHOLDER'],
  ['user_id', 'n/d', 'doubtful PLACEHOLDER'],
  ['user_id', '#BEZUG!', 'doubtful SPREADSHEET_ERROR'],
  ['user_id', '=A1', 'doubtful FORMULA'],
  ['email', "=cmd|'a@example.org", 'doubtful FORMULA'],
  ['user_id', '…', 'doubtful NO_LETTER_OR_DIGIT'],
  ['user_id', '0.0', 'doubtful ZERO'],
  ['user_id', '−5', 'doubtful NEGATIVE_NUMBER'],
  ['user_id', '1.2e-7', 'doubtful EXPONENT'],
  ['user_id', '1 234 567', 'doubtful DECIMAL'],
  ['user_id', '123456789012345000', 'doubtful ROUNDED'],
  ['user_id', 'aaaa', 'doubtful SAME_CHARACTER'],
  ['user_id', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'doubtful SAME_CHARACTER'],
  ['user_id', '2024-01-31T00:00:00Z', 'doubtful DATE'],
  ['user_id', '3. Okt', 'doubtful DATE'],
  ['user_id', '‘u1’', 'doubtful QUOTED'],
  ['email', "'a@example.org", 'doubtful QUOTED'],
  ['user_id', '{"id": 7}', 'doubtful BRACKETED'],
  ['user_id', '<id of the customer>', 'doubtful BRACKETED'],
  ['user_id', 'a@example.org; b@example.org', 'doubtful DRESSED_ADDRESS'],
  ['user_id', 'u-77;u-78', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'u-77; u-78 ;u-79', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'jdoe;asmith', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'Ann Example; Bob Example', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'u-77,u-78', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'cus_NffrFeUfNV2Hib, cus_9s6XKzkNRiz8i3', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'jdoe,asmith', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'auth0|5f7c8ec7,auth0|5f7c8ec8', 'doubtful SEVERAL_VALUES'],
  ['user_id', '77,78', 'doubtful SEVERAL_VALUES'],
  ['customer_number', '77|78', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'u-77 | u-78', 'doubtful SEVERAL_VALUES'],
  ['user_id', '550e8400-e29b-41d4-a716-446655440000|6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'doubtful SEVERAL_VALUES'],
  ['phone', '+4912345678;+4912345679', 'doubtful SEVERAL_VALUES'],
  ['user_id', 'u-77;', 'doubtful SEVERAL_VALUES'],
  ['user_id', ',u-77', 'doubtful SEVERAL_VALUES'],
  ['email', 'a@example.org|b@example.org', 'refused NOT_ONE_ADDRESS'],
  ['email', 'a@example.org b@example.org', 'refused NOT_ONE_ADDRESS'],
  ['user_id', 'a@example.org|b@example.org', 'doubtful DRESSED_ADDRESS'],
  ['user_id', 'a@example.org', 'doubtful ADDRESS_AS_ID'],
  ['user_id', '+1 (555) 010-0199', 'doubtful PHONE_NUMBER'],
  ['user_id', 'a%2Fb', 'doubtful PERCENT_ENCODED'],
  ['email', 'a%2Bb@example.org', 'doubtful PERCENT_ENCODED'],
  ['user_id', 'Tom &amp; Ann', 'doubtful HTML_ENCODED'],
  ['user_id', 'MÃ¼ller', 'doubtful MISREAD_CHARACTERS'],
  ['user_id', 'u\u00a01', 'doubtful UNUSUAL_CHARACTERS'],
  ['user_id', 'Mu\u0308ller', 'doubtful UNUSUAL_CHARACTERS'],
  ['user_id', 'D41D8CD98F00B204E9800998ECF8427E', 'doubtful DIGEST_OF_NOTHING'],
];

describe('the rules of the contract', () => {
  test.each(held)('%s %j is %s', (kind, value, expected) => {
    expect(told(kind, value)).toBe(expected);
  });

  test('each holds something back above', () => {
    const codes = new Set(identifierRules.map(({ verdict, code }) => `${verdict} ${code}`));
    expect([...codes].filter((code) => !held.some(([, , expected]) => expected === code))).toEqual([]);
  });

  test('each stands in the documentation, with its words', () => {
    const text = readFileSync(new URL('../../../../docs/identifiers.md', import.meta.url), 'utf8').replaceAll(
      '\\\\',
      '\\',
    );
    const row = (code: string) => text.split('\n').find((line) => line.startsWith(`| \`${code}\``));
    for (const { code, message } of identifierRules.filter(
      (rule, at, all) => all.findIndex(({ code }) => code === rule.code) === at,
    )) {
      expect(row(code)).toContain(message);
    }
  });

  test.each([
    ...['1', '7', '42', 'u-1', '00123', 'abc', 'Ann Example', 'O’Brien', 'jan', 'cus_NffrFeUfNV2Hib', 'auth0|5f7c8ec7'],
    ...[
      '550e8400-e29b-41d4-a716-446655440000',
      '123e4567',
      '9e12',
      '1234567890123456',
      '@ann:example.org',
      '+4912345678',
    ],
    ...[
      'https://openid.example.org/u/1',
      '2023.0001',
      '10.0.0.1',
      '日本太郎',
      'Мария',
      'müller',
      'AbC+/==',
      'a:b:c',
      '1.2.3',
    ],
    ...['Example, Ann', 'Example,Ann', '山田,太郎', 'Example, Ann 2', '12 Main Street, 10115 Berlin', 'Acme, Inc.'],
    ...['uid=u77,ou=people5,dc=x1', 'google-oauth2|105123456789012345678', 'samlp|acme2|u7', 'auth0|user1', 'a|b'],
  ])('a user id %j is good', (value) => {
    expect(told('user_id', value)).toBeUndefined();
  });

  test.each([
    ...[
      'ada@example.com',
      "o'brien@example.org",
      'a+b@example.co.uk',
      'a..b@example.jp',
      '用户@例子.公司',
      'müller@exämple.de',
    ],
    ...[
      'info@example.museum',
      'x@xn--80ak6aa92e.xn--p1ai',
      'test@acme.com',
      'guest@hotel.com',
      'a_b@my_host.example.org',
    ],
  ])('an e-mail address %j is good', (value) => {
    expect(told('email', value)).toBeUndefined();
  });

  test('end in time on the longest values, however they are made', () => {
    const pieces = [
      'a',
      '1',
      '0',
      '@',
      '.',
      ',',
      '-',
      '%',
      '&',
      '(',
      '"',
      "'",
      ' ',
      'e+',
      '1.',
      '1,000',
      'a@',
      '\u00c3',
      'ü',
      ';',
      'a1,',
      'a1|',
      '\\',
      '#',
      '/',
    ];
    for (const a of pieces) {
      for (const b of pieces) {
        const body = a.repeat(LONGEST_IDENTIFIER / 2 / a.length) + b.repeat(LONGEST_IDENTIFIER / 2 / b.length);
        for (const value of [body, `${body}!`, `=${body}`, `${body}@example.org`]) {
          for (const kind of ['email', 'user_id']) {
            const began = process.cpuUsage();
            judge(kind, value);
            // A rule that backtracks takes seconds.
            expect(process.cpuUsage(began).user).toBeLessThan(200_000);
          }
        }
      }
    }
  });
});

describe("a connector's own rules", () => {
  const rule = {
    code: 'TEMPORARY',
    verdict: 'refused',
    pattern: '^tmp-',
    message: 'is temporary',
    remedy: 'Wait.',
  } as const;
  const withKind = (more: object) => {
    const manifest = sampleManifest();
    const [first, ...others] = manifest.identities.kinds;
    return parseManifest({
      ...manifest,
      identities: { ...manifest.identities, kinds: [{ ...first, ...more }, ...others] },
    });
  };

  test('hold beside those of the contract, and say what is expected', () => {
    const own = identifierJudge(new Map([['user_id', { rules: [rule], expects: ['ADDRESS_AS_ID'] }]]));
    expect(own('user_id', 'tmp-1')).toEqual({
      code: 'TEMPORARY',
      verdict: 'refused',
      message: 'is temporary',
      remedy: 'Wait.',
    });
    expect(own('user_id', 'a@example.org')).toBeUndefined();
    expect(own('user_id', 'NULL')?.code).toBe('PLACEHOLDER');
    expect(own('other', 'tmp-1')).toBeUndefined();
  });

  test('are taken by a manifest where they can be kept', () => {
    expect(withKind({ rules: [rule], expects: ['ZERO'] }).ok).toBe(true);
    const faulty: [object, string][] = [
      [{ rules: [{ ...rule, pattern: '(a+)+$' }] }, 'rules[0].pattern'],
      [{ rules: [{ ...rule, code: 'ZERO' }] }, 'rules[0].code'],
      [{ rules: [rule, rule] }, 'rules[1].code'],
      [{ expects: ['EMPTY'] }, 'expects[0]'],
      [{ expects: ['NO_SUCH_RULE'] }, 'expects[0]'],
    ];
    for (const [more, path] of faulty) {
      const parsed = withKind(more);
      expect(parsed.ok ? [] : parsed.issues.map((issue) => issue.path)).toEqual([`identities.kinds[0].${path}`]);
    }
  });
});
