import { describe, expect, test } from '@jest/globals';
import { canonicalText, type RequestBody, readRequestBody, requestLimits } from '../../src/requests/request-body.js';

const good = { requestId: 'r1', right: 'deletion', identifiers: [{ kind: 'email', value: 'ada@example.com' }] };
const fields = (input: unknown) => {
  const read = readRequestBody(input);
  return 'issues' in read ? read.issues.map(({ field }) => field) : [];
};
const body = (input: unknown): RequestBody => {
  const read = readRequestBody(input);
  if ('body' in read) return read.body;
  throw new Error(JSON.stringify(read.issues));
};
const withValue = (value: unknown) => ({ ...good, identifiers: [{ kind: 'email', value }] });

describe('a request body', () => {
  test.each([
    ['one character', 'x'],
    ['1,024 characters', 'x'.repeat(requestLimits.value)],
    ['emoji', '👩‍🚒'],
    ['right to left', 'שלום'],
    ['a plus tag', 'a+b@example.com'],
    ['leading zeros', '000123'],
    ['a newline', 'a\nb'],
  ])('takes a value with %s, byte for byte', (_name, value) => {
    expect(body(withValue(value)).identifiers).toEqual([{ kind: 'email', value }]);
  });

  test.each([
    ['nothing', undefined],
    ['a number', 5],
    ['what a wrong encoding leaves behind', 'caf\ufffd'],
    ['1,025 characters', 'x'.repeat(requestLimits.value + 1)],
  ])('refuses a value that is %s, and names it', (_name, value) => {
    expect(fields(withValue(value))).toEqual(['identifiers[0].value']);
  });

  test.each([
    [null, ['']],
    [[], ['']],
    [{}, ['requestId', 'right', 'identifiers']],
    ...['a\nb', 'a\u001b[2J', 'a\u009b', 'a\u202eb', 'a\u200bb', 'a\u2028b'].map(
      (requestId) => [{ ...good, requestId }, ['requestId']] as const,
    ),
    [{ ...good, requestId: 'x'.repeat(513) }, ['requestId']],
    [{ ...good, requestId: '.' }, ['requestId']],
    [{ ...good, requestId: '..' }, ['requestId']],
    ...[' r1', 'r1 ', 'r1\u00a0', '\u3000r1'].map((requestId) => [{ ...good, requestId }, ['requestId']] as const),
    [{ ...good, right: 'erasure' }, ['right']],
    [{ ...good, identifiers: [] }, ['identifiers']],
    [{ ...good, identifiers: [null] }, ['identifiers[0].kind', 'identifiers[0].value']],
    [{ ...good, identifiers: Array(101).fill(good.identifiers[0]) }, ['identifiers']],
    [{ ...good, connections: [] }, ['connections']],
    [{ ...good, connections: ['a', 5] }, ['connections']],
    [{ ...good, dueAt: 'tomorrow' }, ['dueAt']],
    [{ ...good, dueAt: '0001-01-01T00:00:00Z' }, ['dueAt']],
    [{ ...good, dueAt: '2026-13-01T00:00:00Z' }, ['dueAt']],
    [{ ...good, receivedAt: '2026-02-30' }, ['receivedAt']],
    [{ ...good, jurisdiction: 'GDPR' }, ['jurisdiction']],
    [{ ...good, jurisdiction: 'other', days: 0 }, ['days']],
    [{ ...good, jurisdiction: 'other', days: '10' }, ['days']],
    [{ ...good, extra: 1 }, ['extra']],
    [JSON.parse(`{"__proto__": {"requestId": "x"}, "right": "deletion"}`), ['__proto__', 'requestId', 'identifiers']],
  ])('%j is refused by naming %j', (input, expected) => {
    expect(fields(input)).toEqual(expected);
  });

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00+02:00',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+25:00',
    '2026-01-01T00:00:00+01:60',
    '2026-01-01T00:00:00',
  ])('is not due at %s, which is no time: it is refused, not moved', (dueAt) => {
    expect(fields({ ...good, dueAt })).toEqual(['dueAt']);
  });

  test.each(['2028-02-29T00:00:00Z', '2026-01-31T23:59:59.999-12:00', '2026-01-01T00:00+14:00'])(
    'is due at %s, to the millisecond',
    (dueAt) => {
      expect(body({ ...good, dueAt }).dueAt).toBe(new Date(dueAt).toISOString());
    },
  );

  test('a fault never repeats a value', () => {
    const secret = `ada\0${'x'.repeat(2000)}`;
    expect(JSON.stringify(readRequestBody({ ...withValue(secret), requestId: secret }))).not.toContain('ada');
  });

  test('repeats of an identifier count once', () => {
    const twice = [...good.identifiers, ...good.identifiers];
    expect(body({ ...good, identifiers: twice })).toEqual(body(good));
  });
});

describe('the canonical text', () => {
  const text = (input: unknown) => canonicalText(body(input));
  const two = [
    { kind: 'email', value: 'a' },
    { kind: 'user_id', value: 'b' },
  ];

  test('is the same whatever the order of fields, identifiers and connections', () => {
    const one = text({ ...good, identifiers: two, connections: ['c1', 'c2'], dueAt: '2026-02-01T00:00:00Z' });
    const other = text({
      dueAt: '2026-02-01T01:00:00+01:00',
      connections: ['c2', 'c1', 'c1'],
      identifiers: two.toReversed(),
      right: 'deletion',
      requestId: 'r1',
    });
    expect(other).toBe(one);
  });

  test('without the newer fields it is what it was before they existed', () => {
    expect(text(good)).toBe('["r1","deletion",[["email","ada@example.com"]],null,null]');
    expect(text({ ...good, dueAt: '2026-02-01T00:00:00Z' })).toBe(
      '["r1","deletion",[["email","ada@example.com"]],null,"2026-02-01T00:00:00.000Z"]',
    );
  });

  test.each([
    [{ right: 'access' }],
    [{ requestId: 'r2' }],
    [{ identifiers: two }],
    [{ identifiers: [{ kind: 'user_id', value: 'ada@example.com' }] }],
    [{ connections: ['c1'] }],
    [{ dueAt: '2026-02-01T00:00:00Z' }],
    [{ dueAt: '2026-02-01' }],
    [{ receivedAt: '2026-01-01' }],
    [{ jurisdiction: 'gdpr' }],
    [{ jurisdiction: 'other', days: 10 }],
  ])('differs with %j', (change) => {
    expect(text({ ...good, ...change })).not.toBe(text(good));
  });
});
