/**
 * One round: people are sent to a host that is killed, cut off and lied to, until it is left in peace; then every person accepted must
 * be concluded, and the vendor must have each of their identifiers exactly once.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installPlugins } from '../project.js';
import { Chance } from './chance.js';
import { Gateway } from './gateway.js';
import { Strain } from './hardship.js';
import { type Ground, House } from './house.js';
import type { PostgresServer } from './postgres-server.js';
import { Receivers } from './receivers.js';
import type { LogEntry } from './running-process.js';
import { people, Sender } from './sender.js';
import { type Counts, isGood, judge, nothing, type RoundResult } from './tally.js';
import { faultsOf, troubleMaker } from './trouble.js';
import { Vendor } from './vendor.js';

/** How a round goes. */
export interface RoundPlan {
  readonly name: string;
  readonly seed: number;
  /**
   * - `host killed`: the database that the host started lives on.
   * - `all killed`: the database is killed with it, sometimes.
   * - a server: one host and three workers on it, one of them cut off from it for a while.
   */
  readonly on: 'host killed' | 'all killed' | PostgresServer;
  /** Whether PgBouncer stands in front of the server. */
  readonly pooled?: boolean;
  /** After so many kills there is no more trouble. */
  readonly kills: number;
  /** Whether the vendor's faults that cost a minute's waiting happen a few times at most. */
  readonly brief: boolean;
  readonly people: number;
  /** How long all of it may take, in milliseconds. Some wait a minute and more for a lost call to arrive or not. */
  readonly patienceMs: number;
  /** Whether the logs of a good round are kept, too. */
  readonly keepLogs?: boolean;
}

/** Plays a round. */
export async function playRound(plan: RoundPlan): Promise<RoundResult> {
  const began = Date.now();
  const counts: Counts = { ...nothing };
  const wrong: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), `connector-host-crash-${plan.seed}-`));
  // The account that runs PostgreSQL has to pass.
  await chmod(folder, 0o755);
  await installPlugins(folder);
  try {
    await play(plan, folder, counts, wrong);
  } catch (error) {
    wrong.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const result = { name: plan.name, seed: plan.seed, counts, wrong, seconds: (Date.now() - began) / 1000 };
  if (isGood(result) && plan.keepLogs !== true) {
    await rm(folder, { recursive: true, force: true });
    return result;
  }
  return { ...result, logs: folder };
}

async function play(plan: RoundPlan, folder: string, counts: Counts, wrong: string[]): Promise<void> {
  const began = Date.now();
  const chance = new Chance(plan.seed);
  const vendor = await Vendor.start(folder, plan.seed);
  const gateway = await Gateway.start(folder, vendor.url);
  const receivers = await Receivers.start(chance.branch());
  const strain = new Strain();
  let house: House | undefined;
  try {
    const ground: Ground = {
      folder,
      chance,
      strained: () => strain.now,
      vendor: gateway.url,
      options: receivers.options,
      environment: { NODE_EXTRA_CA_CERTS: gateway.authorities },
      onLog: (entry) => listen(entry, strain, counts, wrong),
    };
    const { on, pooled = false } = plan;
    house =
      typeof on === 'string'
        ? await House.embedded(ground, chance.hits(0.5))
        : await House.onServer(ground, on, pooled);
    const { serving } = house;
    const sender = new Sender(() => serving.url(), AbortSignal.timeout(plan.patienceMs));
    const connection = await sender.connect({ url: gateway.url, token: vendor.token });
    await receivers.subscribe(sender);
    await sender.lookedThrough(connection);
    await vendor.addFaults(faultsOf(plan.brief));
    const over = new AbortController();
    const trouble = troubleMaker(plan, house, vendor, gateway, strain, sender, chance, counts).finally(() =>
      over.abort(),
    );
    await Promise.all([sendAll(plan, sender, chance), trouble, receivers.giveWork(sender, over.signal)]);
    await tellFaults(vendor, counts);
    // Somebody who knows that it passed need not wait for the host to try.
    await sender.call('PATCH', `/api/v1/connections/${connection}`, { state: 'active' });
    await untilConcluded(sender, began + plan.patienceMs);
    wrong.push(...(await receivers.judge(sender, counts)));
    Object.assign(counts, judge(sender.acknowledged.values(), await sender.states(), await vendor.records()));
    const { doubled, regulations } = await vendor.tally();
    counts.regulations = regulations;
    if (doubled !== counts.doubled) wrong.push(`the sandbox counts ${doubled} doubled, and we ${counts.doubled}`);
    counts.resent = sender.resent;
    counts.kills = house.members.reduce((all, { kills }) => all + kills, 0);
    wrong.push(...house.members.flatMap(({ diedByItself }) => diedByItself), ...(await house.stop()));
    house = undefined;
  } catch (error) {
    if (!vendor.running) wrong.push('the sandbox ended by itself');
    throw error;
  } finally {
    wrong.push(...(house?.members.flatMap(({ diedByItself }) => diedByItself) ?? []));
    await house?.abandon();
    await gateway.stop();
    await receivers.stop();
    await vendor.stop();
  }
}

