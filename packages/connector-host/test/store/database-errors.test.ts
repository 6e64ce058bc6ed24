import { expect, test } from '@jest/globals';
import { isTransient } from '../../src/store/database-errors.js';

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
  ['a pool that a host which ends has let go of', new Error('Cannot use a pool after calling end on the pool'), true],
  ['a lock that nobody let go in time', coded('55P03'), true],
  [
    'a row that is refused, in a query that speaks of a connection and a timeout',
    new Error('Failed query: update "operations" set "connection" = $1, "timeout"', { cause: coded('23505') }),
    false,
  ],
  ['somebody who says "connection"', new Error('this connection has no name'), false],
  ['an old primary that only reads', coded('25006'), true],
  ['a transaction that collided, as the cause of what has a code of its own', coded('WRAPPED', coded('40001')), true],
  ['a right that the account lacks', coded('42501'), true],
  ['a certificate that is not trusted', coded('SELF_SIGNED_CERT_IN_CHAIN'), true],
  ['a server without encryption', new Error('The server does not support SSL connections'), true],
  ['a socket that is gone', Object.assign(coded('ENOENT'), { syscall: 'connect' }), true],
  ['a file that is not there', Object.assign(coded('ENOENT'), { syscall: 'open' }), false],
  ['a table that is not there', coded('42P01'), false],
  ['a port that is taken', coded('EADDRINUSE'), false],
  ['a file that may not be read', coded('EACCES'), false],
  ['a defect', new TypeError('x is not a function'), false],
])('%s', (_what, error, passes) => {
  expect(isTransient(error)).toBe(passes);
});
