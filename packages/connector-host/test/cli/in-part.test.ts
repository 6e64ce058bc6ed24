/** What is done in part only, from a terminal: it says what was not done, and why. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADMIN, type RunningHost, runHost } from '../api/running-host.js';
import { connectorHost } from './run.js';

let running: RunningHost;
let [sent, paused] = ['', ''];
const cli = (args: readonly string[], input = '') =>
  connectorHost(args, { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN }, input);

beforeAll(async () => {
  // Nothing ends by itself.
  running = await runHost({}, { speed: 0 });
  sent = await running.connect('Sent');
  paused = await running.connect('Paused');
  await cli(['change', paused, '--pause']);
});
afterAll(() => running.stop());

test('a request says what its connection waits for', async () => {
  const submitted = await cli(['submit', 'later', '--yes', '--connection', paused], 'user_id=u-0\n');
  expect(submitted.out).toContain('Paused sends nothing now. It waits for: somebody to resume it');
  const { out } = await cli(['status', 'later']);
  expect(out).toContain(`    The connection waits for: somebody to resume it: change ${paused} --resume\n`);
  expect((await cli(['cancel', 'later'])).code).toBe(0);
  const followed = await cli(['status', 'later', '--follow']);
  expect(followed.err).toContain(`Paused waits for: somebody to resume it: change ${paused} --resume\n`);
});

test('"cancel" names what could not be taken back, and why', async () => {
  await cli(['submit', 'both', '--yes'], 'user_id=u-1\n');
  await running.until('/api/v1/requests/both', ({ tasks }) =>
    tasks.some(
      ({ connection, state }: { connection: string; state: string }) => connection === sent && state === 'processing',
    ),
  );
  const { code, out } = await cli(['cancel', 'both']);
  expect(out).toBe(
    'both is processing.\n  Not taken back at Sent: The deletion was submitted, and the vendor takes none back.\n',
  );
  expect(code).toBe(5);
});

test('the timeline says where each thing happened, where there are several places', async () => {
  const { out } = await cli(['status', 'both']);
  expect(out).toMatch(/Paused: Taken back before it was submitted\n/);
  expect(out).toMatch(/Sent: Twilio Segment accepted the batch as /);
  expect(out).toMatch(/\d\d:\d\d:\d\d {2}The request was accepted\n/);
});

test('a dry run of an access request does not say that somebody is asked where no contact is named', async () => {
  const { out } = await cli(['submit', 'seen', '--right', 'access', '--dry-run'], 'user_id=u-3\n');
  expect(out).toContain('where none is named, somebody here has to ask');
});

test('where an identifier may be damage, what is to be typed is told', async () => {
  await cli(['submit', 'zero', '--yes', '--connection', sent], 'user_id=0\n');
  expect((await cli(['status', 'zero'])).out).toContain('Where it is meant: connector-host allow zero\n');
  await cli(['cancel', 'zero']);
});

test('where several wait for an answer, what is to be typed names one of them; what was answered is shown', async () => {
  await cli(['submit', 'seen', '--right', 'access'], 'user_id=u-3\n');
  const waiting = (await cli(['status', 'seen'])).out;
  const [, task = ''] = /answer seen --by WHO --said TEXT --task (\d+)/.exec(waiting) ?? [];
  const answer = [
    'answer',
    'seen',
    '--by',
    'Dana',
    '--outcome',
    'could_not',
    '--said',
    'It is sealed.',
    '--task',
    task,
  ];
  expect((await cli(answer)).code).toBe(0);
  const { out } = await cli(['status', 'seen']);
  expect(out).toContain('    Dana said: It is sealed.\n');
  expect(out).toMatch(/answer seen --by WHO --said TEXT\n/);
});

test('"retry" says how many no retry can send', async () => {
  await cli(['submit', 'gone', '--yes', '--connection', paused], 'user_id=u-2\n');
  await running.call('DELETE', `/api/v1/connections/${paused}`);
  await running.until('/api/v1/requests/gone', ({ state }) => state === 'error');
  expect((await cli(['status', 'gone'])).out).toContain('  Paused (removed): error');
  const { code, out } = await cli(['retry', '--all', '--yes']);
  expect([code, out]).toEqual([
    0,
    '0 tasks wait for a batch again.\n3 are left: the connection was removed, the identifiers were purged, or a person answered so. Close the error (connector-host close --help).\n',
  ]);
});
