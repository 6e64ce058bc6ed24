/**
 * The long form of the crash test:
 *
 *     npm run test:crash -- --rounds 100 --together 6 --seed 1
 *
 * Prints each round's tally as it ends and the sum of all at the end; exit code 1 where a round was not as it has to be, whose logs
 * are then kept (with `--keep` all are). With `--rounds-only`, single processes that stand still or have a wrong clock are left out; with
 * `--from 41` the first forty rounds are: it goes on with a run that was broken off.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Chance } from './chance.js';
import { isSound, playClock } from './clocks.js';
import { faketime } from './faketime.js';
import { broughtAlong, installed, PostgresServer } from './postgres-server.js';
import { playRound, type RoundPlan } from './round.js';
import { letGo, playStandstill } from './standstill.js';
import { type Counts, isGood, sum, tallyText } from './tally.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    from: { type: 'string', default: '1' },
    together: { type: 'string', default: String(2 * availableParallelism()) },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    keep: { type: 'boolean', default: false },
    'rounds-only': { type: 'boolean', default: false },
  },
});
// Ends what was started, too.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const rounds = whole('rounds');
const from = whole('from');
const together = whole('together');
const seed = whole('seed');
const say = (text: string) => process.stdout.write(`${text}\n`);

function whole(name: 'rounds' | 'from' | 'together' | 'seed'): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} must be a whole number above zero\n`);
  process.exit(2);
}

const installations = [await broughtAlong()];
const own = await installed();
if (own === undefined) say('No PostgreSQL 15 or later is installed here: servers are of the one brought along only.');
else installations.push(own);
const servers = await Promise.all(installations.map((one) => PostgresServer.start(one)));
say(
  `rounds ${from} to ${rounds}, ${together} together, seed ${seed}; servers: ${installations.map(({ name }) => name).join(', ')}`,
);

const kinds: Pick<RoundPlan, 'name' | 'on' | 'pooled'>[] = [
  { name: 'own database, host killed', on: 'host killed' },
  ...servers.map((on) => ({ name: `${on.installation.name}, 3 workers, one cut off`, on })),
  ...servers.slice(0, 1).map((on) => ({ name: `${on.installation.name} behind PgBouncer`, on, pooled: true })),
  { name: 'own database, all killed', on: 'all killed' },
];

function planOf(round: number): RoundPlan {
  const own = seed * 10_000 + round;
  const chance = new Chance(own);
  const kind = kinds[round % kinds.length] ?? { name: '', on: 'host killed' };
  const people = chance.hits(0.1) ? 12_000 : chance.whole(1_000, 4_000);
  const kills = chance.whole(4, 12);
  return { ...kind, seed: own, kills, brief: false, people, patienceMs: 3_600_000, keepLogs: values.keep };
}

const counts: Counts[] = [];
let next = from - 1;
let bad = 0;

/** Processes that stand still in a call, on every server. */
async function playStandstills(): Promise<void> {
  for (const server of servers) {
    for (const taken of [true, false]) {
      const result = await playStandstill(server, taken);
      const good = letGo(result);
      if (!good) bad += 1;
      const call = taken ? 'a call that the vendor takes' : 'a call that it never takes';
      say(`${good ? 'good' : 'BAD'} stopped in ${call}, ${server.installation.name}: ${JSON.stringify(result)}`);
    }
  }
}

/** Clocks that are wrong, each way and by much; every one of them set right, and with a helper whose clock is right. */
async function playClocks(): Promise<void> {
  const [server] = servers;
  if (server === undefined || faketime === undefined) {
    say('faketime is not installed: no clock is shifted.');
    return;
  }
  for (const shift of ['+1h', '+91d', '-2m', '-10m']) {
    for (const mended of [true, false]) {
      const result = await playClock(server, shift, mended);
      const good = isSound(result);
      if (!good) bad += 1;
      say(
        `${good ? 'good' : 'BAD'} clock ${shift}, ${mended ? 'set right' : 'another worker helps'}: ${JSON.stringify(result)}`,
      );
    }
  }
}
const began = Date.now();

async function playOneAfterTheOther(): Promise<void> {
  for (let round = next++; round < rounds; round = next++) {
    const result = await playRound(planOf(round));
    const good = isGood(result);
    counts.push(result.counts);
    if (!good) bad += 1;
    const { name, seconds, wrong, logs } = result;
    const place = `round ${round + 1} (seed ${result.seed}, ${name}, ${Math.round(seconds)} s)`;
    say(`[${counts.length}/${rounds - from + 1}] ${good ? 'good' : 'BAD'} ${place}`);
    say(`    ${tallyText(result.counts)}`);
    for (const one of wrong) say(`    ${one}`);
    if (logs !== undefined) say(`    logs are kept in ${logs}`);
  }
}

if (!values['rounds-only']) {
  await playClocks();
  await playStandstills();
}
await Promise.all(Array.from({ length: Math.min(together, rounds) }, playOneAfterTheOther));
await Promise.all(servers.map((server) => server.stop()));
say(
  `${counts.length} rounds in ${Math.round((Date.now() - began) / 60_000)} min, ${bad} of them not as they have to be`,
);
say(tallyText(sum(counts)));
process.exitCode = bad === 0 ? 0 : 1;
