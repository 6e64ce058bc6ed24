import { describe, expect, test } from '@jest/globals';
import type { Operation } from 'connector-contract';
import fc from 'fast-check';
import { nextMonth } from '../../src/connections/quota.js';
import { systemMeant } from '../../src/lifecycle/following/listed-names.js';
import { DAILY_BUDGET, nextPoll } from '../../src/lifecycle/following/next-poll.js';
import { backOff } from '../../src/lifecycle/holds/back-off.js';
import { positionsOf } from '../../src/lifecycle/members.js';
import { urgency } from '../../src/lifecycle/parts.js';
import { choose, isFull } from '../../src/lifecycle/planning/packing.js';
import { completionOf } from '../../src/lifecycle/submission/completion.js';
import { decide, decideFault } from '../../src/lifecycle/submission/decision.js';
import { fault, ScriptedVendor } from './scripted-vendor.js';

const now = Date.UTC(2026, 0, 31, 12);
const minute = 60_000;
const day = 86_400_000;

describe('nextPoll', () => {
  const terms = { acceptedAt: now, now, open: 1, random: 0 };

  test('1,000,000 people in 200 open operations cost at most 2,400 status calls in any day of 60', () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    // Accepted within four minutes, as a million people are; the queue is the next look of each.
    const queue = Array.from({ length: 200 }, (_, i) => ({ acceptedAt: now + i * 1_200, at: 0 }));
    for (const one of queue)
      one.at = nextPoll({ acceptedAt: one.acceptedAt, now: one.acceptedAt, open: 200, random: random() });
    const calls: number[] = [];
    for (;;) {
      const next = queue.reduce((soonest, one) => (one.at < soonest.at ? one : soonest));
      if (next.at > now + 60 * day) break;
      calls.push(next.at);
      next.at = nextPoll({ acceptedAt: next.acceptedAt, now: next.at, open: 200, random: random() });
    }
    let most = 0;
    for (let from = 0, to = 0; to < calls.length; to += 1) {
      while ((calls[to] ?? 0) - (calls[from] ?? 0) >= day) from += 1;
      most = Math.max(most, to - from + 1);
    }
    expect(most).toBeLessThanOrEqual(DAILY_BUDGET);
    expect(most).toBeGreaterThan(DAILY_BUDGET / 2);
    expect(calls.length).toBeGreaterThan(200 * 60);
  });

  test('a single operation is looked at after two minutes, hourly within the week, then more and more seldom', () => {
    const gap = (age: number) => nextPoll({ ...terms, now: now + age }) - now - age;
    expect(
      [0, 10 * minute, 3 * 3_600_000, 8 * day, 20 * day, 40 * day, 70 * day].map((age) => gap(age) / minute),
    ).toEqual([2, 5, 60, 120, 180, 360, 720]);
  });

  test('always lies ahead, never sooner than without jitter, and never a fifth later', () => {
    fc.assert(
      fc.property(
        fc.nat(100 * day),
        fc.integer({ min: 1, max: 5_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (age, open, random) => {
          const plain = nextPoll({ acceptedAt: now - age, now, open, random: 0 }) - now;
          const jittered = nextPoll({ acceptedAt: now - age, now, open, random }) - now;
          return plain > 0 && jittered >= plain && jittered <= plain * 1.2 + 1;
        },
      ),
    );
  });

  test('a fixed interval overrides all of it', () => {
    expect(nextPoll({ ...terms, open: 5_000, pollIntervalMs: 200 })).toBe(now + 200);
  });
});

describe('choose', () => {
  const operation = (ids: readonly string[], identifierCount = ids.length): Operation => ({
    subjects: ids.map((id) => ({ id, identifiers: [] })),
    identifierCount,
    bytes: 0,
  });
  const since = (ages: Record<string, number>) => new Map(Object.entries(ages).map(([id, age]) => [id, now - age]));
  const batch = { maxIdentifiers: 100 };

  test('lets a full operation go and one with room wait for the first of its people', () => {
    const full = operation(['a'], 100);
    const room = operation(['b', 'c']);
    const ages = since({ a: 0, b: 10, c: 40_000 });
    expect(choose([full, room], batch, false, ages, now, 60_000)).toEqual({ go: [full], nextAt: now + 20_000 });
    expect(choose([full, room], batch, false, ages, now, 40_000)).toEqual({ go: [full, room] });
  });

  test('keeps a last one with room back where more people wait, unless it is the only one', () => {
    const full = operation(['a'], 100);
    const room = operation(['b'], 90);
    expect(choose([full, room], batch, true, since({ a: 0, b: 0 }), now, 0)).toEqual({ go: [full] });
    expect(choose([room, full], batch, true, since({ a: 0, b: 0 }), now, 0)).toEqual({ go: [room, full] });
    expect(choose([room], batch, true, since({ b: 0 }), now, 0)).toEqual({ go: [room] });
  });

  test.each([
    [{ maxSubjects: 2 }, true],
    [{ maxSubjects: 3 }, false],
    [{ maxIdentifiers: 2 }, true],
    [{ maxIdentifiers: 3 }, false],
    [{ maxBytes: 10 }, true],
    [{ maxBytes: 20 }, false],
    [{}, false],
  ])('by %j an operation of two people, two identifiers and ten bytes is full: %s', (limits, full) => {
    expect(isFull({ ...operation(['a', 'b']), bytes: 10 }, limits)).toBe(full);
  });
});

describe('decide', () => {
  test.each([
    ['UNAUTHENTICATED', 'reconnect'],
    ['PERMISSION_MISSING', 'reconnect'],
    ['CONFIG_INVALID', 'reconnect'],
    ['QUOTA_EXHAUSTED', 'await-quota'],
    ['RATE_LIMITED', 'rest'],
    ['VENDOR_ERROR', 'rest'],
    ['UNREACHABLE', 'rest'],
    ['INPUT_REFUSED', 'refuse'],
    ['CONNECTOR_BUG', 'refuse'],
    ['ABORTED', 'again'],
    ['NOT_FOUND', 'reconnect'],
    ['NOT_SUPPORTED', 'reconnect'],
    ['CONFLICT', 'refuse'],
  ] as const)('a submission that was certainly not taken because of %s: %s', (code, act) => {
    expect(decide({ accepted: false, certain: 'not-taken', fault: fault(code, '') }, now).act).toBe(act);
  });

  test.each(['network', 'timeout', 'rate-limited'] as const)(
    'what is about the way to the vendor (%s) concludes nobody, however final it looks',
    (kind) => {
      const final = { code: 'GATEWAY_REFUSED', kind, retryable: false, message: '' };
      expect(decide({ accepted: false, certain: 'not-taken', fault: final }, now).act).toBe('rest');
    },
  );

  test('nothing that is unknown is ever sent again without a look', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('TIMEOUT', 'UNAUTHENTICATED', 'QUOTA_EXHAUSTED', 'CONNECTOR_BUG', 'ABORTED'),
        (code) => {
          return decide({ accepted: false, certain: 'unknown', fault: fault(code, '') }, now).act === 'reconcile';
        },
      ),
    );
  });

  test('a quota waits until the vendor says, else as long as it asks, else for the next month', () => {
    const used = fault('QUOTA_EXHAUSTED', '');
    const until = (resetsAt?: string, more = used) => {
      const decision = decideFault(more, now, resetsAt);
      return decision.act === 'await-quota' ? decision.until.getTime() : 0;
    };
    expect(until('2026-02-05T00:00:00Z')).toBe(Date.UTC(2026, 1, 5));
    expect(until('2020-01-01T00:00:00Z')).toBe(Date.UTC(2026, 1, 1));
    expect(until('nonsense', { ...used, retryAfterMs: 5_000 })).toBe(now + 5_000);
    expect(nextMonth(Date.UTC(2026, 11, 31, 23))).toEqual(new Date(Date.UTC(2027, 0, 1)));
  });
});

