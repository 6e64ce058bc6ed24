import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { CsvReader, type CsvRecord, LONGEST_RECORD } from '../../src/intake/csv.js';
import { separatorOf } from '../../src/intake/csv-separator.js';
import { Mendings } from '../../src/intake/mendings.js';

const reading = () => new CsvReader((line) => separatorOf(line, new Set(), new Mendings()));

/** Reads a text in chunks of a length. */
function read(text: string, chunk = text.length || 1): CsvRecord[] {
  const reader = reading();
  const found: CsvRecord[] = [];
  for (let at = 0; at < text.length; at += chunk) found.push(...reader.read(text.slice(at, at + chunk), false));
  return [...found, ...reader.read('', true)];
}

const cells = (text: string, chunk?: number) => read(text, chunk).map((record) => record.cells);

describe('CSV records', () => {
  test.each([
    [
      'plain cells',
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no newline at the end',
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'CRLF',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['quoted delimiter and doubled quotes', '"a,1","b ""x"""\n', [['a,1', 'b "x"']]],
    ['a newline in quotes', '"a\nb",c\n', [['a\nb', 'c']]],
    ['CRLF in quotes, byte for byte', '"a\r\nb",c\r\n', [['a\r\nb', 'c']]],
    [
      'empty cells',
      ',,\n"",x,\n',
      [
        ['', '', ''],
        ['', 'x', ''],
      ],
    ],
    ['Unicode', 'ä,日本,👩‍🚒\n', [['ä', '日本', '👩‍🚒']]],
    [
      'semicolons, as the first line has them',
      'a;b\n"c;1";d,e\n',
      [
        ['a', 'b'],
        ['c;1', 'd,e'],
      ],
    ],
    [
      'tabs',
      'a\tb\nc\td\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'semicolons below empty lines',
      '\r\n\na;b\r\n"c;1";d,e\r\n',
      [
        ['a', 'b'],
        ['c;1', 'd,e'],
      ],
    ],
    ['tabs below an empty line', '\na\tb\n', [['a', 'b']]],
    [
      'vertical bars',
      'a|b\nc|d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['the separator that the first line names', 'sep=;\r\na,1;b\r\n', [['a,1', 'b']]],
    [
      'more than one carriage return before the line feed, also behind a quoted cell',
      'a,b\r\r\n"c",d\r\r\ne,"f"\r\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ],
    ],
    ['white space around quotes', ' "a,1" ,\t"b"\n', [['a,1', 'b']]],
    ['blanks are kept', ' a , b\n', [[' a ', ' b']]],
    ['empty lines are left out', 'a\n\n\r\nb\n', [['a'], ['b']]],
  ])('%s', (_name, text, expected) => {
    expect(cells(text)).toEqual(expected);
    expect(cells(text, 1)).toEqual(expected);
  });

  test('agree with csv-parse on everything that it takes, in chunks of any length', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ü', ',', '"', '\n', '\r\n', ' ', '1') });
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 8 });
    const quoted = (text: string) => (/[",\n\r]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text);
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), fc.constantFrom('\n', '\r\n'), (rows, chunk, end) => {
        const text = `h1,h2${end}${rows.map((row) => row.map(quoted).join(',')).join(end)}`;
        const oracle: string[][] = parse(text, { relax_column_count: true, record_delimiter: end });
        expect(cells(text, chunk)).toEqual(oracle);
      }),
    );
  });

  test('name the line of the file on which they begin, also after quoted newlines, CRLF and empty lines', () => {
    const lines = read('h,i\r\n"a\r\nb\r\nc",1\r\n\r\nd,2\r\n"e\nf",3\ng,4\n').map((record) => record.line);
    expect(lines).toEqual([1, 2, 6, 7, 9]);
  });
});

describe('a malformed record costs its own line and no other', () => {
  test.each([
    ['an unclosed quote at the end', 'h,i\na,1\n"b,2\nc,3\n', [2, 4], 3],
    ['an unclosed quote that another quoted cell seems to close', 'h,i\n"b,2\nc,3\n"d",4\n', [3, 4], 2],
    ['text after a closing quote', 'h,i\n"b"x,2\nc,3\n', [3], 2],
    ['a quote inside a cell', 'h,i\nb"x,2\nc,3\n', [3], 2],
  ])('%s', (_name, text, good, bad) => {
    for (const chunk of [text.length, 1, 3]) {
      const records = read(text, chunk).slice(1);
      expect(records.filter((record) => record.cells).map((record) => record.line)).toEqual(good);
      expect(records.filter((record) => record.trouble).map((record) => record.line)).toEqual([bad]);
    }
  });

  test.each([
    ['a line', `h\n${'x'.repeat(LONGEST_RECORD * 2)}\nb\n`],
    ['a line that begins quoted', `h\n"x",${'x'.repeat(LONGEST_RECORD * 2)}\nb\n`],
    ['an unclosed quote', `h\n"${'x'.repeat(LONGEST_RECORD * 2)}\nb\n`],
  ])('%s that is longer than a record may be is not kept in memory, and reading goes on', (_name, text) => {
    const reader = reading();
    const found: CsvRecord[] = [];
    for (let at = 0; at < text.length; at += 65_536) {
      found.push(...reader.read(text.slice(at, at + 65_536), false));
      expect((reader as unknown as { text: string }).text.length).toBeLessThanOrEqual(LONGEST_RECORD + 65_536);
    }
    found.push(...reader.read('', true));
    expect(found.map(({ line, cells: kept }) => [line, kept?.[0]?.length])).toEqual([
      [1, 1],
      [2, undefined],
      [3, 1],
    ]);
  });
});
