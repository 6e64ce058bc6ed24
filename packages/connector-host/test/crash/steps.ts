/**
 * A submission, stopped at each of its steps in a real host, which is then killed; another process takes over. Where the step is a
 * statement, a {@link Gate} in the test's database stops the host there; where it is the call itself, the vendor keeps it waiting.
 */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { installPlugins } from '../project.js';
import { Chance } from './chance.js';
import { Gate, type GatePlace } from './gate.js';
import { hostProgram } from './house.js';
import type { PostgresServer } from './postgres-server.js';
import { type LogEntry, RunningProcess } from './running-process.js';
import { people, Sender } from './sender.js';
import { type Fault, Vendor } from './vendor.js';

/** Where a submission is stopped. */
export type Halt =
  /** Before a statement of the host's. */
  | { readonly before: GatePlace }
  /** At the vendor, which never answers; whether it takes the call all the same. */
  | { readonly atVendor: { readonly taken: boolean } };

const submitting = "exists (select 1 from connector_host.operations where state = 'submitting')";

/** Every step of a submission, in order. */
export const halts = {
  'before the intent is on disk': {
    before: { trigger: "before update on connector_host.operations for each row when (new.state = 'submitting')" },
  },
  // Between intent and call the host waits for nothing but its turn among the calls, which is a row of the database.
  'after the intent and before the call': {
    before: { trigger: 'before insert or update on connector_host.paces for each row', where: submitting },
  },
  'during a call that the vendor never takes': { atVendor: { taken: false } },
  'during a call that the vendor takes': { atVendor: { taken: true } },
  // With the answer in hand, the first thing it writes is how the operation stands by it.
  'after the call and before anything is written down': {
    before: {
      trigger:
        "before update on connector_host.operations for each row when (old.state = 'submitting' and new.state <> 'submitting')",
    },
  },
  'while the answer is written down': {
    before: { trigger: "before update on connector_host.tasks for each row when (new.state = 'processing')" },
  },
} as const satisfies Record<string, Halt>;

/** Just before the intent commits, and after its time was taken. */
export const beforeCommitOfIntent: Halt = {
  before: { trigger: "before insert on connector_host.events for each row when (new.kind = 'operation.submitting')" },
};

/** What is left of a step, seen from outside. */
export interface StepResult {
  /** The operation's state on disk when the host stood still, and the regulations there were. */
  readonly halted: { readonly state: string; readonly regulations: number };
  /** What the operation's timeline says at the end. */
  readonly kinds: readonly string[];
  /** How the people's requests ended, each state once. */
  readonly states: readonly string[];
  /** In how many regulations the identifiers are, each number once; and how many identifiers there are. */
  readonly times: readonly number[];
  readonly identifiers: { readonly sent: number; readonly there: number };
  /** Messages that the processes logged. */
  readonly messages: readonly string[];
}

/**
 * Plays one step.
 * @param then kills the host where it stands, or lets it stand for so many milliseconds and go on.
 */
export async function playStep(server: PostgresServer, halt: Halt, then: 'kill' | number): Promise<StepResult> {
  const folder = await mkdtemp(join(tmpdir(), 'connector-host-step-'));
  await chmod(folder, 0o755);
  await installPlugins(folder);
  const database = await server.makeDatabase();
  const vendor = await Vendor.start(folder, 1);
  const messages: string[] = [];
  const start = (name: string): RunningProcess => {
    const onLog = ({ msg = '' }: LogEntry) => void messages.push(msg);
    const environment = { CONNECTOR_HOST_DATABASE_URL: server.url(database), CONNECTOR_HOST_MASTER_KEY: masterKey };
    return RunningProcess.start(hostProgram({ folder, vendor: vendor.url, onLog }, 'serve', name, environment));
  };
  let host = start('first');
  try {
    const sender = new Sender(async () => String((await host.ready)['url']), AbortSignal.timeout(PATIENCE));
    await sender.connect(vendor);
    const barrier = await raise(halt, vendor, server.url(database));
    const crowd = people('s', 20, new Chance(1));
    await sender.sendFile(crowd, 'csv');
    await barrier.reached();
    const [operation] = await ask<{ state: string }>(
      server.url(database),
      'select state from connector_host.operations',
    );
    const halted = { state: operation?.state ?? '', regulations: await vendor.regulations() };
    if (then === 'kill') await host.kill();
    else await pause(then);
    await barrier.lift();
    if (then === 'kill') host = start('second');
    while ((await sender.counts()).open > 0) await pause(200);
    const { times } = await vendor.records();
    const sent = crowd.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    const told = await ask<{ kind: string }>(
      server.url(database),
      'select kind from connector_host.events order by id',
    );
    return {
      halted,
      kinds: told.map(({ kind }) => kind),
      states: [...new Set((await sender.states()).values())],
      times: [...new Set(sent.map((value) => times.get(value) ?? 0))],
      identifiers: { sent: sent.length, there: times.size },
      messages,
    };
  } finally {
    await host.kill();
    await vendor.stop();
    await server.dropDatabase(database);
    await rm(folder, { recursive: true, force: true });
  }
}

const masterKey = randomBytes(32).toString('base64');

/** How long a step may take, in milliseconds. */
const PATIENCE = 1_500_000;

/** What a host runs into. */
interface Barrier {
  /** Settles when it stands before it. */
  reached(): Promise<void>;
  /** Takes it away. */
  lift(): Promise<void>;
}

async function raise(halt: Halt, vendor: Vendor, url: string): Promise<Barrier> {
  if ('before' in halt) {
    const gate = await Gate.close(url, halt.before);
    return { reached: () => gate.reached(), lift: () => gate.open() };
  }
  const fault: Fault = { on: 'POST /regulations', kind: 'timeout', applied: halt.atVendor.taken, times: 1 };
  await vendor.addFaults([fault]);
  const reached = async () => {
    while ((await vendor.faultsHappened()) === 0) await pause(20);
  };
  return { reached, lift: async () => undefined };
}

async function ask<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return (await client.query<T>(text).finally(() => client.end())).rows;
}
