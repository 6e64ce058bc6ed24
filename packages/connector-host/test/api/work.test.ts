import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { type Answer, atRest, type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
let connection = '';
/** A viewer, who owns some work by the e-mail of their token. */
let owner = '';
const call: RunningHost['call'] = (...args) => running.call(...args);

const EMAIL = 'warehouse@acme.example';
const inDays = (days: number) =>
  new Date(
    Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth(), new Date().getUTCDate() + days),
  ).toISOString();
const [LATER, EARLIER] = [inDays(20), inDays(15)];
const person = (nth: number) => `canary-person-${nth}`;

async function hand(requestId: string, value: string, more: object = {}): Promise<Answer['body']> {
  const body = { requestId, right: 'deletion', identifiers: [{ kind: 'user_id', value }], ...more };
  expect((await call('POST', '/api/v1/requests', body)).status).toBe(202);
  return running.until(`/api/v1/requests/${requestId}`, atRest);
}

const list = async (query: string, token?: string): Promise<Answer['body'][]> =>
  (await call('GET', `/api/v1/work?limit=1000&${query}`, undefined, token === undefined ? {} : { token })).body.items;
const item = async (id: number): Promise<Answer['body']> => (await call('GET', `/api/v1/work/${id}`)).body;
const people = async (id: number, token?: string) =>
  call('GET', `/api/v1/work/${id}/people`, undefined, token === undefined ? {} : { token });
const treat = (key: string, treatment: object | null) =>
  call('PATCH', `/api/v1/connections/${connection}/systems/${encodeURIComponent(key)}`, { treatment });
const erasing = (key: string) => list(`kind=erase-elsewhere&system=${encodeURIComponent(key)}`);

beforeAll(async () => {
  running = await runHost();
  connection = await running.connect('Acme');
  await running.until(`/api/v1/connections/${connection}/detections`, ({ items }) => items[0]?.state === 'complete');
  const made = await call('POST', '/api/v1/tokens', { name: 'Warehouse team', role: 'viewer', email: EMAIL });
  owner = made.body.token;
});
afterAll(() => running.stop());

