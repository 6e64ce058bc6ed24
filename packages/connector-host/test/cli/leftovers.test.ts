/** What is left over, from a terminal: it is listed, decided about, and ended. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ADMIN, type Answer, atRest, type RunningHost, runHost } from '../api/running-host.js';
import { connectorHost } from './run.js';

let running: RunningHost;
let connection = '';
const cli = (...args: string[]) =>
  connectorHost(args, { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN });
const json = async (...args: string[]) => JSON.parse((await cli(...args, '--json')).out);
const left = async (requestId: string): Promise<Answer['body'][]> =>
  (await running.call('GET', `/api/v1/requests/${requestId}`)).body.leftovers;

/** Hands somebody in who is known by an e-mail address alone, and waits for the end. */
async function hand(requestId: string): Promise<void> {
  const identifiers = [{ kind: 'email', value: `${requestId}@example.com` }];
  await running.call('POST', '/api/v1/requests', { requestId, right: 'deletion', identifiers });
  await running.until(`/api/v1/requests/${requestId}`, atRest);
}

beforeAll(async () => {
  running = await runHost();
  connection = await running.connect('Production');
  await running.until(`/api/v1/connections/${connection}/detections`, ({ items }) => items[0]?.state === 'complete');
  await hand('ada');
  await hand('bea');
});
afterAll(() => running.stop());

test('is listed with the people it is about, and what ends it', async () => {
  const open = await left('ada');
  const { items } = await json('leftovers', 'list');
  const keyOf = ({ system, code }: { system?: string; code: string }) => `${system} ${code}`;
  expect(items.map(keyOf).sort()).toEqual(open.map(keyOf).sort());
  for (const item of items) expect(item).toMatchObject({ connection, people: 2 });
  const { code, out } = await cli('leftovers', 'list', '--connection', connection);
  expect(code).toBe(0);
  expect(out).toContain('The person, Production: 2 people since ');
  const { out: shown } = await cli('status', 'ada');
  expect(shown).toContain('connector-host correct ada NEW_ID');
  for (const { name, code: why, system } of open) {
    expect(out).toContain(`${name}, Production: 2 people`);
    expect(out).toContain(`--code ${why} --connection ${connection}`);
    if (system !== undefined) expect(out).toContain(`--system ${system}`);
  }
});

test.each([
  ['leftovers', 'list'],
  ['systems', 'list'],
  ['work', 'list'],
  ['retry', '--yes'],
  ['leftovers', 'close', '--code', 'NOT_REACHED', '--outcome', 'not_needed', '--reason', 'x'],
])('"%s %s" says of a connection that never was that there is none, not that nothing is there', async (...args) => {
  const { code, out, err } = await cli(...args, '--connection', 'elsewhere');
  expect([code, out]).toEqual([4, '']);
  expect(err).toContain('There is no connection with this id.');
});

test('the files of a request that is not there are not none', async () => {
  const { code, err } = await cli('files', 'nobody');
  expect([code, err]).toEqual([4, expect.stringContaining('There is no request with this id.')]);
});

test('systems are listed with their keys, and those that nobody decided about alone', async () => {
  const { items } = await json('systems', 'list', '--treatment', 'undecided');
  const all = (await running.call('GET', '/api/v1/systems?treatment=undecided&limit=1000')).body;
  expect(items).toHaveLength(all.total);
  // What runs within the vendor's account leaves nothing over, so nobody has to decide about it.
  expect([...new Set(items.map(({ kind }: { kind: string }) => kind))].sort()).toEqual([
    'destination',
    'source',
    'warehouse',
  ]);
  const { out } = await cli('systems', 'list', '--connection', connection);
  for (const { key } of items) expect(out).toContain(key);
  expect(out).toContain('undecided');
});

