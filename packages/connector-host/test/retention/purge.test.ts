import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import { leftoverCodes } from '../../src/requests/leftover-codes.js';
import { LONGEST_RETENTION_DAYS, Retention, USUAL_RETENTION_DAYS } from '../../src/retention/retention.js';
import { atRest, type RunningHost, runHost } from '../api/running-host.js';
import { testDatabase, testLog } from '../postgres.js';
import { VirtualClock } from '../virtual-clock.js';

let running: RunningHost;
const call: RunningHost['call'] = (...args) => running.call(...args);
const purge = (wish: object) => call('POST', '/api/v1/purge', wish);
const request = (requestId: string) => ({
  requestId,
  right: 'deletion',
  identifiers: [
    { kind: 'email', value: `${requestId}@example.com` },
    { kind: 'user_id', value: `user-of-${requestId}` },
  ],
});

beforeAll(async () => {
  running = await runHost();
  await running.connect('Acme');
});
afterAll(() => running.stop());

async function concluded(requestId: string): Promise<void> {
  await call('POST', '/api/v1/requests', request(requestId));
  await running.until(`/api/v1/requests/${requestId}`, atRest);
}

async function settled(requestId: string): Promise<void> {
  for (const code of Object.keys(leftoverCodes)) {
    const end = { code, outcome: 'not_needed', reason: 'Nobody of them is there.' };
    expect((await call('POST', '/api/v1/requests/leftovers/close', end)).status).toBe(200);
  }
  await running.until(`/api/v1/requests/${requestId}`, ({ settledAt }) => settledAt !== undefined);
}

describe('identifiers of people', () => {
  test(`are kept for ${USUAL_RETENTION_DAYS} days after the settlement, and no request is purged that is not settled`, async () => {
    await concluded('p-1');
    expect((await purge({ retentionDays: 0 })).body).toMatchObject({ purged: 0 });
    const longest = { retentionDays: 0, longestRetentionDays: 0, dryRun: true };
    expect((await purge(longest)).body).toMatchObject({ purged: 1 });
    await settled('p-1');
    expect((await purge({})).body).toMatchObject({ dryRun: false, purged: 0 });
    await running.host.connections.update(
      (await running.host.connections.list())[0]?.id ?? '',
      { state: 'paused' },
      { id: 'host', name: 'host', role: 'super-admin' },
    );
    await call('POST', '/api/v1/requests', request('p-open'));
    expect((await purge({ retentionDays: 0, dryRun: true })).body).toMatchObject({ dryRun: true, purged: 1 });
    expect((await call('GET', '/api/v1/requests/p-1')).body.identifiers).toHaveLength(2);
  });

  test('are gone after a purge, for everybody and for every search; what was done stays, and the receipt still holds', async () => {
    const before = (await call('GET', '/api/v1/requests/p-1')).body;
    expect((await purge({ retentionDays: 0 })).body).toMatchObject({ dryRun: false, purged: 1 });
    const { body } = await call('GET', '/api/v1/requests/p-1');
    expect(body).toMatchObject({ identifiers: [], state: before.state, operations: before.operations });
    expect(body.purgedAt).toBeDefined();
    expect(body.timeline.at(-1)).toMatchObject({ kind: 'request.identifiers_purged' });
    expect((await call('GET', `/api/v1/requests?search=${encodeURIComponent('p-1@example.com')}`)).body.items).toEqual(
      [],
    );
    const receipt = await call('GET', '/api/v1/requests/p-1/receipt');
    expect(receipt.status).toBe(200);
    const content = Buffer.from(receipt.body.split('.')[1], 'base64url').toString('utf8');
    expect(JSON.parse(content)).toMatchObject({ requestId: 'p-1', state: before.state });
    expect(content).not.toMatch(/example\.com|user-of/);
    expect((await call('GET', '/api/v1/requests/p-open')).body.identifiers).toHaveLength(2);
  });

  test('do not come back: the same request again is known, a different one under its id is refused', async () => {
    expect((await call('POST', '/api/v1/requests', request('p-1'))).body).toMatchObject({
      requestId: 'p-1',
      identifiers: [],
    });
    const other = { ...request('p-1'), identifiers: [{ kind: 'email', value: 'other@example.com' }] };
    expect((await call('POST', '/api/v1/requests', other)).body.code).toBe('REQUEST_DIFFERS');
  });

  test('a second purge finds nobody, and only a super-admin may purge', async () => {
    expect((await purge({ retentionDays: 0 })).body).toMatchObject({ purged: 0 });
    const token = await running.tokenOf('privacy-manager');
    expect((await call('POST', '/api/v1/purge', {}, { token })).status).toBe(403);
  });
});

