import { afterEach, describe, expect, test } from '@jest/globals';
import { and, asc, eq, sql } from 'drizzle-orm';
import { demandReconnect } from '../../src/connections/condition.js';
import { followWork, PURGED_UNREAD } from '../../src/lifecycle/leftovers/follow-work.js';
import { beginPeople, peopleLines } from '../../src/reading/people-list.js';
import { purgeBatch } from '../../src/retention/purge.js';
import { detections, leftovers, noticeOutbox, systems, workItems } from '../../src/store/schema.js';
import { decideWork, joinWork } from '../../src/work/left-over.js';
import { crowd, days, minutes, Stage, type StageOptions } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

const ada = { id: 't1', name: 'Ada', role: 'super-admin' } as const;

async function open(keys: readonly string[], options: StageOptions = {}): Promise<void> {
  stage = await Stage.open(options);
  const at = new Date(stage.clock.now());
  const { orm } = stage.db;
  await orm.insert(detections).values({ connection: 'c1', trigger: 'manual', state: 'complete', finishedAt: at });
  await orm.insert(systems).values(
    keys.map((key) => ({
      connection: 'c1',
      key,
      system: {
        key,
        name: key,
        kind: 'destination',
        vendor: { name: key, slug: key },
        coverage: { reason: 'No API.' },
      },
      coverageState: 'not-reached',
      firstSeen: at,
      lastSeen: at,
      lastDetection: 1,
      state: 'active',
      changes: [],
    })),
  );
}

async function conclude(people: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await stage.addPeople(people);
  await stage.pass(minutes);
  stage.vendor.finishAll('completed');
  await stage.pass(days);
}

const items = () => stage.db.orm.select().from(workItems).orderBy(asc(workItems.id));
const itemOf = async (system: string) =>
  (await items()).filter((one) => one.system === system && one.kind === 'erase-elsewhere');
const shown = async () =>
  (await items()).map(({ kind, system, state, people, listedAt }) =>
    [kind, system, state, people, ...(listedAt === null ? [] : ['listed'])].join(' '),
  );
const present = () => new Date(stage.clock.now());
const lines = async (id: number) => peopleLines(stage.db, id, await stage.keyring.people(), present);
const read = async (id: number) => {
  await beginPeople(stage.db, id, ada, present());
  return listOf(id);
};
const listOf = async (id: number) => {
  let text = '';
  for await (const piece of await lines(id)) text += piece;
  return text
    .split('\r\n')
    .slice(1, -1)
    .map((line) => line.split(',')[0]);
};

/** What must hold whatever happened: each open leftover is in an open item, and an item is open while something in it is. */
async function demandWhole(): Promise<void> {
  const { rows } = await stage.db.orm.execute(sql`
    select l.id from ${leftovers} l left join ${workItems} w on w.id = l.work
      where l.state = 'open' and w.state is distinct from 'open' and w.lagging is distinct from true
    union all
    select w.id from ${workItems} w where w.kind = 'erase-elsewhere' and not w.lagging
      and (w.state = 'open') <> exists (select from ${leftovers} l where l.work = w.id and l.state = 'open')`);
  expect(rows).toEqual([]);
}

/** Waits until the database lets something wait. Throws where it came to its end without. */
async function waiting(until: Promise<unknown>): Promise<void> {
  let done = false;
  void until.then(() => {
    done = true;
  });
  for (;;) {
    const { rows } = await stage.db.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    if (done) throw new Error('It did not wait.');
  }
}

