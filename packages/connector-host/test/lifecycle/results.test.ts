/** What a vendor says that became of single people: each is concluded by it, whatever became of the others. */
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Operation, SubjectResult } from 'connector-contract';
import { requestText } from '../../src/cli/commands/request-text.js';
import { requestDetail } from '../../src/reading/detail.js';
import { operationMembers } from '../../src/store/schema.js';
import { fault } from './scripted-vendor.js';
import { days, minutes, Stage, type StageOptions } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

const kept = fault('CONFLICT', 'An invoice has to be kept.', { remedy: 'Ask again next year.' });
const refused = fault('IDENTIFIER_REFUSED', 'It is an account of the system.');

/** By the first letter of the identifier. */
const ends: Readonly<Record<string, Omit<SubjectResult, 'id'>>> = {
  e: { outcome: 'erased' },
  n: { outcome: 'no-match' },
  p: { outcome: 'partial', fault: kept },
  r: { outcome: 'refused', fault: refused },
};

const told = ({ subjects }: Operation): SubjectResult[] =>
  subjects.map(({ id, identifiers }) => ({ id, ...(ends[identifiers[0]?.value[0] ?? ''] ?? { outcome: 'erased' }) }));

const synchronous: StageOptions = { terms: { type: 'synchronous', statusPollable: false, cancellable: false } };

async function open(options: StageOptions = synchronous): Promise<void> {
  stage = await Stage.open(options);
  stage.vendor.results = told;
}

const everybody = { erased: ['e1'], nobody: ['n1'], part: ['p1'], refused: ['r1'] };

const ended = {
  erased: { state: 'complete', basis: 'vendor', fault: null },
  nobody: { state: 'complete', basis: 'nobody-known', fault: null },
  part: { state: 'complete_with_exceptions', basis: 'vendor', fault: kept },
  refused: { state: 'error', basis: null, fault: refused },
};

async function expectEnded(): Promise<void> {
  for (const [requestId, end] of Object.entries(ended)) {
    expect(await stage.task(requestId)).toMatchObject(end);
    expect(await stage.request(requestId)).toMatchObject({ state: end.state });
  }
}

/** What is shown of a request. */
async function shown(requestId: string) {
  const people = await stage.keyring.people();
  const parts = { db: stage.db, people, kinds: new Set<string>(), vendors: new Map(), now: stage.clock.now() };
  const detail = await requestDetail(requestId, parts, { identify: true });
  if (detail === undefined) throw new Error('There is no such request');
  return detail;
}

