import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { HostProblem, type ProblemCode, problemCodes } from '../src/problem.js';

const documented = readFileSync(new URL('../../../docs/problems.md', import.meta.url), 'utf8');
const codes = Object.entries(problemCodes) as [ProblemCode, (typeof problemCodes)[ProblemCode]][];

describe('problems', () => {
  test.each(codes)('%s is documented with its status', (code, { status }) => {
    expect(documented).toContain(`| \`${code}\` | ${status} |`);
  });

  test('nothing is documented that does not exist', () => {
    const found = [...documented.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);
    expect(found.toSorted()).toEqual(codes.map(([code]) => code).toSorted());
  });

  test('are RFC 9457 documents with status, title and code of their own', () => {
    const problem = new HostProblem('NOT_FOUND', 'There is no cup.', { remedy: 'Take a glass.' });
    expect(problem.toJSON()).toEqual({
      type: 'urn:connector-host:problem:NOT_FOUND',
      title: 'There is no such thing',
      status: 404,
      detail: 'There is no cup.',
      code: 'NOT_FOUND',
      remedy: 'Take a glass.',
    });
  });
});
