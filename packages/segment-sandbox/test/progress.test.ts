import { describe, expect, test } from '@jest/globals';
import type { Outcome, OutcomeRule, Sandbox } from '../src/index.js';
import { ask, closeAfterEach, DAY, deletion, HandClock, HOUR, regulate, sandboxFor } from './run.js';

closeAfterEach();

interface Entry {
  readonly name: string;
  readonly status: string;
  readonly errString: string;
  readonly finishedAt: string;
}

async function read(sandbox: Sandbox, id: string) {
  const { status, json } = await ask(`${sandbox.url}/regulations/${id}`, { token: sandbox.tokens.publicOwner });
  if (status !== 200) throw new Error(`not found: ${status}`);
  const { overallStatus, finishedAt, createdAt, streamStatus } = json.data.regulation;
  const streams = streamStatus as { id: string; destinationStatus: Entry[] }[];
  return { overallStatus, finishedAt, createdAt, streams, entries: streams.flatMap((s) => s.destinationStatus) };
}

/** A regulation that is done, with its entries by status. */
async function ended(outcome: OutcomeRule['outcome'], body = deletion('u1')) {
  const sandbox = await sandboxFor({ speed: Number.POSITIVE_INFINITY, outcomes: [{ outcome }] });
  const { json } = await ask(`${sandbox.url}/regulations`, { token: sandbox.tokens.publicOwner, body });
  const { overallStatus, entries } = await read(sandbox, json.data.regulateId);
  const names = (status: string) => [
    ...new Set(entries.filter((entry) => entry.status === status).map(({ name }) => name)),
  ];
  return { overallStatus, entries, names };
}

describe('how a regulation moves', () => {
  test('INITIALIZED, then RUNNING after an hour, then final within five days, by the clock alone', async () => {
    const clock = new HandClock();
    const sandbox = await sandboxFor({ clock });
    const id = await regulate(sandbox, 'u1');
    const statusAfter = async (ms: number) => {
      clock.advance(ms);
      return (await read(sandbox, id)).overallStatus;
    };
    expect(await statusAfter(0)).toBe('INITIALIZED');
    expect(await statusAfter(HOUR - 1)).toBe('INITIALIZED');
    expect(await statusAfter(1)).toBe('RUNNING');
    expect(await statusAfter(22 * HOUR)).toBe('RUNNING');
    expect(await statusAfter(4 * DAY + HOUR)).toBe('FINISHED');
  });

  test('destinations finish one by one, between the start and the end of the whole', async () => {
    const clock = new HandClock();
    const sandbox = await sandboxFor({ clock });
    const id = await regulate(sandbox, 'u1');
    const finished: number[] = [];
    let last = await read(sandbox, id);
    while (last.overallStatus !== 'FINISHED') {
      expect(last.finishedAt).toBeUndefined();
      finished.push(last.entries.filter(({ status }) => status === 'FINISHED').length);
      clock.advance(3 * HOUR);
      last = await read(sandbox, id);
    }
    expect(finished).toEqual([...finished].sort((a, b) => a - b));
    expect(new Set(finished).size).toBeGreaterThan(5);
    const moments = last.entries.map(({ finishedAt }) => Date.parse(finishedAt));
    expect(Math.max(...moments)).toBeLessThanOrEqual(Date.parse(last.finishedAt));
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(Date.parse(last.createdAt) + HOUR);
  });

  test('an entry that is not done has neither a moment nor an error', async () => {
    const sandbox = await sandboxFor({ outcomes: [{ outcome: 'failed-unsupported' }] });
    const id = await regulate(sandbox, 'u1');
    sandbox.clock.advance(2 * HOUR);
    const { entries } = await read(sandbox, id);
    const running = entries.filter(({ status }) => status === 'RUNNING');
    expect(running.length).toBeGreaterThan(20);
    expect(running.every(({ errString, finishedAt }) => errString === '' && finishedAt === '')).toBe(true);
  });

  test('at speed 86,400 a day of it takes a second, and its dates stay in the time of the client', async () => {
    const clock = new HandClock();
    const sandbox = await sandboxFor({ clock, speed: 86_400 });
    const id = await regulate(sandbox, 'u1');
    clock.advance(1_000);
    expect((await read(sandbox, id)).overallStatus).toBe('RUNNING');
    clock.advance(4_000);
    const { overallStatus, finishedAt } = await read(sandbox, id);
    expect(overallStatus).toBe('FINISHED');
    expect(Date.parse(finishedAt)).toBeLessThanOrEqual(clock.now());
  });

  test('at speed Infinity it is done at once, at speed 0 never', async () => {
    const fast = await sandboxFor({ speed: Number.POSITIVE_INFINITY });
    expect((await read(fast, await regulate(fast, 'u1'))).overallStatus).toBe('FINISHED');
    const still = await sandboxFor({ speed: 0 });
    const id = await regulate(still, 'u1');
    still.clock.advance(80 * DAY);
    expect((await read(still, id)).overallStatus).toBe('INITIALIZED');
  });

  test('the record is kept for 90 days and then a 404, gone from the list, and still there for the test', async () => {
    const clock = new HandClock();
    const sandbox = await sandboxFor({ clock });
    const token = sandbox.tokens.publicOwner;
    const id = await regulate(sandbox, 'u1');
    clock.advance(90 * DAY);
    expect((await read(sandbox, id)).overallStatus).toBe('FINISHED');
    clock.advance(1);
    expect((await ask(`${sandbox.url}/regulations/${id}`, { token })).status).toBe(404);
    expect((await ask(`${sandbox.url}/regulations`, { token })).json.data.regulations).toEqual([]);
    expect(sandbox.regulations()).toHaveLength(1);
    expect(sandbox.subjectTally().identifiers).toBe(1);
  });

  test('time does not run back', async () => {
    const sandbox = await sandboxFor();
    expect(() => sandbox.clock.advance(-1)).toThrow('advance');
  });
});

