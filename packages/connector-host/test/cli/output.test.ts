import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';

// The table's colours are decided by what is set when it is loaded.
process.env['FORCE_COLOR'] = '1';
const { Output } = await import('../../src/cli/output.js');

const id = `request-${'0123456789'.repeat(10)}-end`;
const rows = [[id, 'a reason of several words that does not fit either, however wide it is'.repeat(2)]];
const terminal = () => Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
const table = (out: NodeJS.WritableStream, environment = {}) =>
  new Output(false, out, out, environment).table(['request', 'why'], rows);

test('a table that a program reads is as wide as it has to be: an id stands whole on its line', () => {
  const text = table(new PassThrough());
  expect(text).toContain(`│ ${id} │`);
  expect(text.split('\n')).toHaveLength(4);
});

test('on a terminal an id that is too long goes on in the next line, and nothing is cut off', () => {
  const lines = table(terminal(), { NO_COLOR: '1' }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  const column = (at: number) => lines.slice(2, -1).map((line) => (line.split('│')[at] ?? '').trim());
  expect(column(1).join('')).toBe(id);
  expect(column(2).join(' ').trim()).toBe(rows[0]?.[1]);
});

test('a terminal gets colours, unless NO_COLOR says otherwise', () => {
  expect(table(terminal())).toContain('\u001b[');
  expect(table(terminal(), { NO_COLOR: '' })).toContain('\u001b[');
  expect(table(terminal(), { NO_COLOR: '1' })).not.toContain('\u001b[');
});
