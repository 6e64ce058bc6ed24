import { describe, expect, test } from '@jest/globals';
import { redactAll, redactor, UNREAD } from '../../src/plugins/redact.js';

const secret = 'tök en/with+signs';

describe('redactor', () => {
  const redact = redactor([secret], ['user-4711']);
  test.each([
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ['as a basic user', Buffer.from(`${secret}:`).toString('base64').replace(/=+$/, '')],
    ['as a basic password', Buffer.from(`:${secret}`).toString('base64').replace(/=+$/, '')],
  ])('takes a secret out %s', (_how, form) => {
    expect(redact(`before ${form} after`)).toMatch(/^before \[redacted\]=* after$/);
  });

  test('takes identifiers and e-mail addresses out', () => {
    expect(redact('user-4711 is (ada+x@sub.example.org)')).toBe('[redacted] is ([redacted])');
  });

  test('leaves other text as it is', () => {
    expect(redact('3 of 4 done @ noon')).toBe('3 of 4 done @ noon');
  });

  test('does not blank words that happen to be short secrets', () => {
    expect(redactor(['the'])('the end')).toBe('the end');
  });

  test('cuts endless text off', () => {
    expect(redact('x'.repeat(9000))).toHaveLength(4003);
  });

  test.each([
    ['of one letter', 'a'],
    ['that may begin an address everywhere', 'a.'],
    ['of addresses', 'a@b.c '],
    ['of signs', '@'],
    ['of dots', '.'],
  ])('reads a text of eight million characters %s no further than it keeps it', (_what, part) => {
    expect(redact(part.repeat(8_000_000 / part.length)).length).toBeLessThanOrEqual(14_000);
  });

  test.each([
    ['a secret', secret],
    ['an identifier', 'user-4711'],
    ['an address', 'ada.of.lovelace@sub.example.org'],
  ])('leaves nothing of %s at the place where it cuts', (_what, value) => {
    for (let before = 4000 - value.length - 2; before <= 4001; before += 1) {
      const left = redact(`${'x '.repeat(before / 2)}${before % 2 === 0 ? '' : ' '}${value} and so on`);
      expect(left.replace(/(?:x | )+/, '')).toMatch(
        /^(?:x?(?:\.\.\.)?|\[redacted\] ?(?:and)? ?(?:so)? ?o?(?:\.\.\.)?)$/,
      );
    }
  });

  test('leaves texts out once a call has had its share of work', () => {
    const many = redactor(
      [secret],
      Array.from({ length: 20_000 }, (_, index) => `person-${index}`),
    );
    const said = Array.from({ length: 20 }, () => many('x '.repeat(2_000)));
    expect(said[0]).toBe('x '.repeat(2_000));
    expect(said.at(-1)).toBe(UNREAD);
  });

  test('goes through all texts of plain data', () => {
    expect(redactAll({ a: ['user-4711', 1, null], b: { c: true } }, redact)).toEqual({
      a: ['[redacted]', 1, null],
      b: { c: true },
    });
  });
});