describe('work that deletions left over', () => {
  let keys: string[] = [];

  test('is one item for a connection and system, due no later than the law asks for the first of its people', async () => {
    await hand('one', person(1), { dueAt: LATER });
    const first = await list('kind=erase-elsewhere&state=open');
    await hand('two', person(2), { dueAt: EARLIER });
    const items = await list('kind=erase-elsewhere&state=open');
    const left = (await call('GET', '/api/v1/requests/one')).body.leftovers;
    expect(items.map(({ system }) => system).sort()).toEqual(left.map(({ system }: Answer['body']) => system).sort());
    expect(items.map(({ id }) => id).sort()).toEqual(first.map(({ id }) => id).sort());
    expect(new Set(items.map(({ people: count, dueAt }) => `${count} ${dueAt}`))).toEqual(new Set([`2 ${EARLIER}`]));
    keys = items.map(({ system }) => system);
    expect(left[0]).toMatchObject({ state: 'open', work: items.find(({ system }) => system === left[0].system).id });
  });

  test('belongs to the owner that a decision names, with the instructions; its days never put off the legal date', async () => {
    const [key = ''] = keys;
    const treatment = { kind: 'by-hand', reason: 'No API.', owner: `Warehouse <${EMAIL}>`, instructions: 'Run *it*.' };
    await treat(key, { ...treatment, days: 300 });
    expect(await erasing(key)).toMatchObject([{ dueAt: EARLIER }]);
    await treat(key, { ...treatment, days: 5 });
    const [found] = await erasing(key);
    expect(found).toMatchObject({
      state: 'open',
      treatment: 'by-hand',
      instructions: 'Run *it*.',
      owner: { name: 'Warehouse', email: EMAIL },
    });
    expect(Date.parse(found.dueAt) - Date.parse(found.openedAt)).toBe(5 * 86_400_000);
    expect((await list('owner=me', owner)).map(({ id }) => id)).toEqual([found.id]);
    expect((await list(`owner=${EMAIL.toUpperCase()}`)).map(({ id }) => id)).toEqual([found.id]);
    expect((await list('owner=none&kind=erase-elsewhere')).length).toBe(keys.length - 1);
    expect((await call('GET', '/api/v1/work?owner=me')).status).toBe(400);
    expect((await call('GET', '/api/v1/work/counts', undefined, { token: owner })).body).toMatchObject({ mine: 1 });
  });

  test('its people come as CSV for those who may see people and for its owner, and each download is in the audit log', async () => {
    const [key = '', other = ''] = keys;
    const [mine] = await erasing(key);
    const [others] = await erasing(other);
    expect((await people(others.id, owner)).status).toBe(403);
    expect((await people(others.id, await running.tokenOf('connections-manager'))).status).toBe(403);
    // Asked for its head alone, as a prefetch does, it shows nobody.
    const headers = { authorization: `Bearer ${owner}` };
    await fetch(`${running.url}/api/v1/work/${mine.id}/people`, { method: 'HEAD', headers });
    const before = await list('kind=erase-elsewhere');
    expect(before.some(({ listedAt, readAt }) => (listedAt ?? readAt) !== undefined)).toBe(false);
    const { status, type, body } = await people(mine.id, owner);
    expect([status, type]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(body.split('\r\n').sort()).toEqual(
      [
        'request_id,due_at,kind,value',
        `one,${LATER},user_id,${person(1)}`,
        `two,${EARLIER},user_id,${person(2)}`,
        '',
      ].sort(),
    );
    const { items } = (await call('GET', '/api/v1/audit?limit=1000')).body;
    const told = items.filter(({ action }: Answer['body']) => action === 'work.people_read');
    expect(told).toMatchObject([{ target: { work: mine.id }, data: { people: 2 } }]);
    expect(JSON.stringify([told, await item(mine.id)])).not.toContain('canary');
  });

  test('whoever is left over after the list was downloaded is in the next item', async () => {
    const [key = '', other = ''] = keys;
    await hand('three', person(3));
    const items = await erasing(key);
    expect(items.map(({ people: count, listedAt }) => [count, listedAt !== undefined])).toEqual(
      expect.arrayContaining([
        [2, true],
        [1, false],
      ]),
    );
    expect(items).toHaveLength(2);
    expect(await erasing(other)).toMatchObject([{ people: 3 }]);
  });

  test('its end ends what is left over of everybody in it, and of nobody else; receipts say who did it, how and when', async () => {
    const [key = ''] = keys;
    const mine = (await erasing(key)).find(({ listedAt }) => listedAt !== undefined);
    const end = {
      outcome: 'done',
      reason: 'Deleted by the job of the night.',
      doneBy: 'Ada',
      doneAt: '2026-01-02T03:04:05.000Z',
      evidence: { text: 'OPS-17', link: 'https://tickets.example/OPS-17' },
    };
    const strangers = await running.tokenOf('viewer');
    expect((await call('POST', `/api/v1/work/${mine.id}/close`, end, { token: strangers })).status).toBe(403);
    const closed = await call('POST', `/api/v1/work/${mine.id}/close`, end, { token: owner });
    expect([closed.status, closed.body.state]).toEqual([200, 'done']);
    expect(closed.body.history.map(({ kind }: Answer['body']) => kind)).toEqual([
      'work.opened',
      'work.people_read',
      'work.closed',
    ]);
    const stateOf = async (requestId: string) =>
      (await call('GET', `/api/v1/requests/${requestId}`)).body.leftovers.find(
        ({ system }: Answer['body']) => system === key,
      );
    expect(await stateOf('one')).toMatchObject({
      state: 'done',
      ended: { why: end.reason, doneBy: 'Ada', work: mine.id },
    });
    expect(await stateOf('three')).toMatchObject({ state: 'open', owner: 'Warehouse' });
    const receipt = decodeJwt((await call('GET', '/api/v1/requests/one/receipt')).body) as Answer['body'];
    const told = receipt.tasks[0].leftovers.find(({ system }: Answer['body']) => system === key);
    expect(told.ended).toMatchObject({ why: end.reason, doneBy: 'Ada', doneAt: end.doneAt, evidence: end.evidence });
    expect((await call('POST', `/api/v1/work/${mine.id}/close`, end)).status).toBe(409);
    const reopened = await call('POST', `/api/v1/work/${mine.id}/reopen`, { reason: 'The job had failed.' });
    expect(reopened.body).toMatchObject({ state: 'open', may: ['people', 'assign', 'close'] });
    expect(await stateOf('one')).toMatchObject({ state: 'open' });
    await call('POST', `/api/v1/work/${mine.id}/close`, end);
    expect(await stateOf('one')).toMatchObject({ state: 'done' });
  });

  test('people are settled once all of it has ended', async () => {
    for (const { id } of await list('kind=erase-elsewhere&state=open')) {
      const { status } = await call('POST', `/api/v1/work/${id}/close`, { outcome: 'could_not', reason: 'No access.' });
      expect(status).toBe(200);
    }
    for (const requestId of ['one', 'two', 'three']) {
      const body = await running.until(`/api/v1/requests/${requestId}`, ({ settledAt }) => settledAt !== undefined);
      expect(body).toMatchObject({ state: 'complete_with_exceptions', openLeftovers: 0 });
    }
  });

  test('ends with a decision that its people need not be erased there, and opens again when that is taken back', async () => {
    const key = keys[1] ?? '';
    await hand('four', person(4));
    const [open] = (await erasing(key)).filter(({ state }) => state === 'open');
    await treat(key, { kind: 'holds-nobody', reason: 'It holds totals.' });
    expect(await item(open.id)).toMatchObject({ state: 'not_needed', ended: { treatment: 'holds-nobody' } });
    expect((await call('POST', `/api/v1/work/${open.id}/reopen`, { reason: 'x' })).status).toBe(409);
    const left = ({ leftovers }: Answer['body']) =>
      leftovers.find(({ system }: Answer['body']) => system === key)?.state;
    await running.until('/api/v1/requests/four', (body) => left(body) === 'not_needed');
    await treat(key, null);
    await running.until('/api/v1/requests/four', (body) => left(body) === 'open');
    expect(await item(open.id)).toMatchObject({ state: 'open' });
    const filter = { connection, system: key, outcome: 'done', reason: 'By filter.' };
    const { code } = (await call('GET', '/api/v1/requests/four')).body.leftovers.find(
      ({ system }: Answer['body']) => system === key,
    );
    // Nobody was shown the people since the list was opened: what was ended by the decision was never read.
    const unread = await call('POST', '/api/v1/requests/leftovers/close', { ...filter, code });
    expect([unread.status, unread.body.code, unread.body.remedy]).toEqual([
      409,
      'STATE_FORBIDS',
      expect.stringContaining(`work ${open.id}`),
    ]);
    await people(open.id);
    await call('POST', '/api/v1/requests/leftovers/close', { ...filter, code });
    expect(await item(open.id)).toMatchObject({ state: 'done', ended: { why: 'By filter.' } });
  });

  test.each([
    [{ outcome: 'done', reason: '   ' }, 'reason'],
    [{ outcome: 'could_not', reason: 'x', doneBy: 'Ada' }, 'doneBy'],
    [{ outcome: 'done', reason: 'x', doneAt: '2999-01-01T00:00:00Z' }, 'doneAt'],
    [{ outcome: 'done', reason: 'x', evidence: { link: 'javascript:alert(1)' } }, 'evidence.link'],
  ])('an end that is %j is refused at %s', async (end, field) => {
    const [one] = await list('kind=erase-elsewhere&state=open');
    const { status, body } = await call('POST', `/api/v1/work/${one.id}/close`, end);
    expect([status, body.errors[0].field]).toEqual([422, field]);
  });

  test('is given to somebody, and never due later than it is', async () => {
    const [one] = await list('kind=erase-elsewhere&state=open');
    const path = `/api/v1/work/${one.id}/assign`;
    const given = await call('POST', path, { owner: { name: 'Ops' }, note: 'Please.' });
    expect(given.body).toMatchObject({ owner: { name: 'Ops' } });
    expect(given.body.history.at(-1).text).toBe('The work was given to Ops: Please.');
    const late = await call('POST', path, { owner: null, dueAt: '2999-12-31T00:00:00Z' });
    expect([late.status, late.body.errors[0].field]).toEqual([422, 'dueAt']);
    expect((await call('POST', path, { owner: null })).body.owner).toBeUndefined();
  });
});

describe('other work', () => {
  test('a system that a deletion is not known to reach is to be decided about; the decision, or the archive, ends that', async () => {
    const open = await list('kind=decide-system&state=open');
    const { total } = (await call('GET', '/api/v1/systems?treatment=undecided&limit=1')).body;
    expect([open.length > 2, open.length <= total]).toEqual([true, true]);
    const [one, two] = open;
    const refused = await call('POST', `/api/v1/work/${one.id}/close`, { outcome: 'done', reason: 'x' });
    expect([refused.status, refused.body.code]).toEqual([409, 'STATE_FORBIDS']);
    await treat(one.system, { kind: 'accepted', reason: 'We know.' });
    expect((await item(one.id)).state).toBe('done');
    await call('PATCH', `/api/v1/connections/${connection}/systems/${encodeURIComponent(two.system)}`, {
      archived: true,
      reason: 'Old.',
    });
    expect((await item(two.id)).state).toBe('not_needed');
    await treat(one.system, null);
    expect(await list(`kind=decide-system&state=open&system=${encodeURIComponent(one.system)}`)).toHaveLength(1);
  });

  test('an access request is asked about; the answer ends the work, from either side', async () => {
    const ask = async (requestId: string) => {
      await hand(requestId, person(9), { right: 'access' });
      const open = await list('kind=direct-contact&state=open');
      return open.find((one) => one.requestId === requestId);
    };
    const first = await ask('ask-1');
    const { acceptedAt } = (await call('GET', '/api/v1/requests/ask-1')).body;
    expect(Date.parse(first.dueAt) - Date.parse(acceptedAt)).toBe(14 * 86_400_000);
    const end = { outcome: 'not_needed', reason: 'We hold nothing.', doneBy: 'Support' };
    expect((await call('POST', `/api/v1/work/${first.id}/close`, { ...end, doneBy: undefined })).status).toBe(422);
    const named = await call('POST', `/api/v1/work/${first.id}/close`, { ...end, reason: `Nothing of ${person(9)}` });
    expect([named.status, named.body.code]).toEqual([422, 'REQUEST_INVALID']);
    expect((await call('POST', `/api/v1/work/${first.id}/close`, end)).body.state).toBe('not_needed');
    expect((await call('GET', '/api/v1/requests/ask-1')).body).toMatchObject({ state: 'complete' });
    const second = await ask('ask-2');
    await call('POST', '/api/v1/requests/ask-2/answer', { outcome: 'done', answeredBy: 'Support', said: 'Sent.' });
    expect(await item(second.id)).toMatchObject({ state: 'done', ended: { doneBy: 'Support' } });
    const third = await ask('ask-3');
    await call('POST', '/api/v1/requests/ask-3/cancel', {});
    expect((await item(third.id)).state).toBe('not_needed');
  });

  test('doubtful identifiers are one item, however many requests wait; it ends with the last of them', async () => {
    const doubtful = (requestId: string) => hand(requestId, 'null');
    await doubtful('odd-1');
    await doubtful('odd-2');
    const open = () => list('kind=doubtful-identifiers&state=open');
    expect(await open()).toMatchObject([{ people: 2 }]);
    const meant = {
      requestId: 'odd-1',
      right: 'deletion',
      identifiers: [{ kind: 'user_id', value: 'null' }],
      allowDoubtful: true,
    };
    expect((await call('POST', '/api/v1/requests', meant)).status).toBe(200);
    expect(await open()).toHaveLength(1);
    await call('POST', '/api/v1/requests/odd-2/cancel', {});
    expect(await open()).toEqual([]);
    // What is sent opens work of its own.
    await running.until('/api/v1/requests/odd-1', atRest);
  });

  test('a list goes on where its page ended, and takes no filter that it does not know', async () => {
    const all = (await list('')).map(({ id }) => id);
    const seen: number[] = [];
    for (let cursor = ''; ; ) {
      const { body } = await call('GET', `/api/v1/work?limit=7${cursor}`);
      expect(body.total).toBe(all.length);
      seen.push(...body.items.map(({ id }: Answer['body']) => id));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(all);
    expect((await call('GET', '/api/v1/work?due=tomorrow')).status).toBe(400);
    expect((await call('GET', '/api/v1/work/99999')).status).toBe(404);
    const soon = await list('due=soon');
    expect(soon.every(({ due }) => due === undefined || due === 'soon')).toBe(true);
  });
});
