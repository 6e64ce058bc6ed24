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
    expect(fieldIssues(found)[0]?.message).toBe('requests[2].right must be one of: a, b.');
  });

  test('a value that fits none of several forms is told once, in words', () => {
    const until = { instancePath: '/until', message: 'must match format "date"' };
    const way = (at: number, format: string) => {
      return { ...until, schemaPath: `#/properties/until/anyOf/${at}/format`, keyword: 'format', params: { format } };
    };
    const all = { ...until, schemaPath: '#/properties/until/anyOf', keyword: 'anyOf', params: {} };
    expect(fieldIssues([way(0, 'date-time'), way(1, 'date'), all]).map(({ message }) => message)).toEqual([
      'until must be a time with its zone, such as 2026-01-31T08:00:00Z, or a date, such as 2026-01-31.',
    ]);
  });
});
