import { describe, expect, test } from '@jest/globals';
import { LONGEST_RECORD } from '../../src/intake/csv.js';
import { type NdjsonLine, NdjsonReader } from '../../src/intake/ndjson.js';

function read(text: string, chunk: number): NdjsonLine[] {
  const reader = new NdjsonReader();
  const found: NdjsonLine[] = [];
  for (let at = 0; at < text.length; at += chunk) found.push(...reader.read(text.slice(at, at + chunk), false));
  return [...found, ...reader.read('', true)];
}

describe('NDJSON lines', () => {
  test.each([1, 2, 5, 100])('keep their numbers in chunks of %d', (chunk) => {
    const lines = read('{"a":1}\r\n\n  \n{"b":2}\n{"c":3}', chunk);
    expect(lines).toEqual([
      { line: 1, text: '{"a":1}' },
      { line: 4, text: '{"b":2}' },
      { line: 5, text: '{"c":3}' },
    ]);
  });

  test('a line that is too long is named, not kept, and reading goes on', () => {
    const lines = read(`a\n${'x'.repeat(LONGEST_RECORD * 3)}\nb\n`, 65_536);
    expect(lines).toEqual([
      { line: 1, text: 'a' },
      { line: 2, trouble: 'the line is too long' },
      { line: 3, text: 'b' },
    ]);
  });
});
