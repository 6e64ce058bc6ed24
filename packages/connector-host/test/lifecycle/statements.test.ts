/**
 * What an operation costs the database: statements from accepted to concluded, polls apart, `BEGIN` and `COMMIT` counted, as a real host
 * sends them. What raises the count has to be worth a round trip for each operation there will ever be. With `SHOW_STATEMENTS=1` every
 * statement is listed.
 */
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { type RunningHost, runHost } from '../api/running-host.js';
import { segmentPlugin } from '../project.js';
import { Statements } from '../statements.js';

/** People of an operation, and operations. */
const [PEOPLE, OPERATIONS] = [5, 100];

/** The Segment plugin in a project of its own, whose vendor takes few people at a time and sets no pace. */
async function projectOfFew(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'connector-host-few-'));
  const plugin = join(project, 'node_modules', 'segment-config-connector');
  await mkdir(plugin, { recursive: true });
  for (const name of ['dist', 'data', 'manifests', 'package.json'])
    await cp(join(segmentPlugin, name), join(plugin, name), { recursive: true });
  const { dependencies, peerDependencies } = JSON.parse(await readFile(join(segmentPlugin, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    await mkdir(dirname(join(project, 'node_modules', name)), { recursive: true });
    await symlink(await realpath(join(segmentPlugin, 'node_modules', name)), join(project, 'node_modules', name));
  }
  const path = join(plugin, 'manifests', 'segment-config.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  for (const limit of manifest.limits.rate) limit.requests = 1_000_000;
  manifest.deletion.batch.maxSubjects = PEOPLE;
  await writeFile(path, JSON.stringify(manifest));
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({ name: 'few', dependencies: { 'segment-config-connector': '*' } }),
  );
  return project;
}

let project: string;
let running: RunningHost;
let watching: pg.Client;

beforeAll(async () => {
  project = await projectOfFew();
  running = await runHost({ roots: [project] }, { speed: Number.POSITIVE_INFINITY, quota: 'off' });
  watching = new pg.Client(running.databaseUrl);
  await watching.connect();
});
afterAll(async () => {
  await watching.end();
  await running.stop();
  await rm(project, { recursive: true, force: true });
});

async function comesTrue(condition: string): Promise<void> {
  while (!(await watching.query(`select ${condition} as holds`)).rows[0].holds)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

test('an operation of five people takes some twenty statements', async () => {
  await running.connect('Acme', { userIdsAreEmails: true });
  await comesTrue("exists (select from connector_host.detections where state = 'complete')");
  const lines = Array.from({ length: PEOPLE * OPERATIONS }, (_, n) => `p${n},user-${n}`);
  const statements = new Statements(watching);
  try {
    await running.call('POST', '/api/v1/requests/import', ['request_id,user_id', ...lines].join('\n'), {
      type: 'text/csv',
    });
    await comesTrue("not exists (select from connector_host.requests where state = 'processing')");
  } finally {
    statements.stop();
  }
  if (process.env['SHOW_STATEMENTS'] !== undefined)
    process.stdout.write(`${statements.total / OPERATIONS} an operation\n${statements}\n`);
  const { rows } = await watching.query('select count(*)::int as made from connector_host.operations');
  expect(rows[0].made).toBe(OPERATIONS);
  // A slow machine fetches and settles more jobs by themselves: then there are some more.
  expect(statements.total / OPERATIONS).toBeLessThan(24);
});
