/** Senders who store the same people at the same time. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { Intake } from '../../src/intake/intake.js';
import { IntakeBatch } from '../../src/intake/intake-batch.js';
import { usualClock } from '../../src/requests/legal-clock.js';
import { Right } from '../../src/requests/request-body.js';
import { actors, clearDesk, type Desk, openDesk } from '../connections/desk.js';

let desk: Desk;
let connection = '';
/** Another sender, in the middle of a transaction. */
let other: pg.Client;

beforeAll(async () => {
  desk = await openDesk();
  other = new pg.Client(desk.database.url);
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await desk.close();
});
beforeEach(async () => {
  await clearDesk(desk);
  const config = { apiToken: 'right-token', account: 'north' };
  ({ id: connection } = (
    await desk.connections.create({ connector: 'harbour', name: 'North', config }, actors.admin)
  ).connection);
});

async function batchOf(...ids: string[]): Promise<IntakeBatch> {
  const batch = new IntakeBatch(await desk.keyring.people(true), desk.clock.now(), usualClock, new Set([connection]));
  const offer = { connection, deletion: true, wholeRecord: true, directContact: true, kinds: new Set(['user_id']) };
  for (const requestId of ids) {
    const identifiers = [{ kind: 'user_id', value: requestId }];
    batch.add({ body: { requestId, right: Right.deletion, identifiers }, targets: [offer] });
  }
  return batch;
}

/** An intake that counts its transactions; one that met known people goes by the temporary table from then on. */
async function intake(metKnown: boolean) {
  const { pool } = desk.database.db;
  const counted = { transactions: 0 };
  const connect = () => {
    counted.transactions += 1;
    return pool.connect();
  };
  const made = new Intake({ pool: { connect } as unknown as pg.Pool, shortage: async () => undefined });
  await made.store(await batchOf('known'));
  if (metKnown) await made.store(await batchOf('known'));
  counted.transactions = 0;
  return { intake: made, counted };
}

const write = (requestId: string) =>
  other.query(
    `insert into connector_host.requests (request_id, "right", state, digest, fingerprints)
     values ($1, 'deletion', 'processing', '', '{}') on conflict do nothing`,
    [requestId],
  );

/** Until somebody else waits for what the other sender has written. */
async function waitedFor(): Promise<void> {
  const blocked = 'select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))';
  while ((await other.query(blocked)).rowCount === 0) await pause(10);
}

describe('two senders with the same people in another order', () => {
  test.each([
    ['straight into the tables', false],
    ['by the temporary table', true],
  ])('that wait for each other: what goes %s is stored all the same', async (_way, metKnown) => {
    const { intake: one, counted } = await intake(metKnown);
    const others = async (nth: number): Promise<boolean> => {
      await other.query('begin');
      await write(`b${nth}`);
      const stored = one.store(await batchOf(`a${nth}`, `b${nth}`));
      await waitedFor();
      // From here on each waits for the other: the server lets one of them fail.
      const failed = await write(`a${nth}`).then(
        () => false,
        () => true,
      );
      await other.query('rollback');
      await expect(stored).resolves.toEqual({ accepted: 2, duplicates: [], different: [] });
      return failed;
    };
    // Who has waited for a second when the two meet fails: on a busy machine that may be the other.
    for (let nth = 1; await others(nth); nth += 1) counted.transactions = 0;
    expect(counted.transactions).toBeGreaterThan(1);
  });

  test('by the temporary table wait in one direction only', async () => {
    const { intake: one, counted } = await intake(true);
    await other.query('begin');
    await write('a');
    const stored = one.store(await batchOf('b', 'a'));
    await waitedFor();
    await write('b');
    await other.query('rollback');
    await expect(stored).resolves.toMatchObject({ accepted: 2 });
    expect(counted.transactions).toBe(1);
  });

  test('that wait for each other again and again: the sender is told in the end', async () => {
    let tries = 0;
    const connect = async () => {
      tries += 1;
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    };
    const failing = new Intake({ pool: { connect } as unknown as pg.Pool, shortage: async () => undefined });
    await expect(failing.store(await batchOf('a'))).rejects.toMatchObject({ code: '40P01' });
    expect(tries).toBe(11);
  });
});