describe('backOff', () => {
  test('doubles up to 15 minutes, half of it random, never less than the vendor asks', () => {
    for (let failures = 1; failures < 40; failures += 1) {
      const full = Math.min(1_000 * 2 ** (failures - 1), 900_000);
      const found = backOff(failures);
      expect(found).toBeGreaterThanOrEqual(Math.floor(full / 2));
      expect(found).toBeLessThanOrEqual(full);
    }
    expect(backOff(1, 70_000)).toBe(70_000);
  });
});

describe('completionOf', () => {
  const { manifest } = new ScriptedVendor();

  test('follows the configuration, then the default of the manifest', () => {
    expect(completionOf(manifest, { behavior: 'complete-on-submit' })).toBe('complete-on-submit');
    expect(completionOf(manifest, {})).toBe('wait-for-completion');
    expect(completionOf(manifest, { behavior: 'nonsense' })).toBe('wait-for-completion');
  });

  test('there is nothing to wait for where the vendor is done at once or cannot be asked', () => {
    expect(completionOf(new ScriptedVendor({ type: 'synchronous' }).manifest, {})).toBe('complete-on-submit');
    expect(completionOf(new ScriptedVendor({ statusPollable: false }).manifest, {})).toBe('complete-on-submit');
  });

  test('nobody is complete on the word of a connector that says nothing of deletions any more', () => {
    const { deletion: _deletion, ...without } = manifest;
    expect(completionOf(without, { behavior: 'complete-on-submit' })).toBe('wait-for-completion');
  });
});