test('a purge waits for whoever works on a row, and leaves nobody out', async () => {
  const database = await testDatabase();
  const { pool } = database.db;
  const clock = new VirtualClock();
  const engine = new PgBossEngine({ db: database.db, log: testLog, clock: clock.engine });
  const other = await pool.connect();
  try {
    await pool.query(
      `insert into connector_host.requests (request_id, "right", state, digest, identifiers, fingerprints, concluded_at, settled_at)
       select 'r-' || n, 'deletion', 'complete', '\\x00', '\\x01', '{1}', $1, $1 from generate_series(1, 3) n`,
      [new Date(clock.now() - 60_000)],
    );
    await other.query(`begin; select id from connector_host.requests where request_id = 'r-2' for update`);
    const purging = new Retention({ db: database.db, engine, clock, log: testLog }).purge({ retentionDays: 0 });
    while ((await pool.query('select 1 from pg_locks where not granted')).rowCount === 0) await delay(10);
    await other.query('commit');
    expect(await purging).toMatchObject({ purged: 3 });
  } finally {
    other.release();
    await database.drop();
  }
});

test('a job purges by itself when the time has come, again and again', async () => {
  const database = await testDatabase();
  const clock = new VirtualClock();
  const engine = new PgBossEngine({ db: database.db, log: testLog, clock: clock.engine });
  const retention = new Retention({ db: database.db, engine, clock, log: testLog });
  const kept = async () =>
    (await database.db.pool.query('select 1 from connector_host.requests where identifiers is not null')).rowCount;
  const conclude = async (id: string) =>
    database.db.pool.query(
      `insert into connector_host.requests (request_id, "right", state, digest, identifiers, fingerprints, concluded_at, settled_at)
       values ($1, 'deletion', 'complete', '\\x00', '\\x01', '{1}', $2, $2)`,
      [id, new Date(clock.now())],
    );
  const daysPass = async (days: number) => {
    await clock.engine.setTime(clock.now() + days * 86_400_000);
    for (let n = 0; n < 20; n++) await clock.engine.tick(2_000);
  };
  try {
    await retention.work();
    await engine.start();
    await retention.schedule();
    for (const id of ['one', 'two']) {
      await conclude(id);
      await daysPass(29);
      expect(await kept()).toBe(1);
      const giveUpAt = Date.now() + 300_000;
      while ((await kept()) === 1 && Date.now() < giveUpAt) await daysPass(1);
      expect(await kept()).toBe(0);
    }
  } finally {
    await engine.stop(0);
    await database.drop();
  }
});

test('identifiers of a request in error are kept until it is closed, and no longer than the longest time', async () => {
  const database = await testDatabase();
  const { pool } = database.db;
  const clock = new VirtualClock();
  const engine = new PgBossEngine({ db: database.db, log: testLog, clock: clock.engine });
  const retention = new Retention({ db: database.db, engine, clock, log: testLog });
  try {
    await pool.query(
      `insert into connector_host.requests (request_id, "right", state, digest, identifiers, fingerprints, concluded_at)
       values ('failed', 'deletion', 'error', '\\x00', '\\x01', '{1}', $1)`,
      [new Date(clock.now() - (LONGEST_RETENTION_DAYS - 1) * 86_400_000)],
    );
    expect(await retention.purge()).toMatchObject({ purged: 0 });
    await pool.query(`update connector_host.requests set settled_at = concluded_at`);
    expect(await retention.purge({ dryRun: true })).toMatchObject({ purged: 1 });
    await pool.query('update connector_host.requests set settled_at = null');
    expect(await retention.purge({ dryRun: true })).toMatchObject({ purged: 0 });
    await clock.engine.setTime(clock.now() + 2 * 86_400_000);
    expect(await retention.purge()).toMatchObject({ purged: 1 });
  } finally {
    await database.drop();
  }
});
