/**
 * The short form of the crash test: some rounds, and a kill at each step of a submission. Some of it runs side by side, since most of
 * the time it waits: a lost call counts as absent only when it cannot arrive any more, a minute later. `npm run test:crash` is the long form.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type ClockResult, isSound, playClock } from './clocks.js';
import { faketime } from './faketime.js';
import { broughtAlong, installed, PostgresServer } from './postgres-server.js';
import { playRound, type RoundPlan } from './round.js';
import { beforeCommitOfIntent, type Halt, halts, playStep, type StepResult } from './steps.js';
import { isGood, type RoundResult, sum, tallyText } from './tally.js';

// Finds what hangs; how long the rest takes is the machine's affair.
jest.setTimeout(1_800_000);

const seed = Number(process.env['CONNECTOR_HOST_CRASH_SEED'] ?? Date.now() % 100_000);
const servers: PostgresServer[] = [];
let rounds: Promise<RoundResult[]>;
const steps = new Map<string, Promise<StepResult>>();
let heldUp: Promise<StepResult>;
let wrongClock: Promise<ClockResult>;

beforeAll(async () => {
  const own = await installed();
  const installations = [await broughtAlong(), ...(own === undefined ? [] : [own])];
  servers.push(...(await Promise.all(installations.map((one) => PostgresServer.start(one)))));
  const [first] = servers;
  if (first === undefined) throw new Error('No server was started');
  // That the host's own database lives on while the host is killed is for the long form: the servers of others do, too.
  const on: RoundPlan['on'][] = ['all killed', ...servers];
  const [round, step] = [inTurn(1), inTurn(3)];
  rounds = Promise.all(on.map((where, at) => round(() => playRound(roundOf(where, at)))));
  for (const [name, halt] of Object.entries<Halt>(halts)) {
    steps.set(
      name,
      step(() => playStep(first, halt, 'kill')),
    );
  }
  heldUp = step(() => playStep(first, beforeCommitOfIntent, 6_000));
  wrongClock = step(async () => {
    if (faketime === undefined) throw new Error('There is no faketime');
    return playClock(first, '+1h', true);
  });
  // Each is awaited by its own test, where it may fail.
  for (const one of [rounds, heldUp, wrongClock, ...steps.values()]) one.catch(() => undefined);
});
afterAll(async () => {
  await Promise.allSettled([rounds, heldUp, wrongClock, ...steps.values()]);
  for (const server of servers) await server.stop();
});

/** Lets no more than `together` run side by side: a dozen of hosts that start at once would keep everything else waiting. */
function inTurn(together: number): <T>(play: () => Promise<T>) => Promise<T> {
  const ends: Promise<unknown>[] = [];
  return (play) => {
    const played = Promise.resolve(ends.at(-together)).then(play);
    ends.push(played.catch(() => undefined));
    return played;
  };
}

function roundOf(on: RoundPlan['on'], at: number): RoundPlan {
  const name = typeof on === 'string' ? `own database, ${on}` : on.installation.name;
  return { name, on, seed: seed * 10 + at, kills: 2, brief: true, people: 500, patienceMs: 1_500_000 };
}

// Segment is done with them, by one regulation for each; the systems of the workspace that it does not reach are left. How often a
// process began is not told: on a busy machine a call that comes too late is not made.
const once = { states: ['left_over'], times: [1] };
const late = 'A submission did not begin in time and was not sent';

describe('killed (SIGKILL)', () => {
  const stepOf = async (name: keyof typeof halts): Promise<StepResult> => {
    const step = steps.get(name);
    if (step === undefined) throw new Error(`There is no step ${name}`);
    const result = await step;
    expect(result.identifiers.there).toBe(result.identifiers.sent);
    return result;
  };

  test('before the intent is on disk: nothing was sent; another process submits', async () => {
    const result = await stepOf('before the intent is on disk');
    expect(result).toMatchObject({ ...once, halted: { state: 'planned', regulations: 0 } });
    expect(result.kinds).not.toContain('operation.uncertain');
  });

  test('after the intent and before the call: the vendor is asked first, has nothing, and gets it once', async () => {
    const result = await stepOf('after the intent and before the call');
    expect(result).toMatchObject({ ...once, halted: { state: 'submitting', regulations: 0 } });
    expect(result.kinds).toEqual(expect.arrayContaining(['operation.uncertain', 'operation.absent']));
  });

  test('during a call that the vendor never takes: sent again once it cannot arrive any more', async () => {
    const result = await stepOf('during a call that the vendor never takes');
    expect(result).toMatchObject({ ...once, halted: { state: 'submitting', regulations: 0 } });
    expect(result.kinds).toEqual(expect.arrayContaining(['operation.uncertain', 'operation.absent']));
  });

  test.each([
    'during a call that the vendor takes',
    'after the call and before anything is written down',
    'while the answer is written down',
  ] as const)('%s: found at the vendor, and not sent again', async (name) => {
    const result = await stepOf(name);
    expect(result).toMatchObject({ ...once, halted: { state: 'submitting', regulations: 1 } });
    expect(result.kinds).toEqual(expect.arrayContaining(['operation.uncertain', 'operation.found']));
  });
});

// Where faketime is not installed nobody can set a clock.
if (faketime !== undefined)
  test('by a clock that is an hour ahead nothing is submitted, and it is said; once it is right, all goes on at once', async () => {
    const result = await wrongClock;
    expect(result).toMatchObject({ said: expect.stringMatching(/clock is 3(599|600|601) s ahead of/), meanwhile: 0 });
    expect(isSound(result)).toBe(true);
  });

test('held up for long between the intent and the call, a process does not send: by then others may have decided', async () => {
  const result = await heldUp;
  expect(result).toMatchObject({ ...once, halted: { state: 'planned', regulations: 0 } });
  expect(result.messages).toContain(late);
  expect(result.kinds).not.toContain('operation.uncertain');
});

test('killed and cut off at random moments, by a vendor that loses answers: every person is concluded, every identifier there once', async () => {
  const results = await rounds;
  process.stdout.write(`crash test (seed ${seed}): ${tallyText(sum(results.map(({ counts }) => counts)))}\n`);
  expect(results.filter((one) => !isGood(one))).toEqual([]);
});