describe('positionsOf', () => {
  const a = { kind: 'user_id', value: 'a' };
  const b = { kind: 'email', value: 'b' };

  test('names the identifiers that are sent, and says nothing where all are', () => {
    expect(positionsOf([a, b], [a, b])).toBeNull();
    expect(positionsOf([a, b], [b])).toEqual([1]);
    expect(positionsOf([a, b], [b, a])).toEqual([1, 0]);
  });
});

describe('urgency', () => {
  test('is higher the sooner somebody is owed', () => {
    expect(urgency(new Date(now))).toBeGreaterThan(urgency(new Date(now + day)));
    expect(urgency(new Date(now + day))).toBeGreaterThan(urgency(null));
  });
});

describe('the system that a vendor means', () => {
  const one = (key: string, name: string, maker: string, vendorId: string | null = null) => ({
    key,
    name,
    vendorId,
    makers: [maker, maker.toLowerCase()],
  });
  const listed = [
    one('web', 'Amplitude Web', 'Amplitude', 'd1'),
    one('ios', 'Amplitude iOS', 'Amplitude', 'd2'),
    one('mail', 'Mail', 'Klaviyo', 'd3'),
    one('old', 'Braze', 'Braze'),
    one('new', 'Braze EU', 'Braze'),
    one('a', 'Vero A', 'Vero'),
    one('b', 'Vero B', 'Vero'),
  ];

  test.each([
    ['by its id, whatever the name', 'd2', 'Amplitude', 'ios'],
    ['by the name of its maker, where it is the only one', undefined, 'KLAVIYO', 'mail'],
    ['by its own name before that of its maker', undefined, 'braze', 'old'],
    ['not by a name that several have', undefined, 'Vero', undefined],
    ['not by the name of one that has another id', 'd9', 'Klaviyo', undefined],
    ['by its name where the id of none is known', 'd9', 'Braze EU', 'new'],
    ['not where it is not there', undefined, 'Nobody', undefined],
  ])('is known %s', (_how, id, name, key) => {
    expect(systemMeant({ name, ...(id === undefined ? {} : { id }) }, listed)?.key).toBe(key);
  });
});
