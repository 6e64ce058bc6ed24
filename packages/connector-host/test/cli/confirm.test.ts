/** Nobody is erased who was not meant: a person at a terminal is asked, a program says `--yes` where there are many. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ADMIN, type RunningHost, runHost } from '../api/running-host.js';
import { connectorHost } from './run.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'confirm-'));

let running: RunningHost;
const environment = () => ({ CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN });
const cli = (args: string[], input = '') => connectorHost(args, environment(), input);
const known = async (search: string): Promise<number> =>
  (await running.call('GET', `/api/v1/requests?search=${search}&limit=1`)).body.total;

/** A file of so many people. */
function file(name: string, people: number): string {
  const path = join(folder, `${name}.csv`);
  const lines = Array.from({ length: people }, (_, at) => `${name}-${at},${name} user ${at}`);
  writeFileSync(path, ['request_id,user_id', ...lines].join('\n'));
  return path;
}

/** Runs a command at a terminal of its own, and types the answer once something is asked. */
async function atTerminal(args: string, answer: string): Promise<{ code: number; text: string }> {
  const command = `${process.execPath} ${main} ${args}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], ...environment() },
  });
  let [text, asked] = ['', false];
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    // The prompt is followed by what places the cursor.
    if (!asked && /(go on|\(\d+\)): /.test(text)) {
      asked = true;
      child.stdin.write(`${answer}\n`);
    }
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, text };
}

beforeAll(async () => {
  running = await runHost({}, { badId: /^bad/ });
  const connection = await running.connect('Production');
  await running.until(`/api/v1/connections/${connection}/detections`, ({ items }) => items[0]?.state === 'complete');
});
afterAll(() => running.stop());

describe('without a terminal', () => {
  test('more than a hundred people need --yes; nothing is sent without', async () => {
    const many = file('many', 101);
    const refused = await cli(['import', many]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('101 people would be erased')]);
    expect(await known('many-')).toBe(0);
    expect((await cli(['import', many, '--yes'])).code).toBe(0);
    expect(await known('many-')).toBe(101);
  });

  test('a hundred do not, and those of standard input are counted as well', async () => {
    expect((await cli(['import', file('few', 100)])).code).toBe(0);
    const lines = (people: number) => Array.from({ length: people }, (_, at) => `in-${at},in user ${at}`);
    const input = (people: number) => ['request_id,user_id', ...lines(people)].join('\n');
    expect((await cli(['import', '-'], input(101))).code).toBe(2);
    expect(await known('in-')).toBe(0);
    expect((await cli(['import', '-'], input(3))).out).toContain('3 accepted');
    expect((await cli(['submit', 'alone'], 'user_id=alone\n')).code).toBe(0);
  });

  test('a dry run says what would become of each line, and keeps nothing; that is what whoever must say --yes is told to look at', async () => {
    const path = file('tried', 101);
    appendFileSync(path, '\ntried-101,NULL\ntried-102,"a\u200bb"');
    expect((await cli(['import', path])).err).toContain('import --dry-run');
    const { code, out } = await cli(['import', path, '--dry-run']);
    expect([code, await known('tried-')]).toEqual([5, 0]);
    expect(out).toContain('101 would be accepted, 0 duplicates, 1 rejected, 1 doubtful.');
    expect(out).toMatch(/line 103 \(doubtful\): user_id is a word that stands for nothing/);
    expect(out).toMatch(/line 104: user_id holds an invisible character/);
    expect(out).toMatch(/Production: 101 people, 101 identifiers, \d+ of the quota left; not reached: \d+ systems/);
    const { out: json } = await cli(['import', '-', '--dry-run', '--json'], 'request_id,user_id\ntried-1,tried\n');
    expect(JSON.parse(json)).toMatchObject({ accepted: 1, plan: { subjects: 1 } });
  });

  test('a value that stands for many people is no matter of how many there are: --yes alone sends none of them', async () => {
    const path = join(folder, 'shared.csv');
    writeFileSync(path, `request_id,user_id\n${[1, 2, 3, 4, 5].map((n) => `shared-${n},u-77`).join('\n')}\n`);
    for (const flags of [[], ['--yes']]) {
      const { code, err } = await cli(['import', path, ...flags]);
      expect(code).toBe(2);
      expect(err).toContain('line 2: user_id is the same for 5 people');
      expect(err).toContain('--allow-doubtful');
      expect(err).not.toContain('u-77');
    }
    expect(await known('shared-')).toBe(0);
    expect((await cli(['import', path, '--yes', '--allow-doubtful'])).out).toContain('5 accepted');
  });

  test('a retry of many is counted by who can be tried again', async () => {
    const path = join(folder, 'bad.csv');
    const lines = Array.from({ length: 101 }, (_, at) => `bad-${at},bad ${at}`);
    writeFileSync(path, ['request_id,user_id', ...lines].join('\n'));
    await cli(['import', path, '--yes']);
    await running.until('/api/v1/requests?status=error', ({ total }) => total === 101);
    const refused = await cli(['retry', '--all']);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('101 people')]);
    expect((await cli(['retry', '--all', '--yes'])).out).toContain('101 tasks');
  });
});

describe('where the host sets another number', () => {
  let strict: RunningHost;
  beforeAll(async () => {
    strict = await runHost({ confirmAbove: 2, jurisdiction: 'other', jurisdictionDays: 20, zone: 'Europe/Berlin' });
    await strict.connect('Production');
  });
  afterAll(() => strict.stop());

  test('it is told to whoever hands in requests, and counts at the command line', async () => {
    const settings = { confirmAbove: 2, jurisdiction: 'other', days: 20, zone: 'Europe/Berlin' };
    const token = await strict.tokenOf('viewer');
    expect((await strict.call('GET', '/api/v1/settings', undefined, { token })).body).toEqual(settings);
    const run = (people: number, ...more: string[]) =>
      connectorHost(['import', file(`strict-${people}`, people), ...more], {
        CONNECTOR_HOST_URL: strict.url,
        CONNECTOR_HOST_TOKEN: ADMIN,
      });
    expect((await run(2)).code).toBe(0);
    expect(await run(3)).toMatchObject({ code: 2, err: expect.stringContaining('3 people would be erased') });
    expect((await run(3, '--yes')).code).toBe(0);
  });

  test('a number that is none is refused', async () => {
    const { code, err } = await connectorHost(['serve', '--confirm-above', 'few']);
    expect([code, err]).toEqual([2, expect.stringContaining('--confirm-above')]);
  });
});

describe('at a terminal', () => {
  test('a person is asked, told what would happen, and taken at their word', async () => {
    const path = file('asked', 2);
    appendFileSync(path, '\nasked-2,NULL');
    const no = await atTerminal(`import ${path}`, 'no');
    expect(no.text).toContain('2 people would be erased.');
    expect(no.text).toMatch(/Production: 2 people, 2 identifiers, \d+ of the quota left; not reached: \d+ systems/);
    expect(no.text).toContain('1 line is doubtful and kept back.');
    expect([no.code, await known('asked-')]).toEqual([2, 0]);
    const yes = await atTerminal(`import ${path}`, 'yes');
    expect([yes.code, await known('asked-')]).toEqual([5, 2]);
  });

  test('all in error are tried again only once it is told where, for what reason, at what cost, and what is missed', async () => {
    await cli(['import', file('bad again', 1)]);
    await running.until('/api/v1/requests?status=error', ({ total }) => total > 0);
    const { code, text } = await atTerminal('retry --all', 'no');
    expect(code).toBe(2);
    expect(text).toMatch(/Production: \d+ people, \d+ identifiers, \d+ of the quota left; not reached: \d+ systems/);
    expect(text).toMatch(/IDENTIFIER_REFUSED: \d+ people\./);
  });

  test('above a hundred the number has to be typed', async () => {
    const path = file('typed', 101);
    expect((await atTerminal(`import ${path}`, 'yes')).code).toBe(2);
    expect(await known('typed-')).toBe(0);
    expect((await atTerminal(`import ${path}`, '101')).code).toBe(0);
    expect(await known('typed-')).toBe(101);
  });

  test('one person is asked about as well, and --yes spares the question', async () => {
    const path = join(folder, 'one.txt');
    writeFileSync(path, 'user_id=one\n');
    expect((await atTerminal(`submit one --identifiers ${path}`, 'no')).code).toBe(2);
    expect(await known('one')).toBe(0);
    expect((await atTerminal(`submit one --identifiers ${path} --yes`, '')).code).toBe(0);
    expect(await known('one')).toBe(1);
  });
});