/** Does something again and again, with the connection to the database lost at the first statement of its transaction, the second, and so on; answers how many there were. */
async function dieAtEach(work: () => Promise<unknown>, after: () => Promise<void>): Promise<number> {
  const { pool } = stage.db;
  const connect = pool.connect.bind(pool);
  for (let at = 1; ; at += 1) {
    let seen = 0;
    Object.assign(pool, {
      connect: async (...given: unknown[]) => {
        // Statements outside of transactions come by a callback.
        if (given.length > 0) return (connect as (...args: unknown[]) => unknown)(...given);
        const client = await connect();
        const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
        const release = client.release.bind(client);
        Object.assign(client, {
          query: (...args: unknown[]) => {
            // What only begins a transaction, or gives one up, is none of its statements.
            if (['begin', 'rollback'].includes(String((args[0] as { text?: string }).text ?? args[0])))
              return query(...args);
            seen += 1;
            return seen === at ? query('select pg_terminate_backend(pg_backend_pid())') : query(...args);
          },
          release: (broken?: boolean) => {
            Object.assign(client, { query, release });
            release(broken ?? seen >= at);
          },
        });
        return client;
      },
    });
    try {
      await work();
      if (seen < at) return seen;
    } catch {
      // Lost.
    } finally {
      Object.assign(pool, { connect });
    }
    await after();
  }
}

