/**
 * Time until everything is submitted to a vendor that takes 600 creations a minute and answers each in 50 ms, by a virtual clock. Ours is
 * the pace that all workers share, in the database as in production, with four submissions at a time and the whole of the limit.
 */

import { takeTurn } from '../../packages/connector-host/dist/connections/pace.js';
import { openLog } from '../../packages/connector-host/dist/log.js';
import { openDatabase } from '../../packages/connector-host/dist/store/database.js';
import { spread } from '../spread.mjs';
import { clear, folder } from '../stage.mjs';

export const title = 'Time to submit';
export const goal = { name: "rate, as a share of the limit's", least: 0.95 };
export const sizes = [1_000_000, 10_000_000];

const LIMIT = { id: 'creations', requests: 600, perSeconds: 60 };
const ANSWER_MS = 50;
const WORKERS = 4;

/** Times at which our calls begin. */
async function ours(calls) {
  const db = await openDatabase({ dataDir: folder('data'), log: openLog({ level: 'fatal' }) });
  let now = Date.UTC(2026, 0);
  const first = now;
  const clock = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  const free = Array.from({ length: WORKERS }, () => first);
  const begun = [];
  for (let call = 0; call < calls; call += 1) {
    const worker = free.indexOf(Math.min(...free));
    now = Math.max(now, free[worker]);
    const place = { connection: 'one', limit: LIMIT.id };
    await takeTurn(db.orm, clock, { rate: [LIMIT], share: 1 }, place, new AbortController().signal);
    begun.push(now - first);
    free[worker] = now + ANSWER_MS;
  }
  await db.close();
  return begun;
}

/** A loop that sends one after the other and, when it is refused, waits until the minute is over. */
function loop(calls) {
  const begun = [];
  let now = 0;
  for (let call = 0; call < calls; call += 1) {
    if (call >= LIMIT.requests) now = Math.max(now, begun[call - LIMIT.requests] + LIMIT.perSeconds * 1000);
    begun.push(now);
    now += ANSWER_MS;
  }
  return begun;
}

function mostInAMinute(begun) {
  let most = 0;
  for (let last = 0, first = 0; last < begun.length; last += 1) {
    while (begun[last] - begun[first] >= LIMIT.perSeconds * 1000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

const secondsOf = (begun) => (begun.at(-1) + ANSWER_MS) / 1000;

export async function run({ size }) {
  const calls = Math.ceil(size / 5_000);
  const begun = await ours(calls);
  const most = mostInAMinute(begun);
  if (most > LIMIT.requests) throw new Error(`${most} calls in a minute: the limit was not kept.`);
  const limit = (calls / LIMIT.requests) * LIMIT.perSeconds;
  const line = {
    what: 'by virtual clock',
    size,
    ratio: spread([limit / secondsOf(begun)]),
    figures: {
      'ours, s': spread([secondsOf(begun)]),
      'ours, most calls in any minute': spread([most]),
      'limit, s': spread([limit]),
      'SDK, 5,000 a call by hand, s': spread([secondsOf(loop(calls))]),
      'SDK, one person a call, s': spread([(size / LIMIT.requests) * LIMIT.perSeconds]),
    },
  };
  await clear();
  return [line];
}
