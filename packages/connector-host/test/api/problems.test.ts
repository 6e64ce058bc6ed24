import { describe, expect, test } from '@jest/globals';
import { ConnectorFault } from 'connector-contract';
import { fieldIssues, problemOf } from '../../src/api/problems.js';
import { HostProblem } from '../../src/problem.js';

describe('any error becomes a problem', () => {
  const wrapped = (code: string) => new Error('Failed query', { cause: Object.assign(new Error('down'), { code }) });

  test.each([
    ['a problem, as it is', new HostProblem('NOT_FOUND', 'x'), 'NOT_FOUND'],
    ["a connector's fault", ConnectorFault.of('UNREACHABLE', 'No answer.'), 'CONNECTOR_FAILED'],
    ['a database that is not there', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'NOT_READY'],
    ['a database that shuts down, found below a failed query', wrapped('57P01'), 'NOT_READY'],
    ['a connection that was cut', new Error('Connection terminated unexpectedly'), 'NOT_READY'],
    ['a query that is wrong', wrapped('42601'), 'INTERNAL'],
    ['something thrown that is no error', 'oops', 'INTERNAL'],
  ])('%s', (_name, error, code) => {
    expect(problemOf(error).code).toBe(code);
  });

  test('what is not known tells nothing of itself', () => {
    expect(JSON.stringify(problemOf(new Error('secret of ada@example.com')).toJSON())).not.toContain('ada');
  });

  test('fields are named as a person would write them, without values', () => {
    const found = [
      {
        instancePath: '/requests/2/right',
        keyword: 'enum',
        params: { allowedValues: ['a', 'b'] },
        message: 'must be equal to one of the allowed values',
      },
      { instancePath: '', keyword: 'required', params: { missingProperty: 'name' } },
      { instancePath: '/config', keyword: 'additionalProperties', params: { additionalProperty: 'x'.repeat(60) } },
    ];
    expect(fieldIssues(found).map(({ field, code }) => [field, code])).toEqual([
      ['requests[2].right', 'INVALID'],
      ['name', 'REQUIRED'],
      [`config.${'x'.repeat(40)}`, 'UNKNOWN'],
    ]);
  });
});