describe('work in systems that deletions left over', () => {
  test('is a row for a system, however many people and batches', async () => {
    await open(['a', 'b']);
    await conclude(crowd(30));
    await conclude(crowd(20, 'v'));
    expect(await shown()).toEqual(['erase-elsewhere a open 50', 'erase-elsewhere b open 50']);
    expect(await stage.eventsOf('work.opened')).toHaveLength(2);
    await demandWhole();
  });

  test('is joined by nobody once its list was downloaded: whoever comes in that moment is in the next item, and in one list alone', async () => {
    await open(['a']);
    await conclude(crowd(3));
    const [first] = await itemOf('a');
    const id = first?.id ?? 0;
    // Somebody joins, and has not committed when the download begins: it waits, and has them.
    const more = await stage.db.orm.select().from(leftovers);
    const [one] = more;
    if (one === undefined) throw new Error('Nothing is left over.');
    let download: Promise<void> = Promise.resolve();
    const homeless = { ...one, operation: 77, work: null };
    await stage.db.orm.transaction(async (tx) => {
      const { id: _id, ...row } = homeless;
      const [made] = await tx.insert(leftovers).values(row).returning({ id: leftovers.id });
      await joinWork(tx, sql`l.id = ${made?.id ?? 0}`, new Date(stage.clock.now()));
      download = beginPeople(stage.db, id, ada, new Date(stage.clock.now()));
      await waiting(download);
    });
    await download;
    const joined = await stage.db.orm.select().from(leftovers).where(eq(leftovers.operation, 77));
    expect(joined).toMatchObject([{ work: id }]);
    expect((await listOf(id)).sort()).toEqual(['u-0', 'u-1', 'u-2']);
    // Somebody joins while a list is taken down: they wait, and the item is full.
    await conclude(crowd(2, 'v'));
    const second = (await itemOf('a')).at(-1)?.id ?? 0;
    let joining: Promise<void> = Promise.resolve();
    await stage.db.orm.transaction(async (tx) => {
      await tx.update(workItems).set({ listedAt: new Date() }).where(eq(workItems.id, second));
      joining = stage.db.orm.transaction(async (other) => {
        const { id: _id, ...row } = { ...homeless, operation: 78 };
        const [made] = await other.insert(leftovers).values(row).returning({ id: leftovers.id });
        await joinWork(other, sql`l.id = ${made?.id ?? 0}`, new Date(stage.clock.now()));
      });
      await waiting(joining);
    });
    await joining;
    const [late] = await stage.db.orm.select().from(leftovers).where(eq(leftovers.operation, 78));
    expect(late?.work).toBeGreaterThan(second);
    await demandWhole();
  });

  test('is whole at whatever statement the database is lost while somebody ends it, or opens it again', async () => {
    await open(['a']);
    await conclude(crowd(3));
    const id = (await itemOf('a'))[0]?.id ?? 0;
    const state = async () => (await itemOf('a'))[0]?.state;
    await read(id);
    const end = () => stage.lifecycle.endWork(id, { outcome: 'done', reason: 'By hand.' }, ada);
    const atEnd = await dieAtEach(end, async () => {
      await demandWhole();
      if ((await state()) !== 'open') await stage.lifecycle.reopenWork(id, 'Again.', ada);
    });
    expect(atEnd).toBeGreaterThan(8);
    expect(await state()).toBe('done');
    const again = await dieAtEach(
      () => stage.lifecycle.reopenWork(id, 'It was not.', ada),
      async () => {
        await demandWhole();
        if ((await state()) === 'open') await end();
      },
    );
    expect(again).toBeGreaterThan(8);
    await demandWhole();
    await end();
    await stage.idle();
    expect(await stage.request('u-1')).toMatchObject({ state: 'complete' });
    expect((await stage.request('u-1')).settledAt).not.toBeNull();
  });

  test('is whole at whatever statement the database is lost while somebody joins it', async () => {
    await open(['a', 'b']);
    await conclude(crowd(3));
    const { orm } = stage.db;
    await orm.delete(workItems);
    await orm.update(leftovers).set({ work: null });
    const steps = await dieAtEach(
      () => orm.transaction((tx) => joinWork(tx, sql`l.connection = 'c1'`, new Date(stage.clock.now()))),
      async () => {
        expect(await items()).toEqual([]);
        expect(
          await orm
            .select()
            .from(leftovers)
            .where(and(eq(leftovers.state, 'open'), sql`work is not null`)),
        ).toEqual([]);
      },
    );
    expect(steps).toBeGreaterThan(3);
    expect(await shown()).toEqual(['erase-elsewhere a open 3', 'erase-elsewhere b open 3']);
    await demandWhole();
  });

  test('that ends for one batch in two systems at the same time leaves nothing over', async () => {
    await open(['a', 'b']);
    await conclude(crowd(3));
    const at = new Date(stage.clock.now());
    const [a = 0, b = 0] = (await items()).map(({ id }) => id);
    await read(b);
    let second: Promise<void> = Promise.resolve();
    await stage.db.orm.transaction(async (tx) => {
      await tx
        .update(workItems)
        .set({ state: 'done', ended: { at: at.toISOString(), why: 'By hand.' }, lagging: true })
        .where(eq(workItems.id, a));
      await followWork(tx, 'c1', at, a);
      second = stage.lifecycle.endWork(b, { outcome: 'done', reason: 'By hand.' }, ada);
      await waiting(second);
    });
    await second;
    await stage.lifecycle.bringOn('c1');
    await stage.idle();
    expect(await stage.operations()).toMatchObject([{ leftOver: 'none', lagging: false }]);
    expect(await stage.request('u-1')).toMatchObject({ state: 'complete' });
  });

  test('is done only once somebody was shown whom it is about: not while the list was never downloaded, nor after it was ended so', async () => {
    await open(['a']);
    await conclude(crowd(2));
    const id = (await itemOf('a'))[0]?.id ?? 0;
    const done = () => stage.lifecycle.endWork(id, { outcome: 'done', reason: 'By hand.' }, ada);
    const refused = {
      code: 'STATE_FORBIDS',
      remedy: expect.stringMatching(/console.*work people ID --to FILE.*\/people/),
    };
    await expect(done()).rejects.toMatchObject(refused);
    // Whoever ends it otherwise closes the list, and has not read it.
    await stage.lifecycle.endWork(id, { outcome: 'could_not', reason: 'No key.' }, ada);
    await stage.lifecycle.reopenWork(id, 'There is one.', ada);
    await expect(done()).rejects.toMatchObject(refused);
    const filter = { code: 'NOT_REACHED', connection: 'c1', system: 'a' };
    const byFilter = () => stage.lifecycle.closeLeftovers(filter, { outcome: 'done', reason: 'By filter.' }, ada);
    await expect(byFilter()).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    expect(await stage.request('u-1')).toMatchObject({ state: 'left_over' });
    await read(id);
    await done();
    await stage.idle();
    expect(await stage.request('u-1')).toMatchObject({ state: 'complete' });
  });

  test('is not done for people of a list that broke off, or who were purged while it was taken down', async () => {
    await open(['a']);
    await conclude(crowd(2));
    const id = (await itemOf('a'))[0]?.id ?? 0;
    const done = () => stage.lifecycle.endWork(id, { outcome: 'done', reason: 'By hand.' }, ada);
    await beginPeople(stage.db, id, ada, present());
    const broken = await lines(id);
    await broken.next();
    await broken.next();
    await broken.return(undefined);
    expect(await itemOf('a')).toMatchObject([{ listedAt: expect.any(Date), readAt: null }]);
    await expect(done()).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    const whole = await lines(id);
    await whole.next();
    const soon = new Date(stage.clock.now() + 1);
    await stage.db.orm.transaction((tx) => purgeBatch(tx, { settled: soon, unsettled: soon }, 0, soon));
    await stage.pass(minutes);
    let rest = '';
    for await (const piece of whole) rest += piece;
    expect(rest).toContain('purged');
    await done();
    expect(await stage.db.orm.select().from(leftovers)).toMatchObject([
      { state: 'could_not', ended: { why: PURGED_UNREAD } },
    ]);
  });

  test('ends as done by filter for nobody who comes in that moment, and is in no list', async () => {
    await open(['a']);
    await conclude(crowd(2));
    await read((await itemOf('a'))[0]?.id ?? 0);
    const [one] = await stage.db.orm.select().from(leftovers);
    if (one === undefined) throw new Error('Nothing is left over.');
    const filter = { code: 'NOT_REACHED', connection: 'c1', system: 'a' };
    let closing: Promise<unknown> = Promise.resolve();
    await stage.db.orm.transaction(async (tx) => {
      // It can be read, and nothing of it changed, until somebody else is left over.
      await tx.execute(sql`lock table ${leftovers} in share mode`);
      closing = stage.lifecycle.closeLeftovers(filter, { outcome: 'done', reason: 'By filter.' }, ada);
      await waiting(closing);
      const { id: _id, ...row } = { ...one, operation: 79, work: null };
      const [made] = await tx.insert(leftovers).values(row).returning({ id: leftovers.id });
      await joinWork(tx, sql`l.id = ${made?.id ?? 0}`, present());
    });
    await closing;
    const states = await stage.db.orm.select().from(leftovers).orderBy(asc(leftovers.id));
    expect(states.map(({ operation, state }) => [operation === 79, state])).toEqual([
      [false, 'done'],
      [true, 'open'],
    ]);
    await demandWhole();
  });

  test.each([
    ['done', 'after the list was downloaded', 'done'],
    ['done', 'before', 'could_not'],
    ['not_needed', 'before', 'could_not'],
  ] as const)(
    'that ends as %s for people whose identifiers were purged %s leaves them as %s',
    async (outcome, when, state) => {
      await open(['a']);
      await conclude(crowd(2));
      const id = (await itemOf('a'))[0]?.id ?? 0;
      if (when !== 'before') await read(id);
      const soon = new Date(stage.clock.now() + minutes);
      await stage.db.orm.transaction((tx) => purgeBatch(tx, { settled: soon, unsettled: soon }, 0, soon));
      await stage.pass(minutes * 2);
      if (outcome === 'done' && when === 'before') await read(id);
      await stage.lifecycle.endWork(id, { outcome, reason: 'By hand.' }, ada);
      await stage.lifecycle.bringOn('c1');
      await stage.idle();
      const [left] = await stage.db.orm.select().from(leftovers);
      const why = state === 'done' ? 'By hand.' : PURGED_UNREAD;
      expect(left).toMatchObject({ state, ended: { why, by: ada.id, work: id } });
      expect(await stage.request('u-1')).toMatchObject({
        state: state === 'done' ? 'complete' : 'complete_with_exceptions',
      });
      await stage.lifecycle.reopenWork(id, 'Again.', ada);
      expect(await stage.db.orm.select().from(leftovers)).toMatchObject([{ state: 'open', ended: null }]);
    },
  );

  test('is told to whom a decision gives it with the day on which it is due by that', async () => {
    await open(['a']);
    await conclude(crowd(1));
    const decided = { connection: 'c1', system: 'a', outcome: 'open', kind: 'by-hand', by: 't1', days: 2 } as const;
    await stage.db.orm.transaction((tx) => decideWork(tx, { ...decided, owner: 'ops@acme.example' }, present()));
    const [item] = await itemOf('a');
    const told = await stage.db.orm.select().from(noticeOutbox).where(eq(noticeOutbox.kind, 'work.assigned'));
    expect(told).toMatchObject([
      { owner: 'ops@acme.example', facts: { work: item?.id, dueAt: item?.dueAt?.toISOString() } },
    ]);
  });

  test('that ends in one of two systems changes nothing of its people', async () => {
    await open(['a', 'b']);
    await conclude(crowd(3));
    const [a = 0] = (await items()).map(({ id }) => id);
    const before = await stage.operations();
    await stage.lifecycle.endWork(a, { outcome: 'could_not', reason: 'Nobody has the key.' }, ada);
    expect(await stage.operations()).toEqual(before);
    await stage.idle();
    expect(await stage.request('u-1')).toMatchObject({ state: 'left_over' });
    expect(await stage.eventsOf('operation.leftover_ended')).toHaveLength(1);
  });

  test('of before there was any is gathered up by the sweep', async () => {
    await open(['a']);
    await conclude(crowd(3));
    await stage.db.orm.delete(workItems);
    await stage.db.orm.update(leftovers).set({ work: null });
    await stage.pass(2 * minutes);
    expect(await shown()).toEqual(['erase-elsewhere a open 3']);
    await demandWhole();
  });
});

