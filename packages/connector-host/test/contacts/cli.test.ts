/** Contacts and their files at the command line. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADMIN } from '../api/running-host.js';
import { connectorHost } from '../cli/run.js';
import { type ContactStage, HOUR, openContactStage, sendForm } from './stage.js';

let stage: ContactStage;
let folder = '';
const cli = (...args: string[]) =>
  connectorHost(args, { CONNECTOR_HOST_URL: stage.running.url, CONNECTOR_HOST_TOKEN: ADMIN });

beforeAll(async () => {
  stage = await openContactStage();
  folder = await mkdtemp(join(tmpdir(), 'answer-'));
});
afterAll(async () => {
  await stage.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a contact is named, changed field by field, and taken away', async () => {
  const change = async (...args: string[]) =>
    JSON.parse((await cli('change', stage.connection, ...args, '--json')).out);
  const named = ['--contact-name', 'Jane Roe', '--contact-email', 'jane@harbour.example'];
  expect((await change(...named, '--when-silent', 'skip', '--contact-notes', 'By mail.')).contact).toEqual({
    name: 'Jane Roe',
    email: 'jane@harbour.example',
    notes: 'By mail.',
    whenSilent: 'skip',
  });
  expect((await change('--contact-notes', '', '--contact-account', '4711')).contact).toEqual({
    name: 'Jane Roe',
    email: 'jane@harbour.example',
    accountId: '4711',
    whenSilent: 'skip',
  });
  const wrong = await cli('change', stage.connection, '--contact-email', 'nobody');
  expect([wrong.code, wrong.err]).toEqual([4, expect.stringContaining('contact.email')]);
  expect((await change('--no-contact')).contact).toBeUndefined();
  await change(...named);
});

test('what no mail server took is not shown as if it had come', async () => {
  stage.mail.refused.set('jane@harbour.example', 550);
  await stage.ask('unwritten', 'eve@person.example');
  stage.mail.refused.clear();
  const { id } = await stage.item('unwritten');
  expect((await cli('work', 'show', String(id))).out.replace(/\s+/g, ' ')).toContain(
    '1 message, none of which the mail server took,',
  );
});

test('files of an answer are listed and saved for their owner alone, and nothing is overwritten', async () => {
  await stage.ask('by-cli', 'ada@person.example');
  await stage.pass(HOUR);
  const { id } = await stage.item('by-cli');
  expect((await cli('work', 'show', String(id))).out).toContain(
    `W-${id} to Jane Roe <jane@harbour.example>: 1 message`,
  );
  await sendForm(stage, stage.token(), { answer: 'data' }, [
    { name: '.a $(b) über.csv', content: 'one' },
    { name: 'two', content: 'two' },
  ]);
  expect((await cli('files', 'by-cli')).out).toContain('two');
  const saved = await cli('files', 'by-cli', '--into', folder);
  expect([saved.code, saved.out.trim().split('\n').length]).toEqual([0, 2]);
  const names = (await readdir(folder)).sort();
  expect(names).toEqual([expect.stringMatching(/^\d+-\.a_b_über\.csv$/), expect.stringMatching(/^\d+-two$/)]);
  expect(await readFile(join(folder, names[0] ?? ''), 'utf8')).toBe('one');
  expect((await stat(join(folder, names[0] ?? ''))).mode & 0o777).toBe(0o600);
  const again = await cli('files', 'by-cli', '--into', folder);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('is there already')]);
});

test('files that somebody answered with are sent with the answer, from the request or its work', async () => {
  const file = join(folder, 'data.csv');
  await writeFile(file, 'name\nAda\n');
  await stage.ask('by-hand-1', 'ada@person.example');
  const missing = ['answer', 'by-hand-1', '--by', 'Dana', '--said', 'Here.', '--file', file, '--file', `${file}.not`];
  const refused = await cli(...missing);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('--file: cannot read')]);
  expect((await cli(...missing.slice(0, -2))).out).toBe('by-hand-1 is complete.\n');
  expect((await cli('files', 'by-hand-1')).out).toContain('data.csv');
  await stage.ask('by-hand-2', 'ada@person.example');
  const { id } = await stage.item('by-hand-2');
  const end = ['--outcome', 'done', '--reason', 'Here.', '--done-by', 'Dana', '--evidence-file', file];
  expect((await cli('work', 'close', String(id), ...end)).code).toBe(0);
  expect((await cli('files', 'by-hand-2')).out).toContain('data.csv');
});