describe('how a regulation ends', () => {
  test('finished: all that is listed finished, and what has no deletion is not listed', async () => {
    const { overallStatus, entries, names } = await ended('finished');
    expect(overallStatus).toBe('FINISHED');
    expect(names('FINISHED')).toEqual(
      expect.arrayContaining(['Segment', 'Analytics Snowflake', 'Amplitude', 'Amazon S3', 'Webhooks']),
    );
    expect(entries.every(({ status, errString }) => status === 'FINISHED' && errString === '')).toBe(true);
    expect(entries.map(({ name }) => name)).not.toContain('Facebook Pixel');
  });

  test('partial-success: what has no deletion is NOT_SUPPORTED, with the reason', async () => {
    const { overallStatus, entries, names } = await ended('partial-success');
    expect(overallStatus).toBe('PARTIAL_SUCCESS');
    expect(names('NOT_SUPPORTED')).toEqual(
      expect.arrayContaining(['Facebook Pixel', 'Slack', 'HubSpot Cloud Mode (Actions)']),
    );
    expect(names('NOT_SUPPORTED')).not.toContain('Amplitude');
    expect(entries.filter(({ status }) => status === 'NOT_SUPPORTED').every(({ errString }) => errString !== '')).toBe(
      true,
    );
  });

  test('failed-unsupported: FAILED although Segment’s own store and all that supports deletion finished', async () => {
    const { overallStatus, names } = await ended('failed-unsupported');
    expect(overallStatus).toBe('FAILED');
    expect(names('FAILED')).toEqual(expect.arrayContaining(['Facebook Pixel', 'Google Ads (Gtag)', 'Slack']));
    expect(names('FINISHED')).toEqual(expect.arrayContaining(['Segment', 'Amplitude', 'Braze', 'Iterable']));
    expect(names('FAILED').filter((name) => names('FINISHED').includes(name))).toEqual([]);
  });

  test('failed-supported: the destinations that lack their setup failed', async () => {
    const { overallStatus, names } = await ended('failed-supported');
    expect(overallStatus).toBe('FAILED');
    expect(names('FAILED').sort()).toEqual(['Amplitude', 'Google Analytics']);
    expect(names('FINISHED')).toContain('Segment');
  });

  test('failed-own-store: Segment itself failed', async () => {
    const { overallStatus, names } = await ended('failed-own-store');
    expect([overallStatus, names('FAILED')]).toEqual(['FAILED', ['Segment']]);
  });

  test.each<[Outcome, string]>([
    ['invalid', 'INVALID'],
    ['not-supported', 'NOT_SUPPORTED'],
  ])('%s: %s for the whole and for each entry', async (outcome, status) => {
    const { overallStatus, entries } = await ended(outcome);
    expect(overallStatus).toBe(status);
    expect(new Set(entries.map((entry) => entry.status))).toEqual(new Set([status]));
  });

  test.each([
    [undefined, 'NO_ACTION'],
    ['No Action', 'No Action'],
  ] as const)(
    'no-action: FINISHED, and destinations say so in the word that is asked for (%s)',
    async (noAction, word) => {
      const answers = noAction === undefined ? {} : { noAction };
      const sandbox = await sandboxFor({
        speed: Number.POSITIVE_INFINITY,
        outcomes: [{ outcome: 'no-action' }],
        answers,
      });
      const { overallStatus, entries } = await read(sandbox, await regulate(sandbox, 'u1'));
      expect(overallStatus).toBe('FINISHED');
      expect(entries.find(({ name }) => name === 'Iterable')).toMatchObject({ status: word, errString: '' });
      expect(entries.find(({ name }) => name === 'Segment')).toMatchObject({ status: 'FINISHED' });
    },
  );

  test('a warehouse that Segment does not delete from is reported as unsupported, or not at all', async () => {
    expect((await ended('partial-success')).names('NOT_SUPPORTED')).toEqual(
      expect.arrayContaining(['Finance Azure', 'Logistics Db2']),
    );
    expect((await ended('finished')).names('FINISHED')).not.toContain('Finance Azure');
  });

  test('never-finishes: RUNNING to the end of its record', async () => {
    const sandbox = await sandboxFor({ outcomes: [{ outcome: 'never-finishes' }] });
    const id = await regulate(sandbox, 'u1');
    sandbox.clock.advance(90 * DAY - HOUR);
    expect((await read(sandbox, id)).overallStatus).toBe('RUNNING');
  });

  test('a Segment-only type lists stores and no destination, and fails as Segment’s own failure', async () => {
    const internal = { ...deletion('u1'), regulationType: 'SUPPRESS_WITH_DELETE_INTERNAL' };
    const { names } = await ended('finished', internal);
    expect(names('FINISHED')).toEqual(['Segment', 'Analytics Snowflake', 'Data Science BigQuery']);
    expect((await ended('failed-supported', internal)).names('FAILED')).toEqual(['Segment']);
  });

  test('streams are the enabled sources; what is switched off is not listed', async () => {
    const sandbox = await sandboxFor({ outcomes: [{ outcome: 'partial-success' }] });
    const { streams, entries } = await read(sandbox, await regulate(sandbox, 'u1'));
    const enabled = sandbox.workspaces[0]?.sources.filter((source) => source.enabled).map(({ id }) => id);
    expect(streams.map(({ id }) => id)).toEqual(enabled);
    const names = entries.map(({ name }) => name);
    for (const off of ['LinkedIn Insight Tag', 'Vero', 'Old Redshift']) expect(names).not.toContain(off);
  });

  test('a regulation of one source has one stream', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const source = sandbox.workspaces[0]?.sources[3]?.id ?? '';
    const { json } = await ask(`${sandbox.url}/regulations/sources/${source}`, { token, body: deletion('u1') });
    expect((await read(sandbox, json.data.regulateId)).streams.map(({ id }) => id)).toEqual([source]);
  });

  test('results can carry slugs in place of names', async () => {
    const sandbox = await sandboxFor({ answers: { destinationNames: 'slug' } });
    const { entries } = await read(sandbox, await regulate(sandbox, 'u1'));
    expect(entries.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['segment', 'snowflake', 'braze', 'actions-customerio']),
    );
  });
});

