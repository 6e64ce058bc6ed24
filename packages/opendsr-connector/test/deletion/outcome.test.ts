import { expect, test } from '@jest/globals';
import { operationStatus } from '../../src/deletion/outcome.js';

test.each([
  ['pending', 'accepted'],
  ['in_progress', 'processing'],
  ['completed', 'completed'],
  ['cancelled', 'cancelled'],
])('a request that is %s is an operation that is %s, and says nothing more', (status, state) => {
  expect(operationStatus({ id: 'r', status })).toEqual({
    state,
    vendorState: status,
    destinations: [],
    exceptions: [],
  });
});

test('the date by which it is expected is passed on', () => {
  const expectedBy = '2026-01-15T12:00:00.000Z';
  expect(operationStatus({ id: 'r', status: 'pending', expectedBy })).toMatchObject({ expectedBy });
});
