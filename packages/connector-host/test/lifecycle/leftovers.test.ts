import { afterEach, describe, expect, test } from '@jest/globals';
import { eq } from 'drizzle-orm';
import { detections, leftovers, systems, tasks, workItems } from '../../src/store/schema.js';
import { type TreatmentWish, treat } from '../../src/systems/decide.js';
import { crowd, days, minutes, Stage, type StageOptions } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

/** A system of the inventory: `coverage`, and what else is special about it. */
type Given = Partial<typeof systems.$inferInsert> & { readonly coverage?: string; readonly kind?: string };

async function open(given: Readonly<Record<string, Given>>, options: StageOptions = {}): Promise<void> {
  stage = await Stage.open(options);
  const at = new Date(stage.clock.now());
  const { orm } = stage.db;
  await orm.insert(detections).values({ connection: 'c1', trigger: 'manual', state: 'complete', finishedAt: at });
  const rows = Object.entries(given).map(([key, { coverage = 'not-reached', kind = 'destination', ...more }]) => ({
    connection: 'c1',
    key,
    system: {
      key,
      name: `${key} prod`,
      kind,
      vendor: { name: key, slug: key.toLowerCase() },
      coverage: { state: coverage, reason: `${key} is ${coverage}.` },
    },
    coverageState: coverage,
    firstSeen: at,
    lastSeen: at,
    lastDetection: 1,
    state: 'active',
    changes: [],
    ...more,
  }));
  if (rows.length > 0) await orm.insert(systems).values(rows);
}

async function conclude(
  people: Readonly<Record<string, readonly string[]>>,
  end: 'completed' | 'completed_with_exceptions' | 'failed' = 'completed',
  ...exceptions: string[]
): Promise<void> {
  await stage.addPeople(people);
  await stage.pass(minutes);
  stage.vendor.finishAll(end, { exceptions: exceptions.map((system) => ({ system, reason: `${system} failed.` })) });
  await stage.pass(days);
}

const left = async () =>
  (await stage.db.orm.select().from(leftovers).orderBy(leftovers.operation, leftovers.system)).map(
    ({ system, name, code, state }) => [system, name, code, state].join(' | '),
  );