describe('steering the outcome', () => {
  async function outcomesOf(sandbox: Sandbox, count: number): Promise<Outcome[]> {
    for (let number = 0; number < count; number++) await regulate(sandbox, `u${number}`);
    return sandbox.regulations().map(({ outcome }) => outcome);
  }

  test('by index, by a person in it, by a function; the first rule that holds wins; the rest is finished', async () => {
    const sandbox = await sandboxFor({
      outcomes: [
        { index: 0, outcome: 'invalid' },
        { subject: 'u1', outcome: 'not-supported' },
        { when: ({ subjectIds }) => subjectIds.includes('u2'), outcome: 'failed-own-store' },
        { index: 1, outcome: 'failed-supported' },
      ],
    });
    expect(await outcomesOf(sandbox, 4)).toEqual(['invalid', 'not-supported', 'failed-own-store', 'finished']);
  });

  test('rules added later go first and change nothing that was made', async () => {
    const sandbox = await sandboxFor({ outcomes: [{ outcome: 'invalid' }] });
    await regulate(sandbox, 'u1');
    sandbox.outcomes.add({ outcome: 'partial-success' });
    await regulate(sandbox, 'u2');
    sandbox.outcomes.clear();
    await regulate(sandbox, 'u3');
    expect(sandbox.regulations().map(({ outcome }) => outcome)).toEqual(['invalid', 'partial-success', 'finished']);
  });

  test('mixed follows the seed: the same in every run, another with another seed, each kind in its share', async () => {
    const options = { outcomes: [{ outcome: 'mixed' as const }], rateLimit: 'off' as const };
    const one = await outcomesOf(await sandboxFor({ ...options, seed: 7 }), 300);
    const same = await outcomesOf(await sandboxFor({ ...options, seed: 7 }), 300);
    const other = await outcomesOf(await sandboxFor({ ...options, seed: 8 }), 300);
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    const share = (outcome: Outcome) => one.filter((each) => each === outcome).length / 300;
    expect(share('finished')).toBeGreaterThan(0.35);
    expect(share('finished')).toBeLessThan(0.65);
    expect(share('failed-unsupported')).toBeGreaterThan(0.15);
    expect(share('failed-supported')).toBeGreaterThan(0);
  });
});
