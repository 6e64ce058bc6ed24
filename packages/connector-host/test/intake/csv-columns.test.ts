import { describe, expect, test } from '@jest/globals';
import { bodyOfCells, type Column, inColumns, readColumns } from '../../src/intake/csv-columns.js';
import { Mendings } from '../../src/intake/mendings.js';

const kinds = new Set(['email', 'user_id']);
const columns = (header: string) => {
  const read = readColumns(header.split(','), { kinds, mendings: new Mendings() });
  if ('issues' in read) throw new Error(JSON.stringify(read.issues));
  return read.columns;
};
const read = (cells: string[], of: readonly Column[]) => {
  const found = bodyOfCells(cells, of, new Mendings());
  return found !== undefined && 'body' in found ? found.body : found;
};
const issues = (header: string) => {
  const read = readColumns(header.split(','), { kinds, mendings: new Mendings() });
  return 'issues' in read ? read.issues : [];
};
const codes = (header: string) => issues(header).map(({ field, code }) => `${field} ${code}`);

describe('the columns of an import file', () => {
  test('are named by kinds, numbered where there are several; case and blanks around do not matter', () => {
    const body = read(['r1', 'Access', 'a@b.c', 'u1', 'u2'], columns('Request_ID, right,email,user_id, user_id.2'));
    expect(body).toEqual({
      requestId: 'r1',
      right: 'access',
      identifiers: [
        { kind: 'email', value: 'a@b.c' },
        { kind: 'user_id', value: 'u1' },
        { kind: 'user_id', value: 'u2' },
      ],
    });
  });

  test('may leave the right out: it is then a deletion; empty cells are skipped', () => {
    expect(read(['r1', '', 'u1'], columns('request_id,email,user_id'))).toEqual({
      requestId: 'r1',
      right: 'deletion',
      identifiers: [{ kind: 'user_id', value: 'u1' }],
    });
  });

  test('may say by when the law wants the person served', () => {
    const header = 'request_id,received_at,due_at,jurisdiction,days,user_id';
    expect(read(['r1', '2026-01-31 ', '', 'Other', '30', 'u1'], columns(header))).toEqual({
      requestId: 'r1',
      right: 'deletion',
      identifiers: [{ kind: 'user_id', value: 'u1' }],
      receivedAt: '2026-01-31',
      jurisdiction: 'other',
      days: 30,
    });
  });

  test('are what its lines are told about', () => {
    const said = 'requestId is missing. dueAt lies before receivedAt.';
    const told = 'Request ID is missing. due_at lies before received_at.';
    expect(inColumns(said, columns('Request ID,due_at,user_id'))).toBe(told);
  });

  test.each([
    ['email', ['request_id REQUIRED']],
    ['request_id,phone', ['column 2 COLUMN_UNKNOWN']],
    ['request_id,email,email', ['column 3 REPEATED']],
    ['request_id,,email', ['column 2 COLUMN_UNKNOWN']],
    ['request_id,__proto__', ['column 2 COLUMN_UNKNOWN']],
  ])('%s is refused: %j', (header, expected) => {
    expect(codes(header)).toEqual(expected);
  });

  test('a file without a header line is told so, and nobody of its first line', () => {
    for (const line of ['r-1,ada@example.com', 'ada,lovelace', '']) {
      const told = issues(line);
      expect(told).toEqual([
        {
          field: 'request_id',
          code: 'REQUIRED',
          message: expect.stringContaining('no header line'),
          remedy: expect.any(String),
        },
      ]);
      expect(JSON.stringify(told)).not.toMatch(/ada|lovelace|r-1/);
    }
  });

  test('a cell of the header is repeated only where it looks like the name of a column', () => {
    const told = JSON.stringify(issues('request_id,colour,ada@example.com,ada@example.com,Ada Lovelace,+4930,colour'));
    expect(told).not.toContain('colour');
    expect(JSON.stringify(issues('request_id,Colour,user_id'))).toContain('column 2 (\\"Colour\\") names');
    expect(told).not.toMatch(/ada|lovelace|4930/i);
  });

  test('a line with more or fewer cells than the header is refused; one with empty cells alone is no line', () => {
    expect(read(['r1'], columns('request_id,email'))).toEqual({
      code: 'CELL_COUNT',
      message: 'The line has 1 cells and the header 2.',
    });
    expect(read(['', ' '], columns('request_id,email'))).toBeUndefined();
  });
});
