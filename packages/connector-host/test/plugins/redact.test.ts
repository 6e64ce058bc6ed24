import { describe, expect, test } from '@jest/globals';
import { redactAll, redactor } from '../../src/plugins/redact.js';

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

  test('goes through all texts of plain data', () => {
    expect(redactAll({ a: ['user-4711', 1, null], b: { c: true } }, redact)).toEqual({
      a: ['[redacted]', 1, null],
      b: { c: true },
    });
  });
});
