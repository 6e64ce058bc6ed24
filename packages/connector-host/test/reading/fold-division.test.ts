import { expect, test } from '@jest/globals';
import { type Carrier, foldDivisions } from '../../src/reading/fold-division.js';

const operation = (id: number, root: number | null, state: string, subjects: number): Carrier => ({
  id,
  root,
  state,
  subjects,
});
/** Entries written `kind of operation`, a second apart. */
const entries = (...told: readonly (readonly [kind: string, operation?: number])[]) =>
  told.map(([kind, id], at) => ({
    at: new Date(at * 1_000).toISOString(),
    kind: `operation.${kind}`,
    text: kind,
    ...(id === undefined ? {} : { operation: id }),
  }));
const shown = (found: ReturnType<typeof foldDivisions>) =>
  found.map(({ kind, operation: id }) => `${kind.slice(10)} ${id}`);

const divided = entries(
  ['planned', 1],
  ['submitting', 1],
  ['divided', 1],
  ['planned', 2],
  ['submitting', 2],
  ['divided', 2],
  ['planned', 3],
  ['submitting', 3],
  ['refused', 3],
);

test('a batch that is divided again and again is one line, with how it began and what came of it', () => {
  const carried = [operation(1, null, 'divided', 8), operation(2, 1, 'divided', 4), operation(3, 1, 'refused', 1)];
  const found = foldDivisions(divided, carried, () => 'Segment');
  expect(shown(found)).toEqual(['planned 1', 'submitting 1', 'divided 2', 'submitting 3', 'refused 3']);
  expect(found[2]?.text).toBe(
    'Segment refused a part of the batch, so it was divided 2 times, until this person was alone',
  );
});

test('somebody who stays with others is told so, and one division is not counted', () => {
  const carried = [operation(1, null, 'divided', 8), operation(2, 1, 'accepted', 4)];
  const found = foldDivisions(
    entries(['planned', 1], ['submitting', 1], ['divided', 1], ['planned', 2], ['accepted', 2]),
    carried,
  );
  expect(shown(found)).toEqual(['planned 1', 'submitting 1', 'divided 1', 'accepted 2']);
  expect(found[2]?.text).toBe(
    'The vendor refused a part of the batch, so it was divided, until this person was among 4',
  );
});

test('what was not divided stays as it is', () => {
  const whole = entries(['planned', 1], ['submitting', 1], ['accepted', 1], ['planned', 5]);
  expect(foldDivisions(whole, [operation(1, null, 'accepted', 8), operation(5, null, 'planned', 1)])).toEqual(whole);
});