describe('work of the host itself', () => {
  test('a submission that nobody can decide is decided by whoever settles it', async () => {
    stage = await Stage.open();
    stage.vendor.troubles.push('lost-after');
    stage.vendor.reconcileAnswers.push({
      found: 'undecidable',
      fault: { code: 'NOT_SUPPORTED', kind: 'vendor', retryable: false, message: 'There is no list.' },
    });
    await stage.addPeople(crowd(2));
    await stage.pass(minutes);
    const [operation] = await stage.operations();
    expect(await items()).toMatchObject([
      { kind: 'decide-submission', state: 'open', about: operation?.id, people: 2, dueAt: operation?.dueAt },
    ]);
    const id = (await items())[0]?.id ?? 0;
    const end = { outcome: 'done', reason: 'x' } as const;
    await expect(stage.lifecycle.endWork(id, end, ada)).rejects.toMatchObject({ code: 'STATE_FORBIDS' });
    await stage.lifecycle.settle(operation?.id ?? 0, { confirm: 'ref-1' }, ada);
    expect(await shown()).toEqual(['decide-submission  done 2']);
  });

  test('a connection that stopped working is due when the first of those is who came to wait for it since', async () => {
    stage = await Stage.open();
    const fault = { code: 'UNAUTHENTICATED', kind: 'auth', retryable: false, message: 'No.' } as const;
    await demandReconnect(stage.db, 'c1', fault, present(), null);
    expect(await items()).toMatchObject([{ kind: 'reconnect', dueAt: null }]);
    const dueAt = new Date(stage.clock.now() + 5 * days);
    for (const [name, due] of [
      ['u', new Date(dueAt.getTime() + days)],
      ['v', dueAt],
      ['w', undefined],
    ] as const) {
      await stage.addPeople(crowd(1, name), due === undefined ? {} : { dueAt: due });
      await stage.pass(2 * minutes);
    }
    expect(await items()).toMatchObject([{ kind: 'reconnect', dueAt }]);
  });

  test('a connection that stopped working, and an undecided batch, of before there was any work, are found at the start', async () => {
    stage = await Stage.open();
    stage.vendor.troubles.push({
      fault: { code: 'UNAUTHENTICATED', kind: 'auth', retryable: false, message: 'No longer valid.' },
    });
    await stage.addPeople(crowd(1));
    await stage.pass(minutes);
    const [operation] = await stage.operations();
    expect(await items()).toMatchObject([
      { kind: 'reconnect', connection: 'c1', state: 'open', dueAt: operation?.dueAt },
    ]);
    await stage.db.orm.delete(workItems);
    await stage.restart();
    await stage.restart();
    expect(await shown()).toEqual(['reconnect  open 0']);
  });
});
