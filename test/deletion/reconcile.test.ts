import { describe, expect, test } from '@jest/globals';
import { inFlightMs, type Page } from 'connector-kit';
import { CLOCK_SKEW_MS, readOn, reconciled, sight, unread } from '../../src/deletion/reconcile.js';
import { ownManifest } from '../../src/manifest.js';
import type { ListedRegulation } from '../../src/segment/segment.js';

const IN_FLIGHT_MS = inFlightMs(ownManifest());

const attemptedAt = Date.UTC(2026, 2, 2, 8);
const values = ['a', 'b', 'c'];
const listed = (id: string, afterMs: number, subjectIds: readonly string[] = values): ListedRegulation => ({
  id,
  type: 'SUPPRESS_WITH_DELETE',
  createdAt: new Date(attemptedAt + afterMs).toISOString(),
  subjectIds,
});

const lost = (claimed: string[] = []) => ({ values, attemptedAt, claimed: new Set(claimed) });
const never = () => false;

/** Pages, each but the last with the number of the next as its cursor; `asked` are those that were read. */
function pagesOf(pages: ListedRegulation[][], asked: number[] = [], after = 0) {
  return (async function* (): AsyncGenerator<Page<ListedRegulation>> {
    for (let at = after; at < pages.length; at += 1) {
      asked.push(at);
      yield { items: pages[at] ?? [], ...(at + 1 < pages.length ? { next: String(at + 1) } : {}) };
    }
  })();
}

const look = (regulations: ListedRegulation[], claimed: string[] = []) =>
  sight(pagesOf([regulations]), lost(claimed), unread(attemptedAt), never);
const seen = (doubtful: boolean, askedAt: number) => ({ askedAt, doubtful });

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

  test('is found in the list of a Segment whose clock is behind, by as much as it says', async () => {
    const hour = 3_600_000;
    const seenBy = (behindMs: () => number) =>
      sight(pagesOf([[listed('reg', -hour)]]), { ...lost(), behindMs }, unread(attemptedAt), never);
    expect((await seenBy(() => 0)).found).toBeUndefined();
    expect((await seenBy(() => hour)).found?.id).toBe('reg');
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

  test('is the one that is listed first, where two are of the same moment', async () => {
    expect((await look([listed('one', 10), listed('two', 10)])).found?.id).toBe('one');
  });

  test.each<[string, ListedRegulation]>([
    ['a time', { ...listed('odd', 0), createdAt: undefined as never }],
    ['a time that can be read', { ...listed('odd', 0), createdAt: 'yesterday' }],
    ['its people', { ...listed('odd', 0), subjectIds: undefined as never }],
    ['its type', { ...listed('odd', 0), type: undefined as never }],
  ])('where one lacks %s makes the answer undecidable, unless another one is found', async (_, odd) => {
    expect(await look([odd])).toMatchObject({ doubtful: true });
    expect((await look([odd])).found).toBeUndefined();
    expect((await look([odd, listed('reg', 1)])).found?.id).toBe('reg');
    const outcome = reconciled(seen(true, attemptedAt + IN_FLIGHT_MS), attemptedAt);
    expect(outcome).toMatchObject({ found: 'undecidable', fault: { code: 'SUBMISSION_UNCERTAIN' } });
  });

  test.each<[string, ListedRegulation, readonly string[]]>([
    ['of other people', { id: 'odd', subjectIds: ['d'] }, []],
    ['of long before', { id: 'odd', createdAt: '2020-01-01T00:00:00Z' }, []],
    ["another operation's", { id: 'odd' }, ['odd']],
  ])('cannot be one %s, whatever that one lacks', async (_, odd, claimed) => {
    expect(await look([odd], [...claimed])).toMatchObject({ doubtful: false });
  });

  test('is of a time in UTC where Segment names no zone', async () => {
    const zoneless = { ...listed('reg', 0), createdAt: '2026-03-02T08:00:00' };
    expect((await look([zoneless])).found?.createdAt).toBe(attemptedAt);
  });
});

