/** Work for people, from a terminal: it is listed, shown, given to somebody, and ended. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { workText } from '../../src/cli/commands/work.js';
import { Output } from '../../src/cli/output.js';
import { localDate } from '../../src/requests/zoned-days.js';
import { ADMIN, type Answer, atRest, type RunningHost, runHost } from '../api/running-host.js';
import { connectorHost } from './run.js';

// The last moment of a day there is another day in UTC.
const zone = 'America/Los_Angeles';
const dayOf = (time: string) => localDate(Date.parse(time), zone);

let running: RunningHost;
const cli = (...args: string[]) =>
  connectorHost(args, { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN });
const open = async (): Promise<Answer['body'][]> =>
  JSON.parse((await cli('work', 'list', '--kind', 'erase-elsewhere', '--json')).out).items;
const read = (id: number) => running.call('GET', `/api/v1/work/${id}/people`);
const widest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

beforeAll(async () => {
  running = await runHost({ zone });
  const connection = await running.connect('Production');
  await running.until(`/api/v1/connections/${connection}/detections`, ({ items }) => items[0]?.state === 'complete');
  const identifiers = [{ kind: 'user_id', value: 'u-1' }];
  await running.call('POST', '/api/v1/requests', { requestId: 'ada', right: 'deletion', identifiers });
  await running.until('/api/v1/requests/ada', atRest);
});
afterAll(() => running.stop());

test('is listed and shown within 80 columns, with who has it and by which day of the host', async () => {
  const [first] = await open();
  const { code, out } = await cli('work', 'list');
  expect(code).toBe(0);
  expect(out).toContain(`${first.id}  due ${dayOf(first.dueAt)}, nobody has it`);
  expect(dayOf(first.dueAt)).not.toBe(first.dueAt.slice(0, 10));
  const terminal = { isTTY: true, columns: 80 } as unknown as NodeJS.WriteStream;
  expect(widest(workText(await open(), new Output(false, terminal), dayOf))).toBeLessThanOrEqual(80);
  const byThen = (day: string) => cli('work', 'list', '--kind', 'erase-elsewhere', '--due', day);
  expect((await byThen(dayOf(first.dueAt))).out).toContain(`${first.id}  due `);
  const shown = await cli('work', 'show', String(first.id));
  expect(shown.out).toContain(`Erase 1 person in ${first.systemName}`);
  expect((await cli('work', 'list', '--owner', 'none', '--due', 'overdue')).out).toBe('No work.\n');
});

test('is given to somebody, and taken from them', async () => {
  const [{ id }] = await open();
  const { out } = await cli(
    'work',
    'assign',
    String(id),
    '--to',
    'Ops',
    '--email',
    'ops@acme.example',
    '--note',
    'Please.',
  );
  expect(out).toContain('Ops');
  expect((await cli('work', 'list', '--owner', 'ops@acme.example')).out).toContain(`${id}  `);
  expect((await cli('work', 'assign', String(id))).code).toBe(2);
  expect((await cli('work', 'assign', String(id), '--nobody')).out).toContain('nobody has it');
});

test('is ended, and what was left over of everybody in it with it', async () => {
  const [{ id, system }] = await open();
  const end = ['--outcome', 'done', '--reason', 'By the job of the night.', '--done-by', 'Ada', '--evidence', 'OPS-17'];
  const unread = await cli('work', 'close', String(id), ...end);
  expect([unread.code, unread.err]).toEqual([4, expect.stringContaining('connector-host work people ID --to FILE')]);
  await read(id);
  const { code, out } = await cli('work', 'close', String(id), ...end);
  expect([code, out]).toEqual([0, `Work ${id} ended: done. The requests follow within moments.\n`]);
  const { leftovers } = (await running.call('GET', '/api/v1/requests/ada')).body;
  expect(leftovers.find((one: Answer['body']) => one.system === system)).toMatchObject({
    state: 'done',
    ended: { doneBy: 'Ada', evidence: { text: 'OPS-17' } },
  });
  expect((await cli('work', 'close', String(id), ...end)).code).toBe(4);
  const shown = (await cli('work', 'show', String(id))).out;
  expect(shown).toContain('Ended: done by Ada');
  expect(shown).toContain('OPS-17');
});

test('is ended with files that show it, which are listed and saved', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  try {
    const [first, second] = [join(folder, 'one.txt'), join(folder, 'two.txt')];
    await writeFile(first, 'one');
    await writeFile(second, 'two');
    const [{ id }] = await open();
    const list = join(folder, 'people.csv');
    expect((await cli('work', 'people', String(id), '--to', list)).out).toContain(`The people of work ${id} are in `);
    expect(await readFile(list, 'utf8')).toContain('request_id,due_at,kind,value');
    expect((await cli('work', 'people', String(id), '--to', list)).code).toBe(2);
    const files = ['--evidence-file', first, '--evidence-file', second];
    expect((await cli('work', 'close', String(id), '--outcome', 'done', '--reason', 'Done.', ...files)).code).toBe(0);
    expect((await cli('work', 'show', String(id))).out).toContain(`2 files: work files ${id}`);
    expect((await cli('work', 'files', String(id))).out).toContain('two.txt');
    const saved = await cli('work', 'files', String(id), '--into', folder);
    const [one = ''] = saved.out.split('\n');
    expect(await readFile(one, 'utf8')).toBe('one');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('is opened again, and what it had ended is left over again', async () => {
  const list = await cli('work', 'list', '--state', 'ended', '--kind', 'erase-elsewhere', '--json');
  const [{ id, system }] = JSON.parse(list.out).items;
  expect((await cli('work', 'reopen', String(id))).code).toBe(2);
  const { code, out } = await cli('work', 'reopen', String(id), '--reason', 'The job had failed.');
  expect([code, out]).toEqual([0, expect.stringMatching(new RegExp(`^Work ${id} is open again: due `))]);
  const { leftovers } = (await running.call('GET', '/api/v1/requests/ada')).body;
  expect(leftovers.find((one: Answer['body']) => one.system === system).state).toBe('open');
  expect((await cli('work', 'show', String(id))).out).toContain('The job had failed.');
});
