/** A worker is killed (SIGKILL) at each step of a submission; another takes over, and the vendor ends up with exactly one record. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eq, sql } from 'drizzle-orm';
import pg from 'pg';
import { sealIdentifiers } from '../../src/requests/identifiers.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { connections, events, operations, requests, tasks } from '../../src/store/schema.js';
import { EVENTS_CHANNEL } from '../../src/timeline.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { startProgram } from '../program.js';

const program = new URL('crash-child.ts', import.meta.url);

let database: TestDatabase;
let dataDir: string;
let vendor: Server;
let vendorUrl: string;
let records: string[][];
let hangBeforeTaking = false;
let hung: (() => void)[] = [];
/** Settles when a call hangs at the vendor. */
let hanging: Promise<void>;
let tellHanging: () => void = () => undefined;
const children: ChildProcess[] = [];

beforeEach(async () => {
  records = [];
  hung = [];
  hanging = new Promise((resolve) => {
    tellHanging = resolve;
  });
  hangBeforeTaking = false;
  vendor = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { values } = JSON.parse(Buffer.concat(chunks).toString()) as { values: string[] };
    const key = [...values].sort().join();
    const answer = (body: object) => response.end(JSON.stringify(body));
    if (request.url === '/find') {
      const at = records.findIndex((one) => [...one].sort().join() === key);
      return answer(at < 0 ? {} : { reference: `ref-${at}` });
    }
    if (hangBeforeTaking) {
      await new Promise<void>((resolve) => {
        hung.push(resolve);
        tellHanging();
      });
    }
    records.push(values);
    return answer({ reference: `ref-${records.length - 1}` });
  });
  vendor.listen(0, '127.0.0.1');
  await once(vendor, 'listening');
  vendorUrl = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  database = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'connector-host-crash-'));
  const people = await (await Keyring.open(database.db, { dataDir })).people();
  const { orm } = database.db;
  await orm
    .insert(connections)
    .values({ id: 'c1', connector: 's', name: 'c1', state: 'active', capabilities: [], config: {}, facts: {} });
  const [request] = await orm
    .insert(requests)
    .values({
      requestId: 'a',
      right: 'deletion',
      state: 'processing',
      digest: Buffer.alloc(0),
      identifiers: sealIdentifiers(people, 'a', [{ kind: 'user_id', value: '1' }]),
      fingerprints: [],
    })
    .returning();
  await orm.insert(tasks).values({ request: request?.id ?? 0, connection: 'c1', right: 'deletion', state: 'pending' });
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  vendor.closeAllConnections();
  vendor.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

function worker(place = '', window = ''): ChildProcess {
  const child = startProgram(program, {
    ...process.env,
    CRASH_DATABASE: database.url,
    CRASH_DATA: dataDir,
    CRASH_VENDOR: vendorUrl,
    CRASH_AT: place,
    CRASH_WINDOW: window,
  });
  children.push(child);
  return child;
}

/** Waits for a line of the worker's standard output. */
async function says(child: ChildProcess, wanted: string): Promise<void> {
  if (child.stdout === null) throw new Error('The worker has no output');
  for await (const line of createInterface(child.stdout)) if (line === wanted) return;
  throw new Error(`The worker ended without saying "${wanted}"`);
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Waits, told by the timeline's notifications, until the only operation is in this state. */
async function operationIs(state: string): Promise<typeof operations.$inferSelect> {
  const listener = new pg.Client(database.db.connection);
  await listener.connect();
  await listener.query(`listen ${EVENTS_CHANNEL}`);
  try {
    for (;;) {
      const told = once(listener, 'notification');
      const [row] = await database.db.orm.select().from(operations);
      if (row?.state === state) return row;
      await told;
    }
  } finally {
    await listener.end();
  }
}

/** Submissions that went out, or may have: without those that a busy machine kept from beginning in time. */
async function begun({ attempts }: typeof operations.$inferSelect): Promise<number> {
  return attempts - (await database.db.orm.$count(events, eq(events.kind, 'operation.held')));
}

/** Another process takes over, and the vendor has it once. Answers how many submissions have begun. */
async function takenOverOnce(): Promise<number> {
  const other = worker();
  await says(other, 'ready');
  const row = await operationIs('accepted');
  expect(records).toEqual([['1']]);
  expect(row.reference).toBe('ref-0');
  const [task] = await database.db.orm.select().from(tasks);
  expect(task).toMatchObject({ state: 'processing' });
  return begun(row);
}

test('killed before the intent is on disk: nothing was sent, another worker submits', async () => {
  const first = worker('before intent');
  await says(first, 'at before intent');
  expect(await operationIs('planned')).toMatchObject({ attempts: 0 });
  await kill(first);
  expect(await takenOverOnce()).toBe(1);
});

test('killed after the intent and before the call: the vendor is asked first, has nothing, and gets it once', async () => {
  const first = worker('after intent');
  await says(first, 'at after intent');
  expect(await begun(await operationIs('submitting'))).toBe(1);
  await kill(first);
  expect(records).toEqual([]);
  expect(await takenOverOnce()).toBe(2);
});

test('killed during a call that never arrives: sent again, once', async () => {
  hangBeforeTaking = true;
  const first = worker();
  await hanging;
  await operationIs('submitting');
  await kill(first);
  hangBeforeTaking = false;
  expect(await takenOverOnce()).toBe(2);
});

test('killed during a call that arrives all the same: found, and not sent again', async () => {
  hangBeforeTaking = true;
  const first = worker();
  await hanging;
  await operationIs('submitting');
  await kill(first);
  hangBeforeTaking = false;
  for (const go of hung) go();
  expect(await takenOverOnce()).toBe(1);
});

test('killed after the call, its answer in hand: found, and not sent again', async () => {
  const first = worker('after call');
  await says(first, 'at after call');
  await kill(first);
  expect(records).toHaveLength(1);
  expect(await takenOverOnce()).toBe(1);
});

test('killed while it writes the answer down: found, and not sent again', async () => {
  // Somebody holds the person's task, so the transaction that records the answer waits half-way.
  const holder = new pg.Client(database.db.connection);
  await holder.connect();
  hangBeforeTaking = true;
  const first = worker();
  await hanging;
  await holder.query('begin; select * from connector_host.tasks for update');
  for (const go of hung) go();
  await waitsForLock();
  await kill(first);
  hangBeforeTaking = false;
  await holder.query('rollback');
  await holder.end();
  expect(await takenOverOnce()).toBe(1);
});

test.each(['frozen after intent', 'frozen in its turn'])(
  '%s for so long that another worker took over: when it wakes up, it sends nothing any more',
  async (place) => {
    const first = worker(place);
    await says(first, `at ${place}`);
    await operationIs('submitting');
    // The server gave it up for lost, as it does where a machine was suspended.
    await database.db.orm.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'connector-host leases'`);
    // The vendor tells that it has nothing when the time is over in which a call may begin.
    const other = worker('', 'yes');
    await says(other, 'ready');
    expect(await begun(await operationIs('accepted'))).toBe(2);
    first.kill('SIGCONT');
    first.kill('SIGTERM');
    await once(first, 'exit');
    expect(records).toEqual([['1']]);
    const row = await operationIs('accepted');
    expect([await begun(row), row.reference]).toEqual([2, 'ref-0']);
  },
);

/** Waits until some session of the database waits for a row. */
async function waitsForLock(): Promise<void> {
  for (;;) {
    const { rows } = await database.db.orm.execute(
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}
