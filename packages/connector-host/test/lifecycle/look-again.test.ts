import { afterEach, expect, test } from '@jest/globals';
import { asc, eq } from 'drizzle-orm';
import { localDate } from '../../src/requests/zoned-days.js';
import { leftovers, noticeOutbox, systems, workItems } from '../../src/store/schema.js';
import { treat } from '../../src/systems/decide.js';
import { days, minutes, Stage } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

const ada = { id: 't1', name: 'Ada', role: 'super-admin' } as const;
const inDays = (count: number) => localDate(stage.clock.now() + count * days, 'UTC');
const decide = (key: string, lookAgainOn?: string) =>
  treat(
    { db: stage.db, engine: stage.engine, zone: 'UTC' },
    { connection: 'c1', key },
    { kind: 'holds-nobody', reason: 'Totals alone.', ...(lookAgainOn === undefined ? {} : { lookAgainOn }) },
    ada,
    new Date(stage.clock.now()),
  );

async function open(coverage: Readonly<Record<string, string>>): Promise<void> {
  stage = await Stage.open();
  const at = new Date(stage.clock.now());
  const common = { connection: 'c1', firstSeen: at, lastSeen: at, lastDetection: 1, state: 'active', changes: [] };
  const rows = Object.entries(coverage).map(([key, coverageState]) => ({
    ...common,
    key,
    system: { key, name: `${key} prod`, kind: 'destination', vendor: { name: key }, coverage: { reason: 'No API.' } },
    coverageState,
  }));
  await stage.db.orm.insert(systems).values(rows);
}

const items = async () =>
  (
    await stage.db.orm.select().from(workItems).where(eq(workItems.kind, 'decide-system')).orderBy(asc(workItems.id))
  ).map(({ system, state }) => `${system} ${state}`);
const told = async () => (await stage.db.orm.select().from(noticeOutbox)).map(({ kind, facts }) => [kind, facts]);
const treatmentOf = async (key: string) =>
  (await stage.db.orm.select().from(systems).where(eq(systems.key, key)))[0]?.treatment;

async function erase(requestId: string): Promise<string[]> {
  await stage.addPeople({ [requestId]: [requestId] });
  await stage.pass(minutes);
  stage.vendor.finishAll('completed');
  await stage.pass(days / 4);
  const { operation } = await stage.task(requestId);
  const rows = await stage.db.orm
    .select()
    .from(leftovers)
    .where(eq(leftovers.operation, operation ?? 0));
  return rows.map(({ system, state }) => `${system} ${state}`);
}

test('a decision is asked for again from its day on, and counts until somebody decides anew', async () => {
  await open({ A: 'not-reached', B: 'not-reached', C: 'reached' });
  await decide('A', inDays(3));
  await decide('B');
  await decide('C', inDays(3));
  await stage.pass(2 * days);
  expect([await items(), await told()]).toEqual([[], []]);

  await stage.pass(days);
  expect(await items()).toEqual(['A open']);
  expect(await told()).toEqual([['system.asked_again', { system: 'A prod' }]]);
  expect(await stage.eventsOf('system.asked_again')).toMatchObject([{ connection: 'c1', data: { key: 'A' } }]);
  expect(await treatmentOf('A')).toMatchObject({ kind: 'holds-nobody', askedAgainAt: expect.any(String) });
  expect(await treatmentOf('C')).not.toHaveProperty('askedAgainAt');
  expect((await erase('later')).sort()).toEqual(['A not_needed', 'B not_needed']);
  expect(await stage.request('later')).toMatchObject({ state: 'complete' });

  await stage.pass(2 * days);
  expect(await items()).toEqual(['A open']);
  expect(await told()).toHaveLength(1);

  await expect(decide('A', inDays(0))).rejects.toMatchObject({
    errors: [{ field: 'treatment.lookAgainOn', message: 'The day to look at it again is not after today.' }],
  });
  await decide('A', inDays(10));
  expect(await items()).toEqual(['A done']);
  expect(await treatmentOf('A')).not.toHaveProperty('askedAgainAt');
  await stage.pass(10 * days);
  expect(await items()).toEqual(['A done', 'A open']);
});

test('a decision is not asked for again by a clock in doubt, nor while it does not matter', async () => {
  await open({ A: 'not-reached', C: 'reached' });
  await decide('A', inDays(1));
  await decide('C', inDays(1));
  stage.clock.doubts.all = 'It is far from the others.';
  await stage.pass(2 * days);
  expect(await items()).toEqual([]);
  delete stage.clock.doubts.all;
  await stage.db.orm.update(systems).set({ coverageState: 'unknown' }).where(eq(systems.key, 'C'));
  await stage.pass(minutes);
  expect((await items()).sort()).toEqual(['A open', 'C open']);
});