test('a decision about a system ends what is left over there, and is taken back', async () => {
  const [one] = (await left('ada')).filter(({ system }) => system !== undefined);
  const treat = (...more: string[]) => cli('systems', 'treat', connection, one.system, ...more);
  const state = (wanted: string) =>
    running.until('/api/v1/requests/ada', ({ leftovers }) =>
      leftovers.some((each: Answer['body']) => each.system === one.system && each.state === wanted),
    );
  const done = await treat('--treatment', 'holds-nobody', '--reason', 'Totals alone.', '--look-again-on', '2999-01-01');
  expect([done.code, done.out]).toEqual([0, expect.stringContaining(`${one.name}: holds-nobody.`)]);
  await state('not_needed');
  const { items } = await json('systems', 'list', '--treatment', 'holds-nobody');
  expect(items).toMatchObject([{ key: one.system, treatment: { reason: 'Totals alone.', lookAgainOn: '2999-01-01' } }]);
  expect((await json('leftovers', 'list')).items).not.toContainEqual(expect.objectContaining({ system: one.system }));
  const back = await treat('--withdraw');
  expect([back.code, back.out]).toEqual([0, expect.stringContaining('is taken back')]);
  await state('open');
  const byHand = [
    '--treatment',
    'by-hand',
    '--reason',
    'x',
    '--owner',
    'Ops',
    '--instructions',
    'Ask.',
    '--days',
    '14',
  ];
  expect((await treat(...byHand)).code).toBe(0);
  const listed = (await json('leftovers', 'list')).items;
  expect(listed).toContainEqual(expect.objectContaining({ system: one.system, treatment: 'by-hand' }));
});

test.each([
  ['nothing that is decided', [], 2, '--withdraw'],
  ['two things at once', ['--withdraw', '--treatment', 'accepted', '--reason', 'x'], 2, '--withdraw'],
  ['no reason', ['--treatment', 'accepted'], 2, '--reason'],
  ['a treatment that is none', ['--treatment', 'ignore', '--reason', 'x'], 2, 'Allowed choices'],
  ['what the treatment does not go with', ['--treatment', 'accepted', '--reason', 'x', '--owner', 'Ops'], 4, 'owner'],
])('a decision with %s is refused', async (_what, more, code, says) => {
  const run = await cli('systems', 'treat', connection, 'any', ...more);
  expect(run.code).toBe(code);
  expect(run.err).toContain(says);
});

test('a system goes to the archive for a reason, and comes back', async () => {
  const [one] = (await left('ada')).filter(({ system }) => system !== undefined);
  expect((await cli('systems', 'archive', connection, one.system)).code).toBe(2);
  const archived = await cli('systems', 'archive', connection, one.system, '--reason', 'Switched off.');
  expect(archived.out).toBe(`${one.name} is archived.\n`);
  expect((await cli('systems', 'restore', connection, one.system)).out).toBe(`${one.name} is active.\n`);
});

test('is ended for one request, for a system, and by code for everybody', async () => {
  const close = (...more: string[]) => cli('leftovers', 'close', '--reason', 'Looked at by hand.', ...more);
  const own = ['--code', 'NO_KNOWN_USER_ID', '--outcome', 'not_needed'];
  expect((await close(...own, '--request', 'ada')).out).toBe('1 leftover is ended: not_needed.\n');
  expect((await left('bea')).find(({ code }) => code === 'NO_KNOWN_USER_ID').state).toBe('open');
  expect((await close(...own)).out).toBe('1 leftover is ended: not_needed.\n');
  const [one, ...others] = (await left('bea')).filter(({ state }) => state === 'open');
  const ofOne = ['--code', one.code, '--connection', connection, '--system', one.system];
  expect((await close(...ofOne, '--outcome', 'not_needed')).out).toBe('2 leftovers are ended: not_needed.\n');
  for (const code of new Set<string>(others.map((each) => each.code)))
    await close('--code', code, '--outcome', 'not_needed');
  await running.until('/api/v1/requests/bea', ({ state }) => state === 'complete');
  expect((await cli('leftovers', 'list')).out).toBe('Nothing is left over.\n');
  expect((await close('--code', 'NOT_REACHED')).code).toBe(2);
  expect((await close('--code', 'NOT_REACHED', '--outcome', 'done', '--request', 'bea')).err).toContain('requestId');
});