/** Sends everybody in several files, two at a time, and some people by themselves. */
async function sendAll({ seed, people: count }: RoundPlan, sender: Sender, chance: Chance): Promise<void> {
  const files = Math.max(4, Math.min(10, Math.ceil(count / 400)));
  let next = 0;
  const lane = async (own: Chance): Promise<void> => {
    for (let file = next++; file < files; file = next++) {
      await pause(own.whole(0, 3_000));
      const crowd = people(`p${seed}-${file}`, Math.ceil(count / files), own);
      const alone = crowd.splice(0, 5);
      await sender.sendFile(crowd, own.pick(['csv', 'ndjson']));
      for (const person of alone) await sender.sendOne(person);
    }
  };
  await Promise.all([lane(chance.branch()), lane(chance.branch())]);
}

/** Ends the vendor's faults, and counts what they were. */
async function tellFaults(vendor: Vendor, counts: Counts): Promise<void> {
  for (const [kind, times] of await vendor.clearFaults()) {
    if (kind === '429' || kind === '500') counts.refusals += times;
    else if (kind !== 'slow') counts.lostAnswers += times;
  }
}

async function untilConcluded(sender: Sender, giveUpAt: number): Promise<void> {
  for (;;) {
    const { open, byState } = await sender.counts();
    if (open === 0) return;
    if (Date.now() > giveUpAt) {
      const operations = JSON.stringify(await sender.operations());
      throw new Error(`Not everybody was concluded in time: ${JSON.stringify(byState)} ${operations}`);
    }
    await pause(500);
  }
}

const looked: Readonly<Record<string, 'found' | 'absent' | 'notYet'>> = {
  accepted: 'found',
  absent: 'absent',
  'not-yet': 'notYet',
};

/** Counts what the processes tell of themselves. */
function listen({ level, msg = '', found, code }: LogEntry, strain: Strain, counts: Counts, wrong: string[]): void {
  const seen = msg === 'Looked for a lost submission' ? looked[String(found)] : undefined;
  if (seen !== undefined) counts[seen] += 1;
  if (msg.startsWith('A submission was interrupted')) counts.interrupted += 1;
  // Not a line of the log: the last words of a process that fell, or a warning of Node.
  if (level === undefined && msg.trim() !== '' && !strain.now) wrong.push(`unexpected output: ${msg.slice(0, 300)}`);
  if (level !== undefined && level >= 50 && !ofTrouble.some((one) => one.test(`${msg} ${code}`)))
    wrong.push(`logged as an error: ${msg} ${code ?? ''}`);
}

/** What the host has to say loudly of the troubles that it is put to. */
const ofTrouble = [
  /Nothing is submitted, followed or purged/,
  /^Nobody is purged while clocks are apart/,
  /^PostgreSQL ended while it was in use/,
  /^PostgreSQL does not come back/,
  /^The disk is nearly full/,
  /^A call failed (DISK_FULL|NOT_READY|CLOCK_DOUBTFUL)/,
];
