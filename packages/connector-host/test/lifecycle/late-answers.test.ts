/** A worker is given up for lost while its call is at the vendor; another one decides, and then the answer comes after all. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { sql } from 'drizzle-orm';
import { fault, type Trouble } from './scripted-vendor.js';
import { hours, minutes, Stage } from './stage.js';

let stage: Stage;
let stopOther: () => Promise<void> = async () => undefined;
afterEach(async () => {
  await stopOther();
  await stage.close();
});

/** The first submission of `a` is held up at the vendor until another worker was told that it cannot be looked for. */
async function overtaken(trouble?: Trouble): Promise<void> {
  stage = await Stage.open();
  if (trouble !== undefined) stage.vendor.troubles.push(trouble);
  stage.vendor.reconcileAnswers.push({ found: 'undecidable', fault: fault('NOT_SUPPORTED', 'There is no list.') });
  stage.vendor.onSubmit = async () => {
    stage.vendor.onSubmit = async () => undefined;
    await stage.db.orm.execute(sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'connector-host leases'`);
    stopOther = await stage.another();
    // Whoever passes the time waits for this submission, which waits for the clock to go on.
    while ((await stage.operations())[0]?.state !== 'undecided') await stage.clock.sleep(1_000);
    expect(await stage.request('a')).toMatchObject({ state: 'waiting_for_person' });
  };
  await stage.addPeople({ a: ['1'] });
  await stage.pass(minutes);
  // Stopping waits for what runs: by then the first worker has written down what it heard.
  await stage.restart();
  await stage.idle();
}

describe('an answer that comes when a person was already asked to decide', () => {
  test('and says that the vendor has it, brings the person on and is followed to the end', async () => {
    await overtaken();
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', reference: 'ref-1', attempts: 1 }]);
    expect(await stage.task('a')).toMatchObject({ state: 'processing', fault: null, concludedAt: null });
    expect(await stage.request('a')).toMatchObject({ state: 'processing', concludedAt: null });
    stage.vendor.finishAll('completed');
    await stage.pass(hours);
    expect(await stage.request('a')).toMatchObject({ state: 'complete' });
    expect(stage.vendor.calls.submit).toBe(1);
  });

  test('and says that the vendor has it not, lets it be sent again', async () => {
    await overtaken({ fault: fault('RATE_LIMITED', 'Slow down.') });
    await stage.pass(minutes);
    expect(await stage.operations()).toMatchObject([{ state: 'accepted', reference: 'ref-1' }]);
    expect(await stage.task('a')).toMatchObject({ state: 'processing', fault: null });
    expect(stage.vendor.records.size).toBe(1);
  });

  test('and says nothing, leaves the decision with the person', async () => {
    await overtaken('lost-after');
    expect(await stage.operations()).toMatchObject([{ state: 'undecided' }]);
    expect(await stage.task('a')).toMatchObject({
      state: 'waiting_for_person',
      fault: { code: 'SUBMISSION_UNCERTAIN' },
    });
    expect(stage.vendor.calls).toMatchObject({ submit: 1, reconcile: 1 });
  });
});
