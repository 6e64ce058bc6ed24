import { describe, expect, test } from '@jest/globals';
import { readingsOf } from '../../src/plugins/readings.js';
import { namesSomebody, redactAll, redactor, UNREAD } from '../../src/plugins/redact.js';

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

  const person = 'ada.lovelace+7@Example.org';
  const b64 = (text: string) => Buffer.from(text).toString('base64');
  const hex = (text: string) => Buffer.from(text).toString('hex');
  const each = (text: string, as: (code: string) => string) =>
    [...text].map((one) => as(one.charCodeAt(0).toString(16).padStart(2, '0'))).join('');
  test.each<[string, (text: string) => string]>([
    ['in capitals', (text) => text.toUpperCase()],
    ['in small letters', (text) => text.toLowerCase()],
    ['with percent signs', (text) => each(text, (code) => `%${code}`)],
    ['with percent signs where they are needed', encodeURIComponent],
    ['with percent signs twice', (text) => encodeURIComponent(encodeURIComponent(text))],
    ['in base64', b64],
    ['in base64 of a URL', (text) => Buffer.from(text).toString('base64url')],
    ['in base64 behind other letters', (text) => `xyz${b64(`id=${text};`)}`],
    ['in base64 twice', (text) => b64(b64(text))],
    ['in hexadecimal', hex],
    ['in hexadecimal behind another digit', (text) => `f${hex(text)}`],
    ['in quoted-printable', (text) => each(text, (code) => `=${code.toUpperCase()}`)],
    ['in quoted-printable over two lines', (text) => `${text.slice(0, 5)}=\r\n${text.slice(5)}`],
    ['with escapes of JSON', (text) => each(text, (code) => `\\u00${code}`)],
    ['with escapes of code', (text) => each(text, (code) => `\\x${code}`)],
    ['with entities', (text) => each(text, (code) => `&#x${code};`)],
    ['with entities of decimal numbers', (text) => [...text].map((one) => `&#${one.charCodeAt(0)};`).join('')],
    ['with named entities', (text) => text.replace('@', '&commat;').replaceAll('.', '&period;')],
    ['with a mark that is not seen', (text) => `${text.slice(0, 4)}\u00ad${text.slice(4)}`],
    ['in letters of full width', (text) => text.replace('@', '\uff20').replace('a', '\uff41')],
    ['in base64 of a text with percent signs', (text) => b64(encodeURIComponent(text))],
  ])('takes out somebody who stands in it %s, be it a user id or an address', (_how, encode) => {
    const found = redactor([], [person, 'user-of-4711']);
    for (const one of [person, 'user-of-4711']) {
      const said = found(`No profile for ${encode(one)} in this space`);
      expect(said).toContain('[redacted]');
      const left = [said, ...readingsOf(said)].join('\n').toLowerCase();
      expect(left).not.toMatch(/lovelace|user-of-4711/);
    }
    expect(namesSomebody(encode(person), [person])).toBe(true);
  });

  test.each([
    'reg_2hGfQ9aLwK1Vd0xYbTzR7uNcE3m',
    '9f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0',
    'The deletion did not succeed here (PARTIAL_SUCCESS): HTTP 403, 20% of 1,200 rows left &c.',
    'https://app.example.com/acme/privacy?status=FAILED&page=2',
  ])('leaves %j as it is', (text) => {
    expect(redactor(['a-secret-token-of-some-length'], [person, 'user-of-4711'])(text)).toBe(text);
    expect(namesSomebody(text, [person, 'user-of-4711'])).toBe(false);
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
    const said = Array.from({ length: 20 }, (_, at) => many(`${'x '.repeat(1_990)}${at}`));
    expect(said[0]).toBe(`${'x '.repeat(1_990)}0`);
    expect(said.at(-1)).toBe(UNREAD);
  });

  test('goes through all texts of plain data', () => {
    expect(redactAll({ a: ['user-4711', 1, null], b: { c: true } }, redact)).toEqual({
      a: ['[redacted]', 1, null],
      b: { c: true },
    });
  });
});
