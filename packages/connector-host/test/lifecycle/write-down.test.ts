/** What becomes of an outcome that the database does not take. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { OperationRow } from '../../src/lifecycle/members.js';
import type { LifecycleParts } from '../../src/lifecycle/parts.js';
import { writeDown } from '../../src/lifecycle/submission/write-down.js';
import { testLog } from '../postgres.js';

// Whoever records anything else than the outcome would look for the database here.
const parts = { log: testLog } as unknown as LifecycleParts;
const row = { id: 1n } as unknown as OperationRow;

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test.each(['25006', '53100', '57P01', 'ECONNREFUSED'])(
  'trouble that passes but lasts (%s) does not turn an outcome into one that nobody can decide',
  async (code) => {
    const trouble = Object.assign(new Error('trouble'), { code });
    let tries = 0;
    const written = writeDown(parts, row, () => {
      tries += 1;
      return Promise.reject(trouble);
    });
    const ended = expect(written).rejects.toBe(trouble);
    await jest.advanceTimersByTimeAsync(10 * 60_000);
    await ended;
    expect(tries).toBeGreaterThan(5);
  },
);
