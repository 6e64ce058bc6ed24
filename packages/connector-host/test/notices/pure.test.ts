import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { isAddress } from '../../src/address.js';
import { type Message, mailOf, payloadOf } from '../../src/notices/message.js';
import { afterQuiet } from '../../src/notices/quiet.js';
import { newSecret, signatures, urlFault } from '../../src/notices/webhook.js';
import { words } from '../../src/notices/words.js';
import { noticeKinds, noticesOf } from '../../src/outbox.js';

const at = (text: string) => Date.parse(text);
const night = { from: '22:00', until: '07:00' };

describe('quiet hours', () => {
  test.each([
    ['are waited for to their end, past midnight', '2026-12-01T23:30:00Z', 'UTC', '2026-12-02T07:00:00Z'],
    ['end at their end', '2026-12-01T07:00:00Z', 'UTC', '2026-12-01T07:00:00Z'],
    ['are those of the zone', '2026-12-01T21:10:20Z', 'Europe/Berlin', '2026-12-02T06:00:00Z'],
    ['leave the rest of the day alone', '2026-12-01T12:00:01Z', 'Europe/Berlin', '2026-12-01T12:00:01Z'],
    [
      'are an hour longer in the night in which clocks go back',
      '2026-10-25T00:30:00Z',
      'Europe/Berlin',
      '2026-10-25T06:00:00Z',
    ],
  ])('%s', (_rule, now, zone, then) => {
    expect(new Date(afterQuiet(at(now), night, zone)).toISOString()).toBe(new Date(then).toISOString());
  });

  test('within one day, and none', () => {
    const noon = { from: '12:00', until: '13:00' };
    expect(afterQuiet(at('2026-12-01T12:15:00Z'), noon, 'UTC')).toBe(at('2026-12-01T13:00:00Z'));
    expect(afterQuiet(at('2026-12-01T12:15:00Z'), null, 'UTC')).toBe(at('2026-12-01T12:15:00Z'));
  });
});

test.each(['a@example.com', "o'neil+x@mail.example.co.uk"])('%s is an address', (text) => {
  expect(isAddress(text)).toBe(true);
});
test.each([
  '',
  'a',
  'a@b\r\nBcc: x@y',
  'a@b, c@d',
  'A <a@example.com>',
  'a b@example.com',
  `${'a'.repeat(65)}@example.com`,
  'a@',
])('%j is none', (text) => {
  expect(isAddress(text)).toBe(false);
});

