import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { ConnectorContext, Operation, Subject, SubmitOutcome } from 'connector-contract';
import { inFlightMs, valuesOf } from 'connector-kit';
import type { Outcome, Sandbox } from 'segment-sandbox';
import { segmentDeletion } from '../../src/deletion/deletion.js';
import { ownManifest } from '../../src/manifest.js';
import { type Connected, connected, generations, HandClock } from './connected.js';

const IN_FLIGHT_MS = inFlightMs(ownManifest());
const SENDING_WINDOW_MS = ownManifest().limits.timeoutMs;

const deletion = segmentDeletion();
const days = 24 * 60 * 60 * 1000;
const createRoute = { public: 'POST /regulations', config: 'POST /workspaces/{slug}/regulations' } as const;
const onCreate = { public: 'POST /regulations', config: 'POST /v1beta/workspaces/acme-demo/regulations' } as const;

function people(count: number, from = 0): Subject[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `request-${from + n}`,
    identifiers: [
      { kind: 'email', value: `Person+${from + n}@example.org` },
      { kind: 'user_id', value: `000${from + n}` },
    ],
  }));
}

function planned(subjects: readonly Subject[], { ctx }: Connected): Operation[] {
  return [...deletion.plan(subjects, ctx.config).operations];
}

function single(subjects: readonly Subject[], to: Connected): Operation {
  const [operation] = planned(subjects, to);
  if (!operation) throw new Error('nothing was planned');
  return operation;
}

function referenceOf(outcome: SubmitOutcome): string {
  if (!outcome.accepted) throw new Error(`not accepted: ${outcome.fault.code}`);
  return outcome.reference;
}

function held(sandbox: Sandbox): string[] {
  return sandbox.regulations().flatMap(({ subjectIds }) => subjectIds);
}

const iso = (at: number) => new Date(at).toISOString();

