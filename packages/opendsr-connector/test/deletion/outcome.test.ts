import { expect, test } from '@jest/globals';
import { isUnknownOwnRequest, noSuchPath, operationStatus } from '../../src/deletion/outcome.js';
import { fault } from '../../src/opendsr/fault-codes.js';

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

test.each([
  ['NOT_FOUND', 404, true],
  ['INPUT_REFUSED', 400, true],
  ['INPUT_REFUSED', 422, false],
  ['UNAUTHENTICATED', 400, false],
] as const)('of %s with HTTP %i about a request of its own, that there is none is %s', (code, httpStatus, unknown) => {
  expect(isUnknownOwnRequest(fault(code, 'No.', { httpStatus }))).toBe(unknown);
});

test('that there are no requests at an address is told with the HTTP status', () => {
  expect(noSuchPath(404)).toMatchObject({ code: 'PROTOCOL_MISMATCH', httpStatus: 404 });
  expect(noSuchPath(undefined).httpStatus).toBeUndefined();
});
