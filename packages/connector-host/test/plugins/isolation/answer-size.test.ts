/** Every answer that tells of the people it was asked about gets through, however many the host asks about at a time. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Subject } from 'connector-contract';
import { PLAN_CHUNK } from '../../../src/lifecycle/planning/plan.js';
import { largestAnswer } from '../../../src/plugins/isolation/answer-size.js';
import { LARGEST_FRAME, sizeOf } from '../../../src/plugins/isolation/frames.js';
import { packPeople } from '../../../src/plugins/isolation/people.js';
import { requestLimits } from '../../../src/requests/request-body.js';
import { how, openScene, type Scene } from './rampant.js';

const people = (count: number, identifiers: number, value: string): Subject[] =>
  Array.from({ length: count }, (_person, person) => ({
    id: String(person),
    identifiers: Array.from({ length: identifiers }, (_identifier, at) => ({
      kind: 'k'.repeat(requestLimits.kind),
      value: `${value}${at}`,
    })),
  }));
const sizeInJson = (value: object) => sizeOf(Buffer.from(JSON.stringify(value)));
const page = 'x'.repeat(450);
const fault = {
  code: 'INPUT_REFUSED',
  kind: 'input',
  retryable: false,
  message: page,
  remedy: page,
  field: 'x',
  httpStatus: 400,
  retryAfterMs: 1,
};
const answers = {
  'an operation for each identifier': (subjects: readonly Subject[]) => ({
    instead: subjects.flatMap(({ id, identifiers }) =>
      identifiers.map((one) => ({ subjects: [{ id, identifiers: [one] }], identifierCount: 1, bytes: 1_000_000 })),
    ),
  }),
  'a rejection for each person': (subjects: readonly Subject[]) => ({
    rejected: subjects.map(({ id }) => ({ subjectId: id, fault })),
  }),
};

describe.each([
  [1, 1],
  [1, requestLimits.identifiers],
  [PLAN_CHUNK, 1],
  [PLAN_CHUNK, 5],
  [PLAN_CHUNK / 10, requestLimits.identifiers],
])('of %i people with %i identifiers', (count, identifiers) => {
  test.each(Object.entries(answers))('%s may be answered', (_name, answer) => {
    const subjects = people(count, identifiers, '\u{1f98a}"');
    const most = largestAnswer(sizeInJson(packPeople(subjects)));
    const size = sizeInJson(answer(subjects));
    expect(size.bytes).toBeLessThanOrEqual(most.bytes);
    expect(size.parts).toBeLessThanOrEqual(most.parts);
  });
});

test('no answer may be larger than the largest frame', () => {
  expect(largestAnswer({ bytes: LARGEST_FRAME, parts: 1_000_000 }).bytes).toBe(LARGEST_FRAME);
});

describe('the largest chunk that is planned', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ limits: { heapMiB: 256, memoryMiB: 512, unresponsiveMs: 10_000 } });
  });
  afterAll(() => scene.registry.close());

  const subjects = people(PLAN_CHUNK, 5, 'ada.lovelace@analytical-engines.example.org');

  test('comes back whole where each is in an operation alone and none can be named by number', async () => {
    const { operations } = await scene.rampant.plan(subjects, how('packs each alone').config);
    expect(operations).toHaveLength(PLAN_CHUNK);
    expect(operations.at(-1)?.subjects).toEqual([
      { id: `${PLAN_CHUNK - 1}`, identifiers: subjects.at(-1)?.identifiers.toReversed() },
    ]);
  });

  test('comes back whole where everybody is rejected at length', async () => {
    const { rejected } = await scene.rampant.plan(subjects, how('rejects everybody').config);
    expect(rejected).toHaveLength(PLAN_CHUNK);
  });
});