describe('a long list', () => {
  const day = 86_400_000;
  const others = (...ages: number[]) => ages.map((age, n) => listed(`o${n}${age}`, -age * day, ['x']));

  test('newest first is read no further than a whole page from before the attempt', async () => {
    const asked: number[] = [];
    const page = (from: number) => others(...Array.from({ length: 60 }, (_, n) => from + n / 60));
    const pages = [[...page(-1), listed('mine', 0)], page(1), page(2), page(3)];
    const sighting = await sight(pagesOf(pages, asked), lost(), unread(attemptedAt), never);
    expect(sighting).toMatchObject({ found: { id: 'mine' } });
    expect(asked).toEqual([0, 1]);
  });

  const inOrder = (count: number) => others(...Array.from({ length: count }, (_, n) => 1 + n / 1_000));

  test.each<[string, ListedRegulation[], number[]]>([
    ['a hundred entries', inOrder(100), [0]],
    ['a hundred entries of one moment', others(...Array.from({ length: 100 }, () => 1)), [0]],
    ['a hundred, of which one may be the lost one', [listed('edge', -CLOCK_SKEW_MS, ['x']), ...inOrder(99)], [0, 1]],
    ['one less', inOrder(99), [0, 1]],
    ['as many the other way round', inOrder(100).reverse(), [0, 1]],
  ])('newest first shows its order by %s, and no fewer', async (_, page, read) => {
    const asked: number[] = [];
    const sighting = await sight(pagesOf([page, others(9)], asked), lost(), unread(attemptedAt), never);
    expect(asked).toEqual(read);
    expect(sighting.next).toBeUndefined();
  });

  test('with an entry that has no time shows no order any more', async () => {
    const asked: number[] = [];
    const odd = { id: 'odd', subjectIds: ['x'] };
    const pages = [[odd, ...inOrder(100)], others(5), others(6)];
    await sight(pagesOf(pages, asked), lost(), unread(attemptedAt), never);
    expect(asked).toEqual([0, 1, 2]);
  });

  test.each([
    ['oldest first', [others(5, 4), others(3, 1), [listed('mine', 0)]]],
    ['in no order', [others(2, 5), others(1, 9), [listed('mine', 0)]]],
    ['too short to show an order', [others(1, 2), others(3, 4), [listed('mine', 0)]]],
    ['of entries without a time', [others(1), [{ id: 'odd', subjectIds: ['x'] }], others(2), [listed('mine', 0)]]],
  ])('%s is read to its end', async (_, pages) => {
    const sighting = await sight(pagesOf(pages), lost(), unread(attemptedAt), never);
    expect(sighting).toMatchObject({ found: { id: 'mine' } });
  });

  test('is read over several calls, and decides nothing before its end', async () => {
    const pages = [others(5), [listed('mine', 9)], others(3), [listed('earlier', 1)], others(1)];
    const asked: number[] = [];
    let progress: string | undefined;
    const outcomes: string[] = [];
    for (let call = 0; call < 5; call += 1) {
      const before = readOn(progress, attemptedAt + IN_FLIGHT_MS + call);
      const list = pagesOf(pages, asked, Number(before.next ?? 0));
      const outcome = reconciled(await sight(list, lost(), before, () => asked.length % 2 === 0), attemptedAt);
      outcomes.push(outcome.found);
      if (outcome.found !== 'not-yet') {
        expect(outcome).toMatchObject({ found: 'accepted', reference: 'earlier' });
        break;
      }
      expect(outcome.retryAfterMs).toBe(0);
      progress = outcome.progress;
      expect(progress).not.toMatch(/"[abcx]"/);
    }
    expect(outcomes).toEqual(['not-yet', 'not-yet', 'accepted']);
    expect(asked).toEqual([0, 1, 2, 3, 4]);
  });

  test('counts as read when its reading began: what could still arrive then is not absent', async () => {
    const [first, second] = [attemptedAt + 1_000, attemptedAt + IN_FLIGHT_MS + 1_000];
    const half = await sight(pagesOf([others(5), others(4)]), lost(), unread(first), () => true);
    const { progress } = reconciled(half, attemptedAt) as { progress?: string };
    const rest = await sight(pagesOf([[], others(4)], [], 1), lost(), readOn(progress, second), never);
    expect(reconciled(rest, attemptedAt)).toEqual({ found: 'not-yet', retryAfterMs: IN_FLIGHT_MS - 1_000 });
  });

  test('goes on where an earlier call stopped', () => {
    const kept = { askedAt: 3, doubtful: true, next: '7' };
    expect(readOn(JSON.stringify(kept), 5)).toEqual(kept);
  });

  test.each([undefined, '', 'x', 'null', '{"next":7}', '{"next":7,"askedAt":3}', '{"next":"7","askedAt":"3"}'])(
    'is begun anew where the progress is %j',
    (progress) => {
      expect(readOn(progress, 5)).toEqual(unread(5));
    },
  );
});

describe('what follows', () => {
  test('found: accepted, expected 30 days after Segment took it', () => {
    const outcome = reconciled(
      { found: { id: 'reg', createdAt: attemptedAt }, ...seen(false, attemptedAt) },
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
    expect(reconciled(seen(false, attemptedAt + afterMs), attemptedAt)).toEqual(expected);
  });

  test('not found at the edge of what Segment keeps: proven as long as its clock could be behind, and not after', () => {
    const edge = 90 * 86_400_000 - CLOCK_SKEW_MS;
    expect(reconciled(seen(false, attemptedAt + edge - 1), attemptedAt)).toEqual({ found: 'absent' });
    expect(reconciled(seen(false, attemptedAt + edge), attemptedAt)).toMatchObject({ found: 'undecidable' });
  });

  test('not found after Segment has forgotten: nothing is proven', () => {
    const outcome = reconciled(seen(false, attemptedAt + 90 * 86_400_000), attemptedAt);
    expect(outcome).toMatchObject({ found: 'undecidable', fault: { code: 'SUBMISSION_UNCERTAIN', retryable: false } });
    expect(outcome).toHaveProperty('fault.remedy', expect.stringContaining('Deletion Requests'));
  });
});
