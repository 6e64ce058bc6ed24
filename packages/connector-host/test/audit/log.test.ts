import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { appendAudit } from '../../src/audit/append.js';
import { type AuditEntry, entryOf, verifyChain } from '../../src/audit/chain.js';
import { AuditLog } from '../../src/audit/log.js';
import { appendEvents } from '../../src/timeline.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

let database: TestDatabase;
let log: AuditLog;

beforeAll(async () => {
  database = await testDatabase(20);
  log = new AuditLog(database.db);
});
afterAll(() => database.drop());

const entry = (actor: string, data: AuditEntry['data'] = {}): AuditEntry => ({
  at: new Date(),
  actor,
  action: 'connection.updated',
  target: { connection: 'c1' },
  data,
});
const verify = async () => verifyChain(async (after) => (await log.after(after, 7)).map(entryOf), await log.head());
const run = (statement: string) => database.db.pool.query(statement);

describe('the audit log', () => {
  test('is one chain without gaps, however many write at the same time', async () => {
    const { orm } = database.db;
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => orm.transaction((tx) => appendAudit(tx, [entry(`a${n % 5}`, { n })]))),
    );
    expect(await verify()).toMatchObject({ intact: true, head: { seq: 60 } });
  });

  test('keeps what a text can hold: quotes, other scripts, what PostgreSQL takes no texts with', async () => {
    const data = { text: `"'\\\u0000\ud800 日本 ${'é'.repeat(300)}\u2028`, number: 0.1, big: 2 ** 53, yes: true };
    await database.db.orm.transaction((tx) => appendAudit(tx, [entry('a1', data)]));
    expect(await verify()).toMatchObject({ intact: true, head: { seq: 61 } });
  });

  test('has no row of an action that was rolled back', async () => {
    const failed = database.db.orm.transaction(async (tx) => {
      await appendEvents(tx, [{ at: new Date(), kind: 'connection.updated', connection: 'c9', actor: 'a1' }]);
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await verify()).toMatchObject({ intact: true, head: { seq: 61 } });
  });

  test('tells what was done to thousands of people in one row, and nothing of what the host does by itself', async () => {
    const before = (await log.head()).seq;
    const tasks = Array.from({ length: 5_000 }, (_, at) => at + 1);
    await database.db.orm.transaction((tx) =>
      appendEvents(tx, [
        ...tasks.map((task) => ({ at: new Date(), kind: 'task.retried' as const, task, actor: 'a1' })),
        { at: new Date(), kind: 'connection.active', connection: 'c1' },
      ]),
    );
    expect(await log.after(before)).toMatchObject([
      { action: 'task.retried', actor: 'a1', target: { firstTask: 1, lastTask: 5_000, count: 5_000 } },
    ]);
  });

  test.each([
    "update connector_host.audit_log set actor = 'nobody'",
    'delete from connector_host.audit_log',
    'truncate connector_host.audit_log',
    'delete from connector_host.audit_head',
    'truncate connector_host.audit_head',
  ])('the database refuses: %s', async (statement) => {
    await expect(run(statement)).rejects.toThrow('append-only');
  });

  test('a row that was changed behind the back of the triggers is named', async () => {
    await run('alter table connector_host.audit_log disable trigger all');
    await run("update connector_host.audit_log set actor = 'nobody' where seq = 30");
    expect(await verify()).toMatchObject({ intact: false, broken: { seq: 30, why: 'changed' } });
    await database.db.orm.execute(sql`delete from connector_host.audit_log where seq = 20`);
    expect(await verify()).toMatchObject({ intact: false, broken: { seq: 20, why: 'missing' } });
  });
});
