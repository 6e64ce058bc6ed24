import { expect, test } from '@jest/globals';
import { overQuota } from '../../console/src/requests/over-quota.js';

test.each([
  ['identifiers, not people, are held against what the quota has left', { identifiers: 12, quotaLeft: 10 }, 2],
  ['what it has left is enough', { identifiers: 10, quotaLeft: 10 }, 0],
  ['nobody knows what it has left', { identifiers: 12 }, 0],
])('%s', (_what, plan, over) => {
  expect(overQuota(plan)).toBe(over);
});
