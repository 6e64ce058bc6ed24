/**
 * Processes whose clock is wrong, with that of their connectors: `faketime` sets it, for one process alone, while the database and the
 * vendor keep the right one.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { installPlugins } from '../project.js';
import { Chance } from './chance.js';
import { SettableClock } from './faketime.js';
import { hostProgram } from './house.js';
import type { PostgresServer } from './postgres-server.js';
import { type LogEntry, RunningProcess } from './running-process.js';
import { people, Sender } from './sender.js';
import { Vendor } from './vendor.js';

/** What came of it. */
export interface ClockResult {
  /** What the process with the wrong clock said about it, by `/readyz`. */
  readonly said: string;
  /** Regulations while its clock was wrong and nobody else was there to work. */
  readonly meanwhile: number;
  /** How the people's requests ended, and in how many regulations each identifier is; each once. */
  readonly states: readonly string[];
  readonly times: readonly number[];
  /** Whose identifiers were purged. */
  readonly purged: number;
  /** How far ahead of the database's clock anything of these lies at the end, in seconds. */
  readonly ahead: Readonly<Record<string, number>>;
}

/**
 * People are sent to a host whose clock is wrong.
 * @param mended its clock is set right after a while; else a worker comes to help whose clock is right, and does it all.
 */
export async function playClock(server: PostgresServer, shift: string, mended: boolean): Promise<ClockResult> {
  const folder = await mkdtemp(join(tmpdir(), 'connector-host-clock-'));
  await chmod(folder, 0o755);
  await installPlugins(folder);
  const database = await server.makeDatabase();
  const url = server.url(database);
  const vendor = await Vendor.start(folder, 1);
  const running: RunningProcess[] = [];
  const start = (does: 'serve' | 'worker', more: Readonly<Record<string, string>>): RunningProcess => {
    const environment = { CONNECTOR_HOST_DATABASE_URL: url, CONNECTOR_HOST_MASTER_KEY: masterKey, ...more };
    const ground = { folder, vendor: vendor.url, onLog: (_: LogEntry) => undefined };
    const one = RunningProcess.start(hostProgram(ground, does, `${does}-${running.length}`, environment));
    running.push(one);
    return one;
  };
  try {
    const clock = await SettableClock.make(folder, 'host', '+0');
    const host = start('serve', clock.environment);
    const at = String((await host.ready)['url']);
    const sender = new Sender(async () => at, AbortSignal.timeout(PATIENCE));
    await sender.connect(vendor);
    await clock.set(shift);
    const said = await clockCheck(at);
    const crowd = people('c', 20, new Chance(1));
    await sender.sendFile(crowd, 'csv');
    await until(url, "select 1 from connector_host_jobs.job where name = 'submit' and state = 'active'");
    const meanwhile = await vendor.regulations();
    if (mended) await clock.set('+0');
    else await start('worker', {}).ready;
    while ((await sender.counts()).open > 0) await pause(200);
    const { times } = await vendor.records();
    const sent = crowd.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    return {
      said,
      meanwhile,
      states: [...new Set((await sender.states()).values())],
      times: [...new Set(sent.map((value) => times.get(value) ?? 0))],
      purged: (await ask(url, 'select 1 from connector_host.requests where purged_at is not null')).length,
      ahead: Object.fromEntries((await ask(url, far)).map(({ what, seconds }) => [what, Number(seconds)])),
    };
  } finally {
    for (const one of running) await one.kill();
    await vendor.stop();
    await server.dropDatabase(database);
    await rm(folder, { recursive: true, force: true });
  }
}

const masterKey = randomBytes(32).toString('base64');

/** How long it may take, in milliseconds. */
const PATIENCE = 1_500_000;

const far = `
  select what, greatest(0, round(extract(epoch from max(at) - clock_timestamp())))::int as seconds from (
    select 'turns' as what, to_timestamp(max(arrival) / 1000) as at from connector_host.paces union all
    select 'holds', max(held_until) from connector_host.connections union all
    select 'events', max(at) from connector_host.events union all
    select 'sweeps', max(start_after) from connector_host_jobs.job where name = 'sweep' and state = 'created'
  ) all_of_them where at is not null group by what`;

/** What `/readyz` says of the clock, once it says anything else than that it agrees. */
async function clockCheck(url: string): Promise<string> {
  for (;;) {
    const answer = await fetch(`${url}/readyz`);
    const { checks } = (await answer.json()) as { checks: { clock: string } };
    if (answer.status === 503 && checks.clock !== 'ok') return checks.clock;
    await pause(100);
  }
}

async function until(url: string, text: string): Promise<void> {
  while ((await ask(url, text)).length === 0) await pause(100);
}

async function ask(url: string, text: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return (await client.query<Record<string, string>>(text).finally(() => client.end())).rows;
}

/** Whether it is as it has to be: nothing was done by the wrong clock, everything once and at once after that. */
export function isSound({ said, meanwhile, states, times, purged, ahead }: ClockResult): boolean {
  const told = /clock is \d+ s (ahead of|behind)/.test(said);
  const soon = Object.values(ahead).every((seconds) => seconds <= 120);
  return told && meanwhile === 0 && `${states}` === 'left_over' && `${times}` === '1' && purged === 0 && soon;
}
