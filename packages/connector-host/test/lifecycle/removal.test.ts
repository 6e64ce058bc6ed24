/** A connection is removed while something is being done with it: nothing stays open, nothing comes back to life. */
import { afterEach, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { endConnection, type RemovalReport } from '../../src/connections/removal.js';
import { countDue } from '../../src/retention/purge.js';
import { fault } from './scripted-vendor.js';
import { crowd, days, minutes, Stage, type StageOptions } from './stage.js';

let stage: Stage;
const open = async (options?: StageOptions) => {
  stage = await Stage.open(options);
};
afterEach(() => stage.close());

const remove = (): Promise<RemovalReport> =>
  stage.db.orm.transaction((tx) => endConnection(tx, 'c1', new Date(stage.clock.now())));

/** Waits until some session of the database waits for a row. */
async function waitsForLock(): Promise<void> {
  for (;;) {
    const { rows } = await stage.db.orm.execute(
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}

async function everythingEnded(): Promise<void> {
  const { rows } = await stage.db.orm.execute(sql`
    select (select count(*)::int from connector_host.operations where finished_at is null) as operations,
      (select count(*)::int from connector_host.tasks where concluded_at is null) as tasks,
      (select count(*)::int from connector_host.requests where concluded_at is null) as requests`);
  expect(rows).toEqual([{ operations: 0, tasks: 0, requests: 0 }]);
}

test('during a submission: its answer comes too late and changes nothing', async () => {
  await open();
  stage.vendor.onSubmit = async () => {
    await remove();
  };
  await stage.addPeople({ a: ['1'] });
  await stage.pass(minutes);
  expect(stage.vendor.records.size).toBe(1);
  expect(await stage.operations()).toMatchObject([{ state: 'failed', reference: null }]);
  expect(await stage.task('a')).toMatchObject({ state: 'error', fault: { code: 'CONNECTION_REMOVED' } });
  await stage.pass(2 * days);
  await everythingEnded();
  expect(stage.vendor.calls).toMatchObject({ submit: 1, reconcile: 0, status: 0 });
});

test('while an operation is planned that everybody left: it is taken back, and its people can be purged', async () => {
  await open();
  stage.vendor.troubles.push({ fault: fault('UNAUTHENTICATED', 'Revoked.') });
  await stage.addPeople({ a: ['1'], b: ['2'] });
  await stage.pass(minutes);
  await stage.lifecycle.cancel('a');
  const settled = new Date(stage.clock.now() + days);
  const due = () => countDue(stage.db.orm, { settled, unsettled: settled });
  // The other one still needs the operation; the one who left it does not.
  expect(await due()).toBe(1);
  await stage.lifecycle.cancel('b');
  await remove();
  expect(await stage.operations()).toMatchObject([{ state: 'cancelled' }]);
  expect(await due()).toBe(2);
  await everythingEnded();
});

test('while people are being planned: it waits for them, and ends them too', async () => {
  await open();
  const plan = stage.vendor.plan.bind(stage.vendor);
  let removal: Promise<RemovalReport> | undefined;
  stage.vendor.plan = async (subjects, config) => {
    removal ??= remove();
    await waitsForLock();
    return plan(subjects, config);
  };
  await stage.addPeople(crowd(3));
  await stage.pass(minutes);
  expect(await removal).toMatchObject({ tasksNotSubmitted: 3, operationsCancelled: 1 });
  await everythingEnded();
  expect(stage.vendor.calls.submit).toBe(0);
});

test('while tasks in error are given back to it: they stay in error', async () => {
  await open();
  stage.vendor.troubles.push({ fault: fault('INPUT_REFUSED', 'Not like this.') });
  await stage.addPeople({ a: ['1'] });
  await stage.pass(minutes);
  let retry: ReturnType<typeof stage.lifecycle.retryAll> | undefined;
  await stage.db.orm.transaction(async (tx) => {
    await endConnection(tx, 'c1', new Date(stage.clock.now()));
    retry = stage.lifecycle.retryAll({});
    await Promise.race([waitsForLock(), retry]);
  });
  expect(await retry).toEqual({ retried: 0, unsettled: 0, unsendable: 1 });
  expect(await stage.task('a')).toMatchObject({ state: 'error', fault: { code: 'INPUT_REFUSED' } });
});

test('with a task in error: a retry says that the connection was removed, or that the person was purged', async () => {
  await open();
  await stage.addPeople({ a: ['1'] });
  await expect(stage.lifecycle.retry('a')).rejects.toThrow('No task of the request is in error.');
  await remove();
  await expect(stage.lifecycle.retry('a')).rejects.toMatchObject({
    code: 'STATE_FORBIDS',
    message: 'The request is in error at a connection that was removed.',
    remedy: expect.stringContaining('Connect the system again, send a new request'),
  });
  await stage.db.pool.query('update connector_host.requests set identifiers = null');
  await expect(stage.lifecycle.retry('a')).rejects.toThrow('the identifiers of the person were purged');
});

test('with a divided operation: every part is ended, and everybody in them told that it may be carried out', async () => {
  await open();
  stage.vendor.refuses.add('u2');
  await stage.addPeople(crowd(6));
  await stage.pass(minutes);
  const before = await stage.operations();
  expect(before.filter(({ root, state }) => root !== null && state === 'accepted').length).toBeGreaterThan(1);
  await remove();
  await everythingEnded();
  expect(await stage.task('u-0')).toMatchObject({
    fault: { message: expect.stringContaining('no longer be followed') },
  });
});

test('with an operation that a person was asked about: nobody can decide it any more', async () => {
  await open();
  stage.vendor.troubles.push('lost-after');
  stage.vendor.reconcileAnswers.push({ found: 'undecidable', fault: fault('NOT_SUPPORTED', 'There is no list.') });
  await stage.addPeople({ a: ['1'] });
  await stage.pass(minutes);
  const [operation] = await stage.operations();
  expect(operation).toMatchObject({ state: 'undecided' });
  await remove();
  await expect(stage.lifecycle.settle(operation?.id ?? 0, 'resubmit')).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
  await everythingEnded();
  expect(await stage.task('a')).toMatchObject({ state: 'error', fault: { code: 'CONNECTION_REMOVED' } });
});

test('while an operation is to be sent again of which nobody knows whether it arrived: it may have, and is not taken back', async () => {
  await open();
  await stage.db.orm.execute(sql`update connector_host.connections set settings = '{"repeatUncertain": true}'`);
  stage.vendor.troubles.push('lost-after');
  stage.vendor.reconcile = async () => {
    await stage.connections.setState('c1', 'paused');
    return { found: 'undecidable', fault: fault('TIMEOUT', 'No list.') };
  };
  await stage.addPeople({ a: ['1'], b: ['2'] });
  await stage.pass(minutes);
  expect(await stage.operations()).toMatchObject([{ state: 'planned', repeats: 1 }]);
  await expect(stage.lifecycle.cancel('a')).rejects.toThrow('Nobody knows whether the vendor has the deletion');
  expect(await remove()).toMatchObject({ tasksNotSubmitted: 0, tasksNotFollowed: 2, operationsCancelled: 0 });
  expect((await stage.task('a')).fault).toMatchObject({ message: expect.stringContaining('may carry it out') });
  await everythingEnded();
});
