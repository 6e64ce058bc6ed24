/** A process is killed (SIGKILL) at each step of telling somebody; another goes on. Nothing is lost, and the receiver sees one id. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Engine } from '../../src/engine/engine.js';
import { Notices } from '../../src/notices/notices.js';
import { webhookSender } from '../../src/notices/webhook.js';
import { tell } from '../../src/outbox.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { actors } from '../connections/desk.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { startProgram } from '../program.js';
import { VirtualClock } from '../virtual-clock.js';
import { type WebhookReceiver, webhookReceiver } from './receivers.js';

const program = new URL('crash-child.ts', import.meta.url);

let database: TestDatabase;
let dataDir = '';
let receiver: WebhookReceiver;
let clock: VirtualClock;
let host: Notices;

beforeEach(async () => {
  database = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'notices-crash-'));
  receiver = await webhookReceiver();
  clock = new VirtualClock();
  host = new Notices({
    db: database.db,
    engine: { send: async () => undefined } as unknown as Engine,
    keyring: await Keyring.open(database.db, { dataDir }),
    clock,
    log: testLog,
    webhooks: webhookSender({ allowed: [receiver.origin] }),
    allowed: [receiver.origin],
    zone: 'UTC',
  });
  await host.create({ channel: 'webhook', url: receiver.origin }, actors.admin);
  // The digest of a morning finds nobody, and is no part of this.
  await tell(database.db.orm, [
    { kind: 'import.ended', at: new Date(), facts: { accepted: 1, rejected: 1, doubtful: 0 } },
  ]);
});
afterEach(async () => {
  await receiver.stop();
  await database.drop();
  await rm(dataDir, { recursive: true });
});

/** Starts the process, waits until `stopped`, and kills it. */
async function killedAt(place: string, stopped?: () => Promise<unknown>): Promise<void> {
  const child = startProgram(program, {
    PATH: process.env['PATH'],
    CRASH_DATABASE: database.url,
    CRASH_DATA: dataDir,
    CRASH_HOOK: receiver.origin,
    CRASH_AT: place,
  });
  const line = once(createInterface(child.stdout), 'line');
  if (stopped === undefined) expect(await line).toEqual([`at ${place}`]);
  else await stopped();
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** What another process finds some minutes later, and once more. */
async function goesOn(): Promise<void> {
  await clock.engine.tick(10 * 60_000);
  await host.look();
  await host.look();
  const { items } = await host.deliveries({});
  expect(items).toMatchObject([{ state: 'delivered', kind: 'import.ended' }]);
  const ids = receiver.calls.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids)).toEqual(new Set([items[0]?.id]));
}

test('while it hands a message on: it is still in the outbox, and is handed on once', async () => {
  const gate = new pg.Client(database.url);
  await gate.connect();
  await gate.query(`select pg_advisory_lock(4711);
    create function connector_host.wait() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(4711); return new; end $$;
    create trigger waits after insert on connector_host.notice_deliveries
      for each row execute function connector_host.wait()`);
  const waiting = async () => {
    const { rows } = await gate.query(
      "select pid from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())",
    );
    return rows.map(({ pid }) => pid as number);
  };
  let held: number[] = [];
  await killedAt('nowhere', async () => {
    while (held.length === 0) held = await waiting();
  });
  await gate.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [held]);
  while ((await waiting()).length > 0);
  await gate.query('drop trigger waits on connector_host.notice_deliveries; select pg_advisory_unlock(4711)');
  await gate.end();
  expect(await database.db.orm.$count(sql`connector_host.notice_outbox`)).toBe(1);
  expect((await host.deliveries({})).total).toBe(0);
  await goesOn();
  expect(receiver.calls).toHaveLength(1);
});

test('before the call: it is made by another', async () => {
  await killedAt('before the call');
  expect(receiver.calls).toEqual([]);
  await goesOn();
  expect(receiver.calls).toHaveLength(1);
});

test('during the call: the receiver sees the same id again', async () => {
  receiver.status = 0;
  const called = receiver.next();
  await killedAt('nowhere', () => called);
  receiver.status = 200;
  await goesOn();
  expect(receiver.calls).toHaveLength(2);
});

test('after the answer, before that is written down: the receiver sees the same id again', async () => {
  await killedAt('after the answer');
  await goesOn();
  expect(receiver.calls).toHaveLength(2);
});

test('and nobody else is at a message meanwhile: one that is being sent is left alone for two minutes', async () => {
  await killedAt('after the answer');
  await host.look();
  expect(receiver.calls).toHaveLength(1);
  await goesOn();
});
