import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { CliError, ExitCode } from '../../src/cli/exit.js';

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

test('columns that do not fit a terminal become lines, and nothing is cut off or wider', () => {
  const uuid = '1518f290-e34e-4cb5-85b2-34a27beab958';
  const head = ['id', 'name', 'connector', 'state', 'last check', 'waits for'];
  const row = [uuid, 'Production EU', 'segment-config', 'paused', '', `somebody to resume it: change ${uuid} --resume`];
  const out = terminal();
  const lines = new Output(false, out, out, { NO_COLOR: '1' }).table(head, [row]).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.slice(0, 4)).toEqual([uuid, '  name: Production EU', '  connector: segment-config', '  state: paused']);
  expect(lines.slice(4).join(' ').replace(/ +/g, ' ')).toBe(` waits for: ${row[5]}`);
});

test('a terminal gets colours, unless NO_COLOR says otherwise', () => {
  expect(table(terminal())).toContain('\u001b[');
  expect(table(terminal(), { NO_COLOR: '' })).toContain('\u001b[');
  expect(table(terminal(), { NO_COLOR: '1' })).not.toContain('\u001b[');
});

describe('what somebody else wrote', () => {
  // A name that clears the screen, rings, sets the title, ends the line and turns the rest round.
  const name = 'A\u001b[2J\u0007\u001b]0;title\u0007\u009b31m\nB\u202ecod\u2066';
  const written = (json: boolean) => {
    const out = new PassThrough();
    const output = new Output(json, out, out, {});
    output.result({ name }, () => `${output.table(['name'], [[name]])}\nIt is ${name}.`);
    output.note(`Look at ${name}`);
    output.problem(new CliError(`No ${name}`, ExitCode.failure, `Rename ${name}`));
    return String(out.read());
  };

  test.each([[true], [false]])('is shown by a terminal, not obeyed (JSON: %s)', (json) => {
    const text = written(json);
    expect(text).toContain('A\\u001b[2J\\u0007');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    if (json) expect(JSON.parse(text.split('\n')[0] ?? '')).toEqual({ name });
  });

  test('makes no row of its own in a table', () => {
    expect(table(new PassThrough()).split('\n')).toHaveLength(4);
    const lines = new Output(false).table(['name'], [[name]]).split('\n');
    expect(lines).toHaveLength(4);
  });
});

test('a paragraph is broken within the width of a terminal, and stays one line for programs', () => {
  const text = 'a reason of several words '.repeat(8).trim();
  const paragraph = (out: NodeJS.WritableStream) => new Output(false, out, out).paragraph(text, '    ');
  const lines = paragraph(terminal()).split('\n');
  expect(lines.length).toBeGreaterThan(1);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.map((line) => line.trim()).join(' ')).toBe(text);
  expect(paragraph(new PassThrough())).toBe(`    ${text}`);
});
