/** By whom the host works in its own database. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import { openDatabase } from '../../src/store/database.js';
import { joinServer } from '../../src/store/embedded/server.js';
import { testLog as log } from '../postgres.js';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'connector-host-account-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('the account of the host', () => {
  const standing = `select current_user::text as name, rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as mighty
    from pg_roles where rolname = current_user`;

  test('may do nothing but with its own tables: it reads no file, runs no program, makes no role', async () => {
    const db = await openDatabase({ dataDir, log });
    expect((await db.pool.query(standing)).rows).toEqual([{ name: 'connector_host_account', mighty: false }]);
    for (const attempt of [
      "select pg_read_file('/etc/hostname')",
      "copy (select 1) to program 'true'",
      'create role another superuser',
      "alter system set archive_command = 'true'",
      'alter role connector_host password null',
      'set role connector_host',
    ]) {
      await expect(db.pool.query(attempt)).rejects.toMatchObject({ code: '42501' });
    }
    await db.close();
  });

  test('owns what a host of before left behind: it goes on with it, whole', async () => {
    const server = await joinServer({ dataDir, log });
    const { host, port, user, password } = server.connection;
    const url = `postgresql://${user}:${password}@/postgres?host=${encodeURIComponent(String(host))}&port=${port}`;
    const before = await openDatabase({ url, dataDir, log });
    const jobs = new PgBossEngine({ db: before, log });
    await jobs.start();
    await jobs.send('plan', { connection: 'c' }, { afterMs: 3_600_000 });
    await jobs.stop(0);
    await before.pool.query("insert into connector_host.upkeep (name, after) values ('kept', 7)");
    await before.close();
    const after = await openDatabase({ dataDir, log });
    const engine = new PgBossEngine({ db: after, log });
    await engine.start();
    expect((await engine.depths()).plan.delayed).toBe(1);
    await engine.stop(0);
    expect((await after.pool.query("select after from connector_host.upkeep where name = 'kept'")).rows).toEqual([
      { after: '7' },
    ]);
    await after.pool.query('alter table connector_host.upkeep add column later int');
    await after.pool.query('vacuum (analyze) connector_host.requests');
    const { rows } = await after.pool.query(
      `select relname from pg_class where relnamespace::regnamespace::text like 'connector\\_host%' and relowner <> 'connector_host_account'::regrole`,
    );
    expect(rows).toEqual([]);
    await after.close();
    await server.leave();
  });
});