describe('a signature', () => {
  // https://github.com/standard-webhooks/standard-webhooks: the vector that its libraries are tested with.
  test('is that of the published vector', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(signatures([secret], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  test("is taken by the scheme's own library, by each of two secrets and no third", () => {
    const [one, two, three] = [newSecret(), newSecret(), newSecret()];
    const seconds = Math.floor(Date.now() / 1000);
    const headers = {
      'webhook-id': 'm-1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatures([one, two], 'm-1', seconds, '{"a":1}'),
    };
    for (const secret of [one, two]) expect(new Webhook(secret).verify('{"a":1}', headers)).toEqual({ a: 1 });
    expect(() => new Webhook(three).verify('{"a":1}', headers)).toThrow();
    expect(() => new Webhook(one).verify('{"a":2}', headers)).toThrow();
  });
});

test.each([
  'http://hooks.example/x',
  'ftp://hooks.example/x',
  'https://user:password@hooks.example/x',
  'https://127.0.0.1/x',
  'https://2130706433/x',
  'https://[::1]/x',
  'https://[::ffff:10.0.0.1]/x',
  'https://localhost/x',
  'https://169.254.169.254/latest/meta-data',
  `https://hooks.example/${'x'.repeat(2000)}`,
  'hooks',
])('%s is no address of a webhook', (url) => {
  expect(urlFault(url, [])).toMatchObject({ message: expect.any(String), remedy: expect.any(String) });
});
test('a public https address is one, and what the operator allows', () => {
  expect(urlFault('https://hooks.example:8443/x?y=1', [])).toBeUndefined();
  expect(urlFault('http://10.0.0.1:80/x', ['http://10.0.0.1'])).toBeUndefined();
});

const canaries = ['grace.hopper@example.com', 'person-4711', 'tok_secret_0815'];
const [CANARY_EMAIL = '', CANARY_ID = '', CANARY_TOKEN = ''] = canaries;

test('what connectors and vendors say is not passed on: a notice has codes, counts and our own words', () => {
  const time = new Date('2026-12-01T08:00:00Z');
  const message = `Refused for ${canaries.join(' ')}`;
  const data = {
    message,
    requestId: CANARY_ID,
    code: 'QUOTA_EXHAUSTED',
    until: time.toISOString(),
    unreached: 1,
    systems: 'A',
    accepted: 1,
    rejected: 2,
    doubtful: 3,
    token: CANARY_TOKEN,
    email: CANARY_EMAIL,
  };
  const kinds = [
    'connection.reconnect',
    'connection.held',
    'operation.undecided',
    'detection.complete',
    'request.import_ended',
  ];
  const made = noticesOf(kinds.map((kind) => ({ at: time, kind, connection: 'c-1', operation: 7, data })));
  expect(made.map(({ kind }) => kind)).toEqual([
    'connection.reconnect',
    'quota.used_up',
    'submission.undecided',
    'system.not_reached',
    'import.ended',
  ]);
  for (const hidden of canaries) expect(JSON.stringify(made)).not.toContain(hidden);
  expect(noticesOf([{ at: time, kind: 'connection.held', data: { code: 'RATE_LIMITED' } }])).toEqual([]);
  expect(noticesOf([{ at: time, kind: 'detection.complete', data: { found: 3 } }])).toEqual([]);
});

describe.each([...noticeKinds, 'test' as const])('a message about %s', (kind) => {
  const facts = {
    code: 'UNAUTHENTICATED',
    late: 1,
    dueSoon: 2,
    until: '2026-12-31T23:30:00.000Z',
    operation: 7,
    unreached: 1,
    systems: 'A <b>',
    accepted: 1,
    rejected: 2,
    doubtful: 3,
    freeMegabytes: 900,
    work: 5,
    what: 'erase-elsewhere',
    system: 'Warehouse',
    dueAt: '2026-12-31T23:30:00.000Z',
    to: 'https://hooks.example',
    why: 'silent',
    notice: 'n-1',
    unknown: CANARY_ID,
  };
  const message: Message = {
    kind,
    at: '2026-12-01T08:00:00.000Z',
    facts,
    count: 1,
    connection: { id: 'c-1', name: 'Acme\r\nBcc: <x@y>' },
  };

  test('reads whole in mail, without a line break in its subject and without markup of others', () => {
    const { subject, text, html } = mailOf(message, 'Europe/Berlin', 'https://host.example/x');
    for (const shown of [subject, text, html]) expect(shown).not.toMatch(/undefined|NaN|Invalid|\[object/);
    expect(subject).not.toMatch(/[\r\n]/);
    expect(subject.length).toBeGreaterThan(8);
    expect(text).not.toMatch(/\r|\nBcc/);
    expect(html).not.toMatch(/<b>|<x@y>/);
    expect(text).toContain(words[kind].path === undefined ? 'names nobody' : 'https://host.example/x/');
    if (kind === 'quota.used_up') expect(text).toContain('on 1 January 2027 at 00:30 CET');
    for (const hidden of canaries) expect(subject + text + html).not.toContain(hidden);
  });

  test('sends a webhook the facts of its kind and no others', () => {
    const payload = payloadOf(message, 'UTC', undefined);
    const { type, timestamp, data } = JSON.parse(payload);
    expect([type, timestamp]).toEqual([kind, message.at]);
    expect(Object.keys(data).sort()).toEqual(
      [...words[kind].facts, 'connection', 'connectionName', 'count', 'text'].sort(),
    );
    for (const hidden of canaries) expect(payload).not.toContain(hidden);
  });

  test('tells of several at once', () => {
    const { subject, text } = mailOf({ ...message, count: 3 }, 'UTC', undefined);
    expect(subject + text).not.toMatch(/undefined|NaN/);
    if (/^(submission|work|import)/.test(kind)) expect(subject + text).toMatch(/\b[23]\b/);
    expect(text).not.toContain('https://host.example');
  });
});
