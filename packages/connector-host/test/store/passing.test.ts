import { expect, test } from '@jest/globals';
import { mayPass } from '../../src/store/passing.js';

const coded = (code: string, cause?: unknown) => Object.assign(new Error('x', { cause }), { code });

test.each([
  ['a connection that was reset', coded('ECONNRESET'), true],
  ['a server that shuts down', coded('57P01'), true],
  ['the cause of a failed query', new Error('Failed query', { cause: coded('08006') }), true],
  ['a connection that ended without a code', new Error('Connection terminated unexpectedly'), true],
  [
    'the same, as the cause of a failed query',
    new Error('Failed query', { cause: new Error('Query read timeout') }),
    true,
  ],
  ['a lock that nobody let go in time', coded('55P03'), true],
  [
    'a row that is refused, in a query that speaks of a connection and a timeout',
    new Error('Failed query: update "operations" set "connection" = $1, "timeout"', { cause: coded('23505') }),
    false,
  ],
  ['somebody who says "connection"', new Error('this connection has no name'), false],
  ['a table that is not there', coded('42P01'), false],
  ['a port that is taken', coded('EADDRINUSE'), false],
  ['a file that may not be read', coded('EACCES'), false],
  ['a defect', new TypeError('x is not a function'), false],
])('%s', (_what, error, passes) => {
  expect(mayPass(error)).toBe(passes);
});
