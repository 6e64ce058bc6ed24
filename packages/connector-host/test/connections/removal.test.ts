import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { actors, clearDesk, type Desk, openDesk } from './desk.js';

let desk: Desk;
let id = '';
let other = '';

beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(async () => {
  await clearDesk(desk);
  id = await create('North');
  other = await create('South');
});

async function create(name: string): Promise<string> {
  const config = { apiToken: 'right-token', account: 'north' };
  const { connection } = await desk.connections.create({ connector: 'harbour', name, config }, actors.admin);
  return connection.id;
}

const query = async (text: string, values: unknown[] = []) => (await desk.database.db.pool.query(text, values)).rows;

/** One request with its tasks, given as [connection, state, operation?]. */
async function request(requestId: string, tasks: [string, string, number?][]): Promise<void> {
  const [row] = await query(
    `insert into connector_host.requests (request_id, "right", state, digest, fingerprints) values ($1, 'deletion', 'processing', '', '{}') returning id`,
    [requestId],
  );
  for (const [connection, state, operation] of tasks) {
    await query(
      `insert into connector_host.tasks (request, connection, "right", state, operation) values ($1, $2, 'deletion', $3, $4)`,
      [row.id, connection, state, operation ?? null],
    );
  }
}

async function operation(state: string, finished = false): Promise<number> {
  const [row] = await query(
    `insert into connector_host.operations (connection, state, subjects, identifiers, bytes, reference, finished_at)
     values ($1, $2, 1, 1, 1, $3, $4) returning id`,
    [id, state, state === 'planned' ? null : `ref-${Math.random()}`, finished ? new Date() : null],
  );
  return Number(row.id);
}

const standing = async () => {
  const rows = await query(`
    select r.request_id, r.state, r.concluded_at is not null as concluded,
           array_agg(t.state || coalesce(':' || (t.fault ->> 'message'), '') order by t.id) as tasks
      from connector_host.requests r join connector_host.tasks t on t.request = r.id group by r.id order by r.id`);
  return rows.map((row) => [row.request_id, row.state, row.concluded, ...row.tasks]);
};

describe('removing a connection', () => {
  test('ends its open tasks in error, telling what was sent from what was not', async () => {
    const [planned, accepted, done] = [
      await operation('planned'),
      await operation('accepted'),
      await operation('completed', true),
    ];
    await request('waiting', [[id, 'pending']]);
    await request('in a batch', [[id, 'processing', planned]]);
    await request('at the vendor', [[id, 'processing', accepted]]);
    await request('done', [[id, 'complete', done]]);
    const report = await desk.connections.remove(id, actors.admin);
    expect(report).toEqual({
      tasksNotSubmitted: 2,
      tasksNotFollowed: 1,
      operationsCancelled: 1,
      operationsNotFollowed: 1,
      decisionsToMake: 0,
    });
    expect(await standing()).toEqual([
      ['waiting', 'error', true, expect.stringMatching(/^error:.*nothing was sent/)],
      ['in a batch', 'error', true, expect.stringMatching(/^error:.*nothing was sent/)],
      ['at the vendor', 'error', true, expect.stringMatching(/^error:.*can no longer be followed/)],
      ['done', 'processing', false, 'complete'],
    ]);
    const faults = await query(
      `select distinct fault ->> 'code' as code, fault ->> 'remedy' as remedy from connector_host.tasks where fault is not null`,
    );
    expect(faults.every(({ code, remedy }) => code === 'CONNECTION_REMOVED' && remedy !== null)).toBe(true);
  });

  test('asks anew for what was decided about systems that it covered for others', async () => {
    const add = (key: string, coveredBy: string) =>
      query(
        `insert into connector_host.systems
          (connection, key, system, coverage_state, first_seen, last_seen, last_detection, state, changes, treatment)
         values ($1, $2, $3, 'not-reached', now(), now(), 1, 'active', '{}', $4)`,
        [other, key, { key, name: key, kind: 'destination' }, { kind: 'covered-elsewhere', coveredBy, reason: 'x' }],
      );
    await add('Zendesk', id);
    await add('Braze', 'another');
    expect(await desk.connections.remove(id, actors.admin)).toMatchObject({ decisionsToMake: 1 });
    const decisions = await query(
      `select key, treatment -> 'askedAgainAt' is not null as asked from connector_host.systems order by key`,
    );
    expect(decisions).toEqual([
      { key: 'Braze', asked: false },
      { key: 'Zendesk', asked: true },
    ]);
    const work = `select system, state from connector_host.work_items where kind = 'decide-system'`;
    expect(await query(work)).toEqual([{ system: 'Zendesk', state: 'open' }]);
  });

  test('leaves a request open that still waits for another connection, and other connections alone', async () => {
    await request('both', [
      [id, 'pending'],
      [other, 'pending'],
    ]);
    await desk.connections.remove(id, actors.admin);
    expect(await standing()).toEqual([['both', 'processing', false, expect.stringMatching(/^error/), 'pending']]);
    expect((await desk.connections.list()).map(({ name }) => name)).toEqual(['South']);
  });

  test('keeps the references of what the vendor has, and leaves what was complete on submission as it is', async () => {
    const complete = await operation('accepted');
    const running = await operation('accepted');
    await request('complete on submission', [[id, 'complete', complete]]);
    await request('running', [[id, 'processing', running]]);
    await desk.connections.remove(id, actors.admin);
    const rows = await query(
      'select id, state, reference is not null as kept from connector_host.operations order by id',
    );
    expect(rows.map(({ state, kept }) => [state, kept])).toEqual([
      ['accepted', true],
      ['failed', true],
    ]);
  });

  test('destroys its credentials and their key: not even a backup of the row opens them', async () => {
    const [{ secrets }] = await query('select secrets from connector_host.connections where id = $1', [id]);
    await desk.connections.remove(id, actors.admin);
    expect(await query('select state, secrets from connector_host.connections where id = $1', [id])).toEqual([
      { state: 'removed', secrets: null },
    ]);
    await expect(desk.keyring.open(`connection:${id}`, secrets, `connections/${id}`)).rejects.toMatchObject({
      code: 'DATA_KEY_UNKNOWN',
    });
    expect(await query('select * from connector_host.paces where connection = $1', [id])).toEqual([]);
  });

  test('is told in the timeline, makes its name free, and cannot be done twice', async () => {
    await desk.connections.remove(id, actors.admin);
    const rows = await query(`select kind, actor from connector_host.events where connection = $1 order by id`, [id]);
    expect(rows.at(-1)).toEqual({ kind: 'connection.removed', actor: actors.admin.id });
    await expect(desk.connections.remove(id, actors.admin)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await desk.connections.get(id)).toBeUndefined();
    expect(await create('North')).toEqual(expect.any(String));
  });
});