describe('what an operation did not do', () => {
  test('is written down once, however many people are in it: systems that it is not known to reach, also those connected no longer', async () => {
    await open({
      Braze: { coverage: 'reached' },
      Hubspot: { coverage: 'forwarded' },
      Mixpanel: {},
      Iterable: { coverage: 'needs-setup' },
      Odd: { coverage: 'unknown' },
      Old: { state: 'gone' },
      Reached: { state: 'gone', coverage: 'reached' },
      Refused: { state: 'gone', coverage: 'unknown', system: { unlisted: true, kind: 'destination' } },
      Zendesk: { kind: 'source' },
      Website: { kind: 'source', coverage: 'reached' },
      Archived: { archived: true },
      // What a workspace computes, and where: people are erased in what it writes to, which is listed itself.
      Model: { kind: 'model' },
      Function: { kind: 'function', coverage: 'unknown' },
      Space: { kind: 'space' },
    });
    await conclude(crowd(30));
    expect(await left()).toEqual([
      'Archived | Archived prod | NOT_REACHED | open',
      'Iterable | Iterable prod | NEEDS_SETUP | open',
      'Mixpanel | Mixpanel prod | NOT_REACHED | open',
      'Odd | Odd prod | COVERAGE_UNKNOWN | open',
      'Old | Old prod | NOT_REACHED | open',
      'Zendesk | Zendesk prod | NOT_REACHED | open',
    ]);
    expect(await stage.task('u-7')).toMatchObject({ state: 'complete', basis: 'vendor', leftOver: 'open' });
    expect(await stage.request('u-7')).toMatchObject({ state: 'left_over', settledAt: null });
    expect((await stage.request('u-7')).concludedAt).not.toBeNull();
  });

  test('takes the name that the inventory has for a system of which the vendor reports an exception', async () => {
    await open({ Braze: { coverage: 'forwarded' }, Mixpanel: {} });
    await conclude({ a: ['1'] }, 'completed_with_exceptions', 'braze', 'Mixpanel', 'Nobody');
    expect(await left()).toEqual([
      'Braze | Braze prod | VENDOR_EXCEPTION | open',
      'Mixpanel | Mixpanel prod | VENDOR_EXCEPTION | open',
      'Nobody | Nobody | VENDOR_EXCEPTION | open',
    ]);
    expect(await stage.task('a')).toMatchObject({ state: 'complete_with_exceptions', basis: 'vendor' });
  });

  const amplitude = (name: string, vendorId: string): Given => ({
    coverage: 'forwarded',
    system: {
      key: name,
      name: `Amplitude ${name}`,
      vendorId,
      kind: 'destination',
      vendor: { name: 'Amplitude', slug: 'amplitude' },
      coverage: { state: 'forwarded', reason: 'It is passed on.' },
    },
  });

  test('of two systems of one vendor is the one that the vendor names by its id, and the timeline calls it as the map does', async () => {
    await open({ Web: amplitude('Web', 'd1'), iOS: amplitude('iOS', 'd2') });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    const told = (id: string, state: 'completed' | 'failed') => ({
      id,
      name: 'Amplitude',
      state,
      vendorState: 'FAILED',
    });
    stage.vendor.finishAll('completed_with_exceptions', {
      destinations: [told('d1', 'completed'), told('d2', 'failed'), told('d3', 'completed')],
      exceptions: [{ id: 'd2', system: 'Amplitude', reason: 'It failed.' }],
    });
    await stage.pass(days);
    expect(await left()).toEqual(['iOS | Amplitude iOS | VENDOR_EXCEPTION | open']);
    const [operation] = await stage.operations();
    expect(operation?.destinations).toMatchObject([
      { key: 'Web', name: 'Amplitude Web' },
      { key: 'iOS', name: 'Amplitude iOS' },
      { name: 'Amplitude' },
    ]);
    expect(operation?.exceptions).toEqual([{ key: 'iOS', system: 'Amplitude iOS', reason: 'It failed.' }]);
    expect(await stage.eventsOf('operation.completed_with_exceptions')).toMatchObject([
      { data: { systems: 'Amplitude iOS' } },
    ]);
  });

  test('of a system that was connected since the last look is none of those that are called like it', async () => {
    await open({ Web: amplitude('Web', 'd1'), iOS: amplitude('iOS', 'd2') });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    stage.vendor.finishAll('completed_with_exceptions', {
      exceptions: [{ id: 'd3', system: 'Amplitude', reason: 'It failed.' }],
    });
    await stage.pass(days);
    expect(await left()).toEqual(['Amplitude | Amplitude | VENDOR_EXCEPTION | open']);
  });

  test('of a list that the vendor refused is no place that an exception could mean', async () => {
    const system = {
      name: 'Warehouses (not listed)',
      kind: 'warehouse',
      vendor: { name: 'Own', slug: 'own' },
      unlisted: true,
    };
    await open({ Lists: { coverage: 'unknown', system: { ...system, coverage: { reason: 'It was refused.' } } } });
    await conclude({ a: ['1'] }, 'completed_with_exceptions', 'Own');
    expect(await left()).toEqual([
      'Lists | Warehouses (not listed) | COVERAGE_UNKNOWN | open',
      'Own | Own | VENDOR_EXCEPTION | open',
    ]);
  });

  test('is nothing where every system is reached', async () => {
    await open({ Braze: { coverage: 'reached' } });
    await conclude({ a: ['1'] });
    expect(await left()).toEqual([]);
    expect(await stage.task('a')).toMatchObject({ state: 'complete', leftOver: 'none' });
    const request = await stage.request('a');
    expect(request.state).toBe('complete');
    expect(request.settledAt).toEqual(request.concludedAt);
  });

  test('ends at once as somebody decided about the system', async () => {
    const decided = (kind: string) => ({ treatment: { kind, reason: 'Looked.', by: 't1', at: '2026-01-01' } });
    await open({ A: decided('holds-nobody'), C: decided('accepted') });
    await conclude({ a: ['1'] });
    expect(await left()).toEqual(['A | A prod | NOT_REACHED | not_needed', 'C | C prod | NOT_REACHED | could_not']);
    expect(await stage.request('a')).toMatchObject({ state: 'complete_with_exceptions' });
    await stage.close();
    await open({ A: decided('by-hand') });
    await conclude({ a: ['1'] });
    expect(await left()).toEqual(['A | A prod | NOT_REACHED | open']);
  });

  describe('where another connection covers the system', () => {
    const covered = { kind: 'covered-elsewhere', coveredBy: 'c2', reason: 'c2 reaches it.' } as const;
    const there = { treatment: { ...covered, by: 't1', at: '2026-01-01' } };
    const both = { on: ['c1', 'c2'] };
    const states = async () => (await stage.db.orm.select().from(leftovers).orderBy(leftovers.id)).map((l) => l.state);
    async function erase(requestId: string, more: { on?: readonly string[] } = {}): Promise<void> {
      await stage.addPeople({ [requestId]: [requestId] }, more);
      await stage.pass(minutes);
      stage.vendor.finishAll('completed');
      await stage.pass(days);
    }
    async function openBoth(given: Given): Promise<void> {
      await open({ Zendesk: given });
      await stage.connections.add('c2', stage.vendor);
    }

    test('ends for those who are erased there, and for nobody else', async () => {
      await openBoth(there);
      await erase('a', both);
      expect([await states(), (await stage.request('a')).state]).toEqual([['not_needed'], 'complete']);
      await erase('b');
      expect([await states(), (await stage.request('b')).state]).toEqual([['not_needed', 'open'], 'left_over']);
    });

    test.each(['cancelled', 'not_applicable'])('stays where the task there is %s', async (state) => {
      await openBoth(there);
      await stage.addPeople({ a: ['1'] }, both);
      await stage.db.orm.update(tasks).set({ state }).where(eq(tasks.connection, 'c2'));
      await stage.pass(minutes);
      stage.vendor.finishAll('completed');
      await stage.pass(days);
      expect([await states(), (await stage.request('a')).state]).toEqual([['open'], 'left_over']);
    });

    test('stays where the connection was removed', async () => {
      await openBoth(there);
      await stage.addPeople({ a: ['1'] }, both);
      await stage.pass(minutes);
      stage.vendor.finishAll('completed');
      await stage.connections.setState('c2', 'removed');
      await stage.pass(days);
      expect(await states()).toEqual(['open']);
    });

    test('stays for all of a batch in which one is not erased there', async () => {
      await openBoth(there);
      await stage.addPeople({ a: ['1'] }, both);
      await erase('b');
      expect(await states()).toEqual(['open']);
    });

    test('follows a decision that is made afterwards, and so does the work', async () => {
      await openBoth({});
      await erase('a', both);
      await erase('b');
      expect(await states()).toEqual(['open', 'open']);
      const ada = { id: 't1', name: 'Ada', role: 'super-admin' } as const;
      const parts = { db: stage.db, engine: stage.engine, zone: 'UTC' };
      const decide = (wish: TreatmentWish | null) =>
        treat(parts, { connection: 'c1', key: 'Zendesk' }, wish, ada, new Date(stage.clock.now()));
      const work = async () =>
        (await stage.db.orm.select().from(workItems).where(eq(workItems.kind, 'erase-elsewhere'))).map((w) => w.state);
      await decide(covered);
      await stage.pass(minutes);
      expect([await states(), await work()]).toEqual([['not_needed', 'open'], ['open']]);
      expect((await stage.request('a')).state).toBe('complete');
      await decide({ kind: 'holds-nobody', reason: 'Totals.' });
      await stage.pass(minutes);
      expect([await states(), await work()]).toEqual([['not_needed', 'not_needed'], ['not_needed']]);
      await decide(covered);
      await stage.pass(minutes);
      expect([await states(), await work()]).toEqual([['not_needed', 'open'], ['open']]);
      await decide({ ...covered, reason: 'Looked again.' });
      await decide(null);
      await stage.pass(minutes);
      expect(await states()).toEqual(['open', 'open']);
    });
  });

  test('follows a decision and its withdrawal also where nothing reminds of them', async () => {
    const accepted = { treatment: { kind: 'accepted', reason: 'Looked.', by: 't1', at: '2026-01-01' } };
    await open({ Mixpanel: accepted });
    await conclude({ a: ['1'] });
    const states = [(await left())[0]];
    for (const decided of [{ treatment: null }, accepted]) {
      await stage.db.orm.update(systems).set(decided);
      await stage.pass(minutes);
      states.push((await left())[0]);
    }
    expect(states.map((one) => one?.split(' | ').at(-1))).toEqual(['could_not', 'open', 'could_not']);
  });

  test('is not told of one that failed: nothing was done at all', async () => {
    await open({ Mixpanel: {} });
    await conclude({ a: ['1'] }, 'failed');
    expect(await left()).toEqual([]);
    expect(await stage.task('a')).toMatchObject({ state: 'error', basis: null, leftOver: null });
    expect(await stage.request('a')).toMatchObject({ state: 'error', settledAt: null });
  });

  test('is written down at submission where that counts as the end', async () => {
    await open({ Mixpanel: {} }, { config: { behavior: 'complete-on-submit' } });
    await stage.addPeople({ a: ['1'] });
    await stage.pass(minutes);
    expect(await left()).toEqual(['Mixpanel | Mixpanel prod | NOT_REACHED | open']);
    expect(await stage.task('a')).toMatchObject({ state: 'complete', basis: 'submission' });
    expect(await stage.request('a')).toMatchObject({ state: 'left_over' });
  });

  test('of a divided one is told of the parts, each to the people in it', async () => {
    await open({ Mixpanel: {} });
    stage.vendor.refuses.add('u1');
    await stage.addPeople(crowd(4));
    await stage.pass(minutes);
    stage.vendor.finishAll('completed');
    await stage.pass(days);
    expect(new Set(await left())).toEqual(new Set(['Mixpanel | Mixpanel prod | NOT_REACHED | open']));
    expect(await stage.task('u-0')).toMatchObject({ state: 'complete', basis: 'vendor', leftOver: 'open' });
    expect(await stage.task('u-1')).toMatchObject({ state: 'error', basis: null, leftOver: null });
    expect(await stage.request('u-2')).toMatchObject({ state: 'left_over' });
  });
});
