import { describe, expect, test } from '@jest/globals';
import { CLOCK_SKEW_MS, IN_FLIGHT_MS, reconciled, sight } from '../../src/deletion/reconcile.js';
import type { ListedRegulation } from '../../src/segment/segment.js';

const attemptedAt = Date.UTC(2026, 2, 2, 8);
const values = ['a', 'b', 'c'];
const listed = (id: string, afterMs: number, subjectIds: readonly string[] = values): ListedRegulation => ({
  id,
  type: 'SUPPRESS_WITH_DELETE',
  createdAt: new Date(attemptedAt + afterMs).toISOString(),
  subjectIds,
});

async function* listOf(...regulations: ListedRegulation[]): AsyncGenerator<ListedRegulation> {
  yield* regulations;
}

const look = (regulations: ListedRegulation[], claimed: string[] = []) =>
  sight(listOf(...regulations), { values, attemptedAt, claimed: new Set(claimed) });

describe('the regulation of a lost creation', () => {
  test.each<[string, readonly string[], boolean]>([
    ['the same ids in the same order', ['a', 'b', 'c'], true],
    ['the same ids in another order', ['c', 'a', 'b'], true],
    ['the same ids with one repeated', ['a', 'b', 'c', 'a'], true],
    ['one id less', ['a', 'b'], false],
    ['one id more', ['a', 'b', 'c', 'd'], false],
    ['one id exchanged', ['a', 'b', 'd'], false],
    ['one id in capitals', ['a', 'b', 'C'], false],
    ['as many ids by repetition', ['a', 'b', 'b'], false],
    ['no ids', [], false],
  ])('with %s: %j is it: %s', async (_, subjectIds, isIt) => {
    const { found } = await look([listed('reg', 0, subjectIds)]);
    expect(found !== undefined).toBe(isIt);
  });

  test.each([
    ['long before the attempt', -CLOCK_SKEW_MS - 1, false],
    ['as long before as the clocks may differ', -CLOCK_SKEW_MS, true],
    ['at the attempt', 0, true],
    ['long after', 86_400_000, true],
  ])('made %s', async (_, afterMs, isIt) => {
    expect((await look([listed('reg', afterMs)])).found !== undefined).toBe(isIt);
  });

  test('is nobody else’s', async () => {
    expect((await look([listed('other', 0), listed('mine', 10)], ['other'])).found?.id).toBe('mine');
    expect((await look([listed('other', 0)], ['other'])).found).toBeUndefined();
  });

  test('is the earliest of several, in whatever order they are listed', async () => {
    const several = [listed('second', 20), listed('first', 10), listed('third', 30)];
    expect((await look(several)).found?.id).toBe('first');
    expect((await look(several.reverse())).found?.id).toBe('first');
  });

  test.each<[string, ListedRegulation]>([
    ['a time', { ...listed('odd', 0), createdAt: undefined as never }],
    ['a time that can be read', { ...listed('odd', 0), createdAt: 'yesterday' }],
    ['its people', { ...listed('odd', 0), subjectIds: undefined as never }],
    ['its type', { ...listed('odd', 0), type: undefined as never }],
  ])('where one lacks %s makes the answer undecidable, unless another one is found', async (_, odd) => {
    expect(await look([odd])).toEqual({ doubtful: true });
    expect((await look([odd, listed('reg', 1)])).found?.id).toBe('reg');
    const outcome = reconciled({ doubtful: true }, attemptedAt, attemptedAt + IN_FLIGHT_MS);
    expect(outcome).toMatchObject({ found: 'undecidable', fault: { code: 'SUBMISSION_UNCERTAIN' } });
  });

  test.each<[string, ListedRegulation, readonly string[]]>([
    ['of other people', { id: 'odd', subjectIds: ['d'] }, []],
    ['of long before', { id: 'odd', createdAt: '2020-01-01T00:00:00Z' }, []],
    ["another operation's", { id: 'odd' }, ['odd']],
  ])('cannot be one %s, whatever that one lacks', async (_, odd, claimed) => {
    expect(await look([odd], [...claimed])).toEqual({ doubtful: false });
  });

  test('is of a time in UTC where Segment names no zone', async () => {
    const zoneless = { ...listed('reg', 0), createdAt: '2026-03-02T08:00:00' };
    expect((await look([zoneless])).found?.createdAt).toBe(attemptedAt);
  });
});

describe('what follows', () => {
  test('found: accepted, expected 30 days after Segment took it', () => {
    const outcome = reconciled(
      { found: { id: 'reg', createdAt: attemptedAt }, doubtful: false },
      attemptedAt,
      attemptedAt,
    );
    expect(outcome).toEqual({ found: 'accepted', reference: 'reg', expectedBy: '2026-04-01T08:00:00.000Z' });
  });

  test.each([
    [0, { found: 'not-yet', retryAfterMs: IN_FLIGHT_MS }],
    [IN_FLIGHT_MS - 1, { found: 'not-yet', retryAfterMs: 1 }],
    [IN_FLIGHT_MS, { found: 'absent' }],
    [80 * 86_400_000, { found: 'absent' }],
  ])('not found %d ms after the attempt: %j', (afterMs, expected) => {
    expect(reconciled({ doubtful: false }, attemptedAt, attemptedAt + afterMs)).toEqual(expected);
  });

  test('not found after Segment has forgotten: nothing is proven', () => {
    const outcome = reconciled({ doubtful: false }, attemptedAt, attemptedAt + 90 * 86_400_000);
    expect(outcome).toMatchObject({ found: 'undecidable', fault: { code: 'SUBMISSION_UNCERTAIN', retryable: false } });
  });
});
