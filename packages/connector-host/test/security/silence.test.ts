/** Places where an error, or a program that is started, would carry data further than it may go. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import { openLog } from '../../src/log.js';
import { cleanEnvironment } from '../../src/store/embedded/cluster.js';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { dump, tracesIn } from './traces.js';

const person = 'somebody@silence.example';
let database: TestDatabase;
let log = '';
const logger = openLog({
  to: {
    write: (line: string) => {
      log += line;
    },
  },
});

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const failing = {
  'a query that fails': () => database.db.orm.execute(sql`select 1 from nowhere where x = ${person}`),
  'a value that the database cannot read': () => database.db.orm.execute(sql`select ${person}::int`),
  'an error that carries a body': () =>
    Promise.reject(Object.assign(new Error('Refused'), { body: person, response: { data: person } })),
};

test.each(Object.entries(failing))('the log does not tell the data of %s', async (_name, work) => {
  log = '';
  await work().catch((error: unknown) => logger.error({ err: error }, 'It failed'));
  expect(log).toContain('It failed');
  expect(log).toMatch(/Failed query|could not read a value|Refused/);
  expect(tracesIn(log, [person])).toEqual([]);
});

test('a job that fails leaves no data of its query in the tables of the job engine', async () => {
  const engine = new PgBossEngine({ db: database.db, log: logger });
  const failed = new Promise<void>((resolve) => {
    void engine.work('sweep', 1, async () => {
      resolve();
      await failing['a query that fails']();
    });
  });
  await engine.start();
  await engine.send('sweep', {});
  await failed;
  await engine.stop(5_000);
  const tables = await dump(database.db.pool);
  expect(
    tracesIn(tables.get('connector_host_jobs.job_common') ?? [...tables.values()].join('\n'), ['Failed query']),
  ).toEqual(['Failed query']);
  expect([...tables].filter(([, text]) => tracesIn(text, [person]).length > 0).map(([name]) => name)).toEqual([]);
});

test("PostgreSQL's programs are not given the host's own secrets, nor anybody else's", () => {
  const secrets = {
    CONNECTOR_HOST_MASTER_KEY: 'the-master-key',
    https_proxy: 'http://operator:password@proxy.example',
    VAULT_TOKEN: 'of-the-vault',
    AWS_SECRET_ACCESS_KEY: 'of-the-cloud',
  };
  Object.assign(process.env, secrets);
  try {
    const given = cleanEnvironment();
    expect(Object.keys(given).filter((name) => name in secrets)).toEqual([]);
    expect(given).toMatchObject({ PATH: process.env['PATH'], LC_ALL: 'C' });
  } finally {
    for (const name of Object.keys(secrets)) delete process.env[name];
  }
});