describe('a vendor that says at once what became of each person', () => {
  test('has each concluded by that, in the call of the submission, and is not asked again', async () => {
    await open();
    await stage.addPeople(everybody);
    await stage.pass(minutes);
    await expectEnded();
    expect(await stage.operations()).toMatchObject([
      { state: 'completed_with_exceptions', reference: 'ref-1', finishedAt: expect.any(Date), nextPollAt: null },
    ]);
    await stage.pass(days);
    expect(stage.vendor.calls).toMatchObject({ submit: 1, status: 0, reconcile: 0 });
    // What stays is known for good: nothing is to be done, and the request is settled.
    expect((await stage.request('part')).settledAt).not.toBeNull();
    expect((await stage.request('refused')).settledAt).toBeNull();
  });

  test('is shown in the words of what it did, person by person', async () => {
    await open();
    await stage.addPeople(everybody);
    await stage.pass(minutes);
    const nobody = await shown('nobody');
    expect(nobody.operations).toMatchObject([{ results: { erased: 1, 'no-match': 1, partial: 1, refused: 1 } }]);
    const text = requestText(nobody, new Map());
    expect(text).toContain('complete: the vendor holds nobody by these identifiers');
    expect(text).toContain('there was nothing to erase');
    expect(text).toContain('carried out the batch at once (ref-1)');
    expect(text).not.toMatch(/accepted the batch|on submission/);
    const part = requestText(await shown('part'), new Map());
    expect(part).toContain('Erased in part: An invoice has to be kept.');
    expect(part).toContain('Ask again next year.');
    expect(requestText(await shown('refused'), new Map())).toContain('It is an account of the system.');
  });

  test('has an operation failed where it refused everybody, and complete where nobody was left out', async () => {
    await open();
    await stage.addPeople({ a: ['r1'], b: ['r2'] });
    await stage.pass(minutes);
    await stage.addPeople({ c: ['e1'], d: ['n2'] });
    await stage.pass(minutes);
    expect((await stage.operations()).map(({ state }) => state)).toEqual(['failed', 'completed']);
  });

  test('is believed of a submission whose answer was lost', async () => {
    await open();
    stage.vendor.troubles.push('lost-after');
    await stage.addPeople(everybody);
    await stage.pass(minutes);
    expect(stage.vendor.calls).toMatchObject({ submit: 1, reconcile: 1 });
    await expectEnded();
  });

  test('is done with a person in several parts of an operation when all are, by the worst of them', async () => {
    await open();
    stage.vendor.refuses.add('spoils');
    await stage.addPeople({ unknown: ['n2', 'n3'], known: ['n1', 'e1'], spoilt: ['spoils'] });
    await stage.pass(10 * minutes);
    expect(await stage.task('known')).toMatchObject({ state: 'complete', basis: 'vendor' });
    expect(await stage.task('unknown')).toMatchObject({ state: 'complete', basis: 'nobody-known' });
    expect(await stage.task('spoilt')).toMatchObject({ state: 'error', fault: { code: 'IDENTIFIER_REFUSED' } });
  });

  test('has those of whom it says nothing concluded by what it says of the whole', async () => {
    await open();
    stage.vendor.results = (operation) => told(operation).filter((_one, at) => at > 0);
    await stage.addPeople({ silent: ['r1'], nobody: ['n1'] });
    await stage.pass(minutes);
    expect(await stage.task('silent')).toMatchObject({ state: 'complete', basis: 'vendor' });
    expect(await stage.task('nobody')).toMatchObject({ basis: 'nobody-known' });
  });

  test('gets a fault of the host where it does not say why', async () => {
    await open();
    stage.vendor.results = ({ subjects }) =>
      subjects.map(({ id }, at) => ({ id, outcome: at === 0 ? 'partial' : 'refused' }) as const);
    await stage.addPeople({ part: ['p1'], refused: ['r1'] });
    await stage.pass(minutes);
    expect(await stage.task('part')).toMatchObject({ fault: { code: 'ERASED_IN_PART' } });
    expect(await stage.task('refused')).toMatchObject({ fault: { code: 'PERSON_REFUSED' } });
  });
});

describe('a vendor that is asked how far it is', () => {
  test('has each person concluded at the end, by what it said of them last', async () => {
    await open({ pollIntervalMs: minutes });
    stage.vendor.results = () => undefined;
    await stage.addPeople(everybody);
    await stage.pass(minutes);
    const members = await stage.db.orm.select().from(operationMembers);
    const tell = (all: readonly SubjectResult[], state: 'processing' | 'completed') =>
      stage.vendor.finishAll(state, { subjects: all });
    const ids = members.map(({ task }) => String(task));
    tell(
      ids.map((id) => ({ id, outcome: 'no-match' })),
      'processing',
    );
    await stage.pass(2 * minutes);
    expect(await stage.task('erased')).toMatchObject({ state: 'processing' });
    const order = Object.values(ends);
    tell(
      [...ids.map((id, at) => ({ id, ...(order[at] as (typeof order)[0]) })), { id: 'somebody', outcome: 'erased' }],
      'completed',
    );
    await stage.pass(2 * minutes);
    await expectEnded();
  });

  test('is not asked at all where it told of everybody at once', async () => {
    await open({ pollIntervalMs: minutes });
    await stage.addPeople(everybody);
    await stage.pass(days);
    await expectEnded();
    expect(stage.vendor.calls.status).toBe(0);
  });
});
