/** Requests that come one by one at the same time: stored together, each answered for itself. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { type AuditView, entryOf, verifyChain } from '../../src/audit/chain.js';
import { type Host, startHost } from '../../src/host.js';
import { type Answer, type RunningHost, runHost } from '../api/running-host.js';
import { testLog } from '../postgres.js';
import { unhurriedProject } from '../unhurried.mjs';

let running: RunningHost;
let database: pg.Client;
let connection = '';

beforeAll(async () => {
  running = await runHost({ planWindowMs: 600_000, work: false });
  database = new pg.Client(running.databaseUrl);
  await database.connect();
  connection = await running.connect('First');
});
afterAll(async () => {
  await database.end();
  await running.stop();
});
afterEach(() => database.query('drop trigger if exists hindered on connector_host.requests'));

const body = (requestId: string, value = requestId) => ({
  requestId,
  right: 'deletion',
  identifiers: [{ kind: 'user_id', value }],
});
const send = (given: unknown, token?: string): Promise<Answer> =>
  running.call('POST', '/api/v1/requests', given, token === undefined ? {} : { token });
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status).sort();
const stored = async (requestId: string) =>
  (
    await database.query('select id::float8 as id, xmin::text from connector_host.requests where request_id = $1', [
      requestId,
    ])
  ).rows[0];

/** Holds the next commit up while `meanwhile` runs: calls that come by then wait together. */
async function behindACommit<T>(meanwhile: () => Promise<T>): Promise<T> {
  const other = new pg.Client(running.databaseUrl);
  await other.connect();
  await other.query('begin; select from connector_host.audit_head for update');
  const first = send(body(`first ${Math.random()}`));
  const waits = "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
  while ((await database.query(waits)).rowCount === 0);
  const done = meanwhile();
  // What was sent has arrived once a later call was answered.
  for (let turn = 0; turn < 3; turn += 1) await running.call('GET', '/api/v1/connectors');
  await other.query('commit');
  await other.end();
  expect((await first).status).toBe(202);
  return done;
}

describe('requests that come during a commit', () => {
  test('share the next one; each is answered with what is stored of it, and has its line in the audit log', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => `shared-${at}`);
    const answers = await behindACommit(() => Promise.all(ids.map((id) => send(body(id)))));
    expect(new Set(statuses(answers))).toEqual(new Set([202]));
    const rows = await Promise.all(ids.map(stored));
    expect(new Set(rows.map(({ xmin }) => xmin)).size).toBe(1);
    for (const answer of answers) {
      const read = await running.call('GET', `/api/v1/requests/${answer.body.requestId}`);
      expect(read.body).toEqual(answer.body);
    }
    const { rows: lines } = await database.query(
      `select target ->> 'request' as request from connector_host.audit_log where action = 'request.accepted'`,
    );
    const told = new Set(lines.map(({ request }) => Number(request)));
    expect(rows.filter(({ id }) => !told.has(id))).toEqual([]);
    expect((await running.host.requests.list({ search: 'shared-' })).total).toBe(20);
    const { head } = (await running.call('GET', '/api/v1/audit?limit=1')).body;
    const read = async (after: number) =>
      (await running.call('GET', `/api/v1/audit?after=${after}`)).body.items.map((view: AuditView) => entryOf(view));
    const verdict = await verifyChain(read, { seq: head.seq, hash: Buffer.from(head.hash, 'hex') });
    expect(verdict.broken).toBeUndefined();
    expect(verdict.head.seq).toBeGreaterThan(20);
  });

  test('under one id: the first is accepted, the same again is answered as known, and another is refused', async () => {
    const answers = await behindACommit(() =>
      Promise.all([send(body('one')), send(body('one')), send(body('one', 'another')), send(body('one'))]),
    );
    expect(statuses(answers)).toEqual([200, 200, 202, 409]);
    const shown = answers.filter(({ status }) => status < 300).map((answer) => answer.body);
    expect(shown[1]).toEqual(shown[0]);
    expect(shown[2]).toEqual(shown[0]);
  });

  test('where the database refuses one of them, the others are stored', async () => {
    await database.query(`
      create or replace function connector_host.hinder() returns trigger language plpgsql as $$ begin
        if new.request_id = 'hindered' then raise check_violation; end if; return new; end $$;
      create trigger hindered before insert on connector_host.requests for each row execute function connector_host.hinder()`);
    const ids = ['beside-1', 'hindered', 'beside-2'];
    const answers = await behindACommit(() => Promise.all(ids.map((id) => send(body(id)))));
    expect(answers.map(({ status }) => status)).toEqual([202, 500, 202]);
    expect(await stored('beside-2')).toBeDefined();
    expect(await stored('hindered')).toBeUndefined();
  });
});

describe('a token that was good before', () => {
  async function revokedElsewhere(): Promise<string> {
    const token = await running.tokenOf('privacy-manager');
    expect((await send(body(`before ${token}`), token)).status).toBe(202);
    expect((await send(body(`again ${token}`), token)).status).toBe(202);
    await database.query(`update connector_host.access_tokens set revoked_at = now() where name = 'a privacy-manager'`);
    return token;
  }

  test('stores nothing more once another process has revoked it', async () => {
    const token = await revokedElsewhere();
    expect((await send(body('revoked'), token)).status).toBe(401);
    expect(await stored('revoked')).toBeUndefined();
  });

  test.each([
    ['of a request that is known', body('known')],
    ['of what is wrong with one', { requestId: 'wrong' }],
  ])('is told nothing %s', async (_what, given) => {
    await send(body('known'));
    const token = await revokedElsewhere();
    expect((await send(given, token)).status).toBe(401);
  });

  test('takes none of those with it that came together with it', async () => {
    const token = await revokedElsewhere();
    const answers = await behindACommit(() =>
      Promise.all([send(body('good-1')), send(body('revoked-too'), token), send(body('good-2'))]),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 401, 202]);
    expect(await stored('revoked-too')).toBeUndefined();
  });
});

describe('a connection that another process changes', () => {
  let second: Host;
  const actor = { id: 'test', name: 'test', role: 'super-admin' } as const;

  beforeAll(async () => {
    second = await startHost({
      dataDir: running.dataDir,
      databaseUrl: running.databaseUrl,
      roots: [unhurriedProject],
      isolation: 'none',
      serve: false,
      work: false,
      allowEndpoints: [running.sandbox.url],
      log: testLog,
    });
  });
  afterAll(() => second.close());

  const targets = (answer: Answer) => answer.body.tasks.map((task: { connection: string }) => task.connection).sort();

  test('is known by the next request: one that was made takes it, one that was removed does not', async () => {
    expect(targets(await send(body('to one')))).toEqual([connection]);
    const config = {
      apiToken: running.sandbox.tokens.publicOwner,
      workspaceName: 'acme-demo',
      baseUrl: running.sandbox.url,
    };
    const made = await second.connections.create({ connector: 'segment-config', name: 'Second', config }, actor);
    const { id } = made.connection;
    expect(targets(await send(body('to both')))).toEqual([connection, id].sort());
    await second.connections.remove(id, actor);
    expect(targets(await send(body('to one again')))).toEqual([connection]);
    const named = await send({ ...body('to none'), connections: [id] });
    expect([named.status, named.body.code]).toEqual([422, 'CONNECTION_UNKNOWN']);
  });

  test('is not waited for where only its quota is noted', async () => {
    await database.query('begin');
    await database.query(`update connector_host.connections set quota = '{}' where id = $1`, [connection]);
    expect((await send(body('beside the quota'))).status).toBe(202);
    await database.query('rollback');
  });
});