describe.each(generations)('with the %s API', (generation) => {
  test('a submission is one call that carries every identifier as it is, and answers the regulation', async () => {
    const to = await connected(generation);
    const odd: Subject = {
      id: 'odd',
      identifiers: ['007', ' שלום ', '👩‍👩‍👧', 'Ä+tag@Example.ORG', '"\\\n'].map((value) => ({
        kind: 'user_id',
        value,
      })),
    };
    const operation = single([odd, ...people(10)], to);
    const outcome = await deletion.submit(operation, to.ctx);
    const [regulation] = to.sandbox.regulations();
    expect(outcome).toMatchObject({ accepted: true, expectedBy: iso(to.clock.now() + 30 * days) });
    expect(regulation?.subjectIds).toEqual(valuesOf(operation));
    expect(regulation).toMatchObject({
      id: referenceOf(outcome),
      via: generation,
      regulationType: 'SUPPRESS_WITH_DELETE',
    });
    expect(Object.values(to.sandbox.calls())).toEqual([{ 200: 1 }]);
    const [request] = to.sandbox.requests();
    expect(request?.bodyBytes).toBeLessThanOrEqual(operation.bytes);
  });

  test.each<[Outcome, string, string]>([
    ['finished', 'completed', 'FINISHED'],
    ['partial-success', 'completed_with_exceptions', 'PARTIAL_SUCCESS'],
    ['failed-unsupported', 'completed_with_exceptions', 'FAILED'],
    ['failed-supported', 'failed', 'FAILED'],
    ['failed-own-store', 'failed', 'FAILED'],
    ['invalid', 'failed', 'INVALID'],
    ['not-supported', 'failed', 'NOT_SUPPORTED'],
  ])(
    'a regulation that ends %s is followed from accepted over processing to %s',
    async (outcome, state, vendorState) => {
      const to = await connected(generation, { outcomes: [{ outcome }] });
      const reference = referenceOf(await deletion.submit(single(people(3), to), to.ctx));
      const ask = () => deletion.status(reference, to.ctx);
      expect(await ask()).toMatchObject({ state: 'accepted', vendorState: 'INITIALIZED', exceptions: [] });
      to.clock.advance(2 * 60 * 60 * 1000);
      expect(await ask()).toMatchObject({ state: 'processing', vendorState: 'RUNNING', exceptions: [] });
      to.clock.advance(10 * days);
      const last = await ask();
      expect(last).toMatchObject({ state, vendorState });
      expect(last.destinations.length).toBeGreaterThan(3);
      expect(last.exceptions.length > 0).toBe(state !== 'completed');
      expect(last.finishedAt).toBeDefined();
      expect(structuredClone(last)).toEqual(last);
      to.clock.advance(91 * days);
      expect(await ask()).toMatchObject({ state: 'expired', vendorState: '' });
    },
  );

  test('a regulation Segment never knew is expired, not a fault', async () => {
    const to = await connected(generation);
    expect((await deletion.status('reg_unknown', to.ctx)).state).toBe('expired');
  });

  test.each([
    ['where Segment names its place', true],
    ['where Segment does not', false],
  ])('one bad identifier among thousands is found %s, and all others go through', async (_, nameBadIds) => {
    const bad = 'Person+2718@example.org';
    const to = await connected(generation, { nameBadIds, badId: (id) => id === bad });
    const subjects = people(4_000);
    const queue = planned(subjects, to);
    const refused: Operation[] = [];
    for (let operation = queue.shift(); operation; operation = queue.shift()) {
      const outcome = await deletion.submit(operation, to.ctx);
      if (outcome.accepted) continue;
      expect(outcome.certain).toBe('not-taken');
      expect(inspect(outcome.fault, { depth: 9 })).not.toContain('Person');
      if (outcome.instead) queue.push(...outcome.instead);
      else {
        expect(outcome.fault).toMatchObject({
          code: 'IDENTIFIER_REFUSED',
          message: expect.stringContaining('(email)'),
        });
        refused.push(operation);
      }
    }
    expect(refused.flatMap(valuesOf)).toEqual([bad]);
    const expected = subjects
      .flatMap(({ identifiers }) => identifiers.map(({ value }) => value))
      .filter((value) => value !== bad);
    expect(held(to.sandbox).sort()).toEqual(expected.sort());
    const made = Object.values(to.sandbox.calls()).flatMap((counts) => Object.values(counts));
    expect(made.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(
      // An error of the Config API has no room for a place.
      nameBadIds && generation === 'public' ? 8 : 40,
    );
  });

  test('too many requests: certainly not taken, rate limited, with the wait Segment asks for', async () => {
    const to = await connected(generation, { rateLimit: { creates: 1, config: 1, requests: 1 } });
    await deletion.submit(single(people(1), to), to.ctx);
    const outcome = await deletion.submit(single(people(1, 1), to), to.ctx);
    expect(outcome).toMatchObject({
      accepted: false,
      certain: 'not-taken',
      fault: { code: 'RATE_LIMITED', retryable: true },
    });
    expect(outcome).not.toHaveProperty('instead');
    expect(to.sandbox.regulations()).toHaveLength(1);
  });

  test.each(['lost-before', 'lost-after', 'reset', 'empty', 'truncated'] as const)(
    'an answer that is %s leaves it unknown whether it was taken',
    async (kind) => {
      const to = await connected(generation, { faults: [{ on: onCreate[generation], kind, times: 1 }] });
      const outcome = await deletion.submit(single(people(3), to), to.ctx);
      expect(outcome).toMatchObject({ accepted: false, certain: 'unknown' });
      expect(outcome).not.toHaveProperty('instead');
    },
  );

  test('a token that is refused: certainly not taken', async () => {
    const to = await connected(generation);
    const ctx: ConnectorContext = { ...to.ctx, config: { ...to.ctx.config, apiToken: 'canary-token' } };
    const outcome = await deletion.submit(single(people(1), to), ctx);
    expect(outcome).toMatchObject({ accepted: false, certain: 'not-taken', fault: { code: 'UNAUTHENTICATED' } });
    expect(inspect(outcome, { depth: 9, showHidden: true })).not.toContain('canary');
  });

  test('called off before it left: certainly not taken', async () => {
    const to = await connected(generation);
    to.abort.abort();
    const outcome = await deletion.submit(single(people(1), to), to.ctx);
    expect(outcome).toMatchObject({ accepted: false, certain: 'not-taken', fault: { code: 'ABORTED' } });
    expect(to.sandbox.regulations()).toEqual([]);
  });

  test('a turn that comes too late is not used, so that a lost call can be proven lost', async () => {
    const to = await connected(generation);
    const late = { ...to.ctx, pace: async () => to.clock.advance(SENDING_WINDOW_MS + 1) };
    const outcome = await deletion.submit(single(people(1), to), late);
    expect(outcome).toMatchObject({ accepted: false, certain: 'not-taken', fault: { code: 'RATE_LIMITED' } });
    expect(to.sandbox.regulations()).toEqual([]);
    const inTime = { ...to.ctx, pace: async () => to.clock.advance(SENDING_WINDOW_MS) };
    expect((await deletion.submit(single(people(1), to), inTime)).accepted).toBe(true);
  });

  test('a configuration that cannot be used is answered, not thrown', async () => {
    const to = await connected(generation);
    const ctx = { ...to.ctx, config: { ...to.ctx.config, apiToken: 'with spaces' } };
    const outcome = await deletion.submit(single(people(1), to), ctx);
    expect(outcome).toMatchObject({
      accepted: false,
      certain: 'not-taken',
      fault: { code: 'CONFIG_INVALID', field: 'apiToken' },
    });
    await expect(deletion.status('reg', ctx)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  test('people appear in nothing that is logged or answered', async () => {
    const fault = { on: createRoute[generation], kind: 'lost-after', times: 1 } as const;
    const to = await connected(generation, {
      badId: /canary-bad/,
      faults: [fault],
      outcomes: [{ outcome: 'failed-supported' }],
    });
    const subjects: Subject[] = ['canary-one', 'canary-bad', 'canary-two'].map((value) => ({
      id: value.replace('canary', 'request'),
      identifiers: [{ kind: 'email', value: `${value}@example.org` }],
    }));
    const seen: unknown[] = [];
    for (const subject of subjects) {
      const outcome = await deletion.submit(single([subject], to), to.ctx);
      seen.push(outcome);
      if (outcome.accepted) {
        to.clock.advance(10 * days);
        seen.push(await deletion.status(outcome.reference, to.ctx));
      }
    }
    expect(seen.length).toBeGreaterThan(2);
    expect(inspect([seen, to.logged], { depth: 20, showHidden: true })).not.toContain('canary');
    expect(JSON.stringify(seen)).not.toContain('canary');
  });
});

describe('a lost answer, with the Public API', () => {
  async function lost(kind: 'lost-before' | 'lost-after') {
    const to = await connected('public', { faults: [{ on: 'POST /regulations', kind, times: 1 }] });
    const operation = single(people(200), to);
    const attemptedAt = iso(to.clock.now());
    expect(await deletion.submit(operation, to.ctx)).toMatchObject({ accepted: false, certain: 'unknown' });
    return { ...to, operation, attemptedAt };
  }

  test('after Segment took it: reconcile finds exactly its own among many', async () => {
    const to = await lost('lost-after');
    const [own] = to.sandbox.regulations();
    for (const subjects of [people(199), people(201), people(200, 1)]) {
      await deletion.submit(single(subjects, to), to.ctx);
    }
    const outcome = await deletion.reconcile(to.operation, to.attemptedAt, to.ctx);
    expect(outcome).toEqual({ found: 'accepted', reference: own?.id, expectedBy: iso(to.clock.now() + 30 * days) });
    expect((await deletion.status(own?.id ?? '', to.ctx)).state).toBe('accepted');
  });

  test.each([
    ['an hour', 3_600_000],
    ['ten minutes', 600_000],
  ])(
    'by a host whose clock is %s ahead of Segment’s is found, since Segment says what time it is',
    async (_, aheadMs) => {
      const vendor = new HandClock(Date.now());
      const faults = [{ on: 'POST /regulations', kind: 'lost-after' as const, times: 1 }];
      const to = await connected('public', { clock: vendor, faults });
      const heard: number[] = [];
      const clock = {
        now: () => vendor.now() + aheadMs,
        sleep: (ms: number) => vendor.sleep(ms),
        heard: (time: number) => void heard.push(time),
      };
      const ctx = { ...to.ctx, clock };
      const operation = single(people(20), to);
      const attemptedAt = iso(clock.now());
      expect(await deletion.submit(operation, ctx)).toMatchObject({ certain: 'unknown' });
      const [own] = to.sandbox.regulations();
      vendor.advance(IN_FLIGHT_MS);
      expect(await deletion.reconcile(operation, attemptedAt, ctx)).toMatchObject({
        found: 'accepted',
        reference: own?.id,
      });
      expect(heard.length).toBeGreaterThan(0);
    },
  );

  test('before Segment took it: too early to tell, then proven absent, then it can be sent again', async () => {
    const to = await lost('lost-before');
    await deletion.submit(single(people(200, 200), to), to.ctx);
    const early = await deletion.reconcile(to.operation, to.attemptedAt, to.ctx);
    expect(early).toEqual({ found: 'not-yet', retryAfterMs: IN_FLIGHT_MS });
    to.clock.advance(early.found === 'not-yet' ? early.retryAfterMs : 0);
    expect(await deletion.reconcile(to.operation, to.attemptedAt, to.ctx)).toEqual({ found: 'absent' });
    expect((await deletion.submit(to.operation, to.ctx)).accepted).toBe(true);
    expect(new Set(held(to.sandbox)).size).toBe(held(to.sandbox).length);
  });

  test('the same operation sent twice is told apart by what is claimed', async () => {
    const to = await lost('lost-after');
    to.clock.advance(1_000);
    const secondAt = iso(to.clock.now());
    const second = referenceOf(await deletion.submit(to.operation, to.ctx));
    const [first] = to.sandbox.regulations();
    const found = await deletion.reconcile(to.operation, to.attemptedAt, to.ctx, [second]);
    expect(found).toMatchObject({ found: 'accepted', reference: first?.id });
    to.clock.advance(IN_FLIGHT_MS);
    const none = await deletion.reconcile(to.operation, secondAt, to.ctx, [second, first?.id ?? '']);
    expect(none).toEqual({ found: 'absent' });
  });

  test('an older regulation of the same people, from before the attempt, is not it', async () => {
    const to = await connected('public');
    const operation = single(people(5), to);
    await deletion.submit(operation, to.ctx);
    to.clock.advance(days);
    const attemptedAt = iso(to.clock.now());
    to.clock.advance(IN_FLIGHT_MS);
    expect(await deletion.reconcile(operation, attemptedAt, to.ctx)).toEqual({ found: 'absent' });
  });

  test.each(['newest-first', 'oldest-first'] as const)('is found on whatever page, listed %s', async (listOrder) => {
    const to = await connected('public', { answers: { listOrder } });
    const attemptedAt = iso(to.clock.now());
    const references: string[] = [];
    for (let n = 0; n < 230; n += 1) {
      references.push(referenceOf(await deletion.submit(single(people(1, n), to), to.ctx)));
    }
    for (const n of [0, 115, 229]) {
      const outcome = await deletion.reconcile(single(people(1, n), to), attemptedAt, to.ctx);
      expect(outcome).toMatchObject({ found: 'accepted', reference: references[n] });
    }
  });

  test('one of another type may be it: nobody but a person can tell, and nothing is sent again', async () => {
    const to = await lost('lost-after');
    const ctx = { ...to.ctx, config: { ...to.ctx.config, regulationType: 'DELETE_ONLY' } };
    to.clock.advance(IN_FLIGHT_MS);
    expect(await deletion.reconcile(to.operation, to.attemptedAt, ctx)).toMatchObject({ found: 'undecidable' });
  });

  test('a list that cannot be read to its end proves nothing: a fault', async () => {
    const to = await lost('lost-before');
    to.sandbox.revokeToken('publicOwner');
    await expect(deletion.reconcile(to.operation, to.attemptedAt, to.ctx)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('a time of attempt that is none is refused', async () => {
    const to = await lost('lost-after');
    await expect(deletion.reconcile(to.operation, 'soon', to.ctx)).rejects.toMatchObject({ code: 'INPUT_REFUSED' });
  });
});

describe('the quota of the month, with the Public API', () => {
  test('is told with each acceptance, and once used up is QUOTA_EXHAUSTED with the wait until the reset', async () => {
    const to = await connected('public', { quota: 10 });
    const first = await deletion.submit(single(people(4), to), to.ctx);
    expect(first).toMatchObject({ accepted: true, quota: { remaining: 2, consumed: 8 } });
    const second = await deletion.submit(single(people(4, 4), to), to.ctx);
    expect(second).toMatchObject({
      accepted: false,
      certain: 'not-taken',
      fault: { code: 'QUOTA_EXHAUSTED', retryable: true },
    });
    expect(second.accepted ? 0 : second.fault.retryAfterMs).toBeGreaterThan(20 * days);
    expect(second.quota?.resetsAt).toBe('2026-04-01T00:00:00.000Z');
  });
});

test('with a Config API that lists no requests, a lost answer is undecidable and a person decides', async () => {
  const to = await connected('config');
  const operation = single(people(1), to);
  to.clock.advance(days);
  const outcome = await deletion.reconcile(operation, iso(to.clock.now()), to.ctx);
  expect(outcome).toMatchObject({
    found: 'undecidable',
    fault: { code: 'SUBMISSION_UNCERTAIN', remedy: expect.any(String) },
  });
  expect(Object.keys(to.sandbox.calls()).filter((route) => route.startsWith('POST'))).toEqual([]);
});
