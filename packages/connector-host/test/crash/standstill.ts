/**
 * A worker that stands still in the middle of a submission (SIGSTOP): its connections are kept up by the kernel, and yet another process
 * takes its people over, and the one that comes back changes nothing.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { installPlugins } from '../project.js';
import { Chance } from './chance.js';
import { hostProgram } from './house.js';
import type { PostgresServer } from './postgres-server.js';
import { type LogEntry, RunningProcess } from './running-process.js';
import { people, Sender } from './sender.js';
import { Vendor } from './vendor.js';

/** What came of it. */
export interface StandstillResult {
  /** Seconds until another process had the people of the one that stood still. */
  readonly seconds: number;
  /** How the people's requests ended, and in how many regulations each identifier is; each once. */
  readonly states: readonly string[];
  readonly times: readonly number[];
}

const masterKey = randomBytes(32).toString('base64');

/** Half a minute, as the documents say, and some time for the other to find out. */
const LONGEST = 45;

/** @param taken whether the vendor takes the call that is under way. */
export async function playStandstill(server: PostgresServer, taken: boolean): Promise<StandstillResult> {
  const folder = await mkdtemp(join(tmpdir(), 'connector-host-still-'));
  await chmod(folder, 0o755);
  await installPlugins(folder);
  const database = await server.makeDatabase();
  const vendor = await Vendor.start(folder, 1);
  const running: RunningProcess[] = [];
  const start = (does: 'serve' | 'worker', onLog: (entry: LogEntry) => void = () => undefined): RunningProcess => {
    const environment = {
      CONNECTOR_HOST_DATABASE_URL: server.url(database),
      CONNECTOR_HOST_MASTER_KEY: masterKey,
    };
    const one = RunningProcess.start(hostProgram({ folder, vendor: vendor.url, onLog }, does, does, environment));
    running.push(one);
    return one;
  };
  try {
    const host = start('serve');
    const at = String((await host.ready)['url']);
    const sender = new Sender(async () => at, AbortSignal.timeout(1_500_000));
    await sender.connect(vendor);
    await vendor.addFaults([{ on: 'POST /regulations', kind: 'timeout', applied: taken, times: 1 }]);
    const crowd = people('still', 20, new Chance(1));
    await sender.sendFile(crowd, 'csv');
    while ((await vendor.faultsHappened()) === 0) await pause(20);
    host.signal('SIGSTOP');
    const stopped = performance.now();
    let tell: () => void = () => undefined;
    const over = new Promise<void>((resolve) => {
      tell = resolve;
    });
    start('worker', ({ msg = '' }) => {
      if (msg.startsWith('A submission was interrupted')) tell();
    });
    await over;
    const seconds = Math.round((performance.now() - stopped) / 1000);
    host.signal('SIGCONT');
    while ((await sender.counts()).open > 0) await pause(200);
    const { times } = await vendor.records();
    const sent = crowd.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    return {
      seconds,
      states: [...new Set((await sender.states()).values())],
      times: [...new Set(sent.map((value) => times.get(value) ?? 0))],
    };
  } finally {
    for (const one of running) await one.kill();
    await vendor.stop();
    await server.dropDatabase(database);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether it is as it has to be. */
export function letGo({ seconds, states, times }: StandstillResult): boolean {
  return seconds <= LONGEST && `${states}` === 'left_over' && `${times}` === '1';
}
