/** What a connector's process may add to the log in a minute. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { LineBudget } from '../../../src/plugins/isolation/line-budget.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const opened = () => {
  const told: number[] = [];
  const budget = new LineBudget(2, (left) => told.push(left));
  return { told, budget, take: (times: number) => Array.from({ length: times }, () => budget.take()) };
};

test('a budget says once at the end of its minute how many lines it left out, and then begins anew', () => {
  const { told, take } = opened();
  expect(take(4)).toEqual([true, true, false, false]);
  jest.advanceTimersByTime(59_999);
  expect(told).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(told).toEqual([2]);
  expect(take(3)).toEqual([true, true, false]);
  jest.advanceTimersByTime(60_000);
  expect(told).toEqual([2, 1]);
});

test('a budget that was enough says nothing', () => {
  const { told, budget, take } = opened();
  take(2);
  jest.advanceTimersByTime(60_000);
  budget.close();
  expect(told).toEqual([]);
});

test('a budget says at the end of its process what is left out by then, and not again', () => {
  const { told, budget, take } = opened();
  take(3);
  budget.close();
  jest.advanceTimersByTime(60_000);
  expect(told).toEqual([1]);
});
