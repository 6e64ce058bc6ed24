import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { connectorHost } from '../cli/run.js';
import { ADMIN, type Answer, atRest, type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
let connection = '';
let spare = '';
const call: RunningHost['call'] = (...args) => running.call(...args);

interface Left {
  readonly system?: string;
  readonly name: string;
  readonly code: string;
  readonly state: string;
  readonly ended?: { readonly why: string; readonly treatment?: string };
}

const request = (requestId: string, ...identifiers: [string, string][]) => ({
  requestId,
  right: 'deletion',
  identifiers: identifiers.map(([kind, value]) => ({ kind, value })),
});

async function hand(body: object & { readonly requestId: string }): Promise<Answer['body']> {
  expect((await call('POST', '/api/v1/requests', body)).status).toBe(202);
  return running.until(`/api/v1/requests/${body.requestId}`, atRest);
}

const treat = (key: string, treatment: object | null, token?: string) =>
  call(
    'PATCH',
    `/api/v1/connections/${connection}/systems/${encodeURIComponent(key)}`,
    { treatment },
    token === undefined ? {} : { token },
  );
const receipt = async (requestId: string) => (await call('GET', `/api/v1/requests/${requestId}/receipt`)).body;
const leftIn = (body: Answer['body'], system: string): Left =>
  body.leftovers.find((one: Left) => one.system === system) ?? { name: '', code: '', state: 'none' };

beforeAll(async () => {
  running = await runHost();
  connection = await running.connect('Acme');
  // The host looks by itself once it is connected.
  await running.until(`/api/v1/connections/${connection}/detections`, ({ items }) => items[0]?.state === 'complete');
});
afterAll(() => running.stop());

describe('what a deletion did not do', () => {
  let key = '';

  test('keeps the request from being complete, and is told by the names of the map on the request and the receipt', async () => {
    const body = await hand(request('one', ['user_id', 'u-1']));
    const { items } = (await call('GET', '/api/v1/systems?limit=1000')).body;
    const missed = items.filter(
      ({ kind, coverage }: { kind: string; coverage: { state: string } }) =>
        ['source', 'destination', 'warehouse'].includes(kind) &&
        ['not-reached', 'needs-setup', 'unknown'].includes(coverage.state),
    );
    expect(body).toMatchObject({ state: 'left_over', leftoversRecorded: true, openLeftovers: missed.length });
    expect(body.tasks).toMatchObject([{ state: 'complete', basis: 'vendor', leftOver: 'open' }]);
    const names = (all: readonly { name: string }[]) => all.map(({ name }) => name).sort();
    expect(names(body.leftovers)).toEqual(names(missed));
    key = body.leftovers[0].system;
    const listed = (await call('GET', '/api/v1/requests?status=left_over')).body.items;
    expect(listed).toMatchObject([{ requestId: 'one', openLeftovers: missed.length }]);
    const told = decodeJwt(await receipt('one')) as Answer['body'];
    expect(told).toMatchObject({ right: 'deletion', state: 'left_over', standing: 'interim' });
    expect(told.tasks[0]).toMatchObject({ basis: 'vendor', leftoversRecorded: true });
    expect(names(told.tasks[0].leftovers)).toEqual(names(missed));
  });

  test('has one name on map, request, receipt, export and command line, and none is called done there', async () => {
    running.sandbox.outcomes.add({ subject: 'partly', outcome: 'failed-unsupported' });
    const body = await hand(request('names', ['user_id', 'partly']));
    expect(body.tasks).toMatchObject([{ state: 'complete_with_exceptions' }]);
    const { items } = (await call('GET', '/api/v1/systems?limit=1000')).body;
    const nameOf = new Map(items.map((one: { key: string; name: string }) => [one.key, one.name]));
    type Said = { key?: string; name: string; state: string };
    const [operation] = body.operations;
    const { destinations, exceptions } = operation as { destinations: Said[]; exceptions: (Left & { key?: string })[] };
    const keyed = destinations.filter(({ key }) => key !== undefined);
    // What is Segment's own is no system of the inventory.
    expect(new Set(destinations.filter(({ key }) => key === undefined).map(({ name }) => name))).toEqual(
      new Set(['Segment']),
    );
    for (const { key = '', name } of keyed) expect(name).toBe(nameOf.get(key));
    expect(exceptions.length).toBeGreaterThan(0);
    for (const { key = '', system } of exceptions) expect(system).toBe(nameOf.get(key));
    // What the map knows not to be reached is not said to be unknown here.
    const missed = items.filter((one: Answer['body']) => one.coverage.state === 'not-reached');
    const why = new Map(body.leftovers.map((one: Answer['body']) => [one.system, one.reason]));
    for (const { key, coverage } of missed)
      if (why.has(key)) expect([key, why.get(key)]).toEqual([key, coverage.reason]);
    const told = decodeJwt(await receipt('names')) as Answer['body'];
    const said = (all: readonly Said[]) => all.map(({ key, name, state }) => ({ key, name, state }));
    expect(said(told.tasks[0].operations[0].destinations)).toEqual(said(destinations));
    expect(told.tasks[0].operations[0].exceptions).toEqual(exceptions);
    const file = String((await call('GET', '/api/v1/requests/export?search=names')).body);
    for (const { system } of exceptions) expect(file).toContain(`${system}: `);

    const environment = { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN };
    const { out } = await connectorHost(['status', 'names'], environment);
    const listed = (state: string) => new RegExp(`^ +${state}: (.*)$`, 'm').exec(out)?.[1]?.split(', ') ?? [];
    const done = listed('completed');
    for (const { name } of body.leftovers) expect(done).not.toContain(name);
    const both = keyed.filter(({ key, state }) => state === 'completed' && leftIn(body, key ?? '').state === 'open');
    expect(both.length).toBeGreaterThan(0);
    expect(new Set(listed('completed, and left over all the same'))).toEqual(new Set(both.map(({ name }) => name)));
  });

  test('ends with a decision about the system, of before and from then on, and opens again when that is taken back', async () => {
    const reason = 'It holds totals alone.';
    const { status, body } = await treat(key, { kind: 'holds-nobody', reason, lookAgainOn: '2999-01-01' });
    expect([status, body.treatment]).toEqual([
      200,
      { kind: 'holds-nobody', reason, lookAgainOn: '2999-01-01', by: 'environment', at: expect.any(String) },
    ]);
    const before = await running.until('/api/v1/requests/one', (one) => leftIn(one, key).state === 'not_needed');
    expect(leftIn(before, key).ended).toMatchObject({ why: reason, treatment: 'holds-nobody' });
    const since = await hand(request('two', ['user_id', 'u-2']));
    expect(leftIn(since, key)).toMatchObject({ state: 'not_needed' });
    expect((await call('GET', '/api/v1/systems?treatment=holds-nobody&limit=1000')).body.total).toBe(1);
    expect((await treat(key, null)).body.treatment).toBeUndefined();
    await running.until('/api/v1/requests/one', (one) => leftIn(one, key).state === 'open');
  });

  test('is closed by filter; the requests follow, and are settled once nothing is open', async () => {
    const close = (code: string, outcome: string) =>
      call('POST', '/api/v1/requests/leftovers/close', { code, outcome, reason: 'Looked at by hand.' });
    const { body } = await call('GET', '/api/v1/requests/one');
    const codes: string[] = [...new Set<string>(body.leftovers.map(({ code }: Left) => code))];
    const [last = '', ...others] = codes;
    const work = await call('GET', '/api/v1/work?kind=erase-elsewhere&state=open&limit=1000');
    for (const { id } of work.body.items) await call('GET', `/api/v1/work/${id}/people`);
    for (const code of others) expect((await close(code, 'done')).body.closed).toBeGreaterThan(0);
    await running.until('/api/v1/requests/one', ({ leftovers }) =>
      leftovers.every(({ state, code }: Left) => (state === 'open') === (code === last)),
    );
    expect((await call('GET', '/api/v1/requests/one')).body.settledAt).toBeUndefined();
    await close(last, 'could_not');
    const settled = await running.until('/api/v1/requests/one', ({ settledAt }) => settledAt !== undefined);
    expect(settled).toMatchObject({ state: 'complete_with_exceptions', openLeftovers: 0 });
    const told = decodeJwt(await receipt('one')) as Answer['body'];
    expect(told).toMatchObject({ standing: 'final', state: 'complete_with_exceptions' });
    expect(told.tasks[0].leftovers[0].ended).toMatchObject({ why: 'Looked at by hand.' });
  });

  test.each([
    [{ kind: 'by-hand', reason: 'x' }, 'treatment.owner'],
    [{ kind: 'covered-elsewhere', reason: 'x' }, 'treatment.coveredBy'],
    [{ kind: 'covered-elsewhere', reason: 'x', coveredBy: 'none' }, 'treatment.coveredBy'],
    [{ kind: 'accepted', reason: '  ' }, 'treatment.reason'],
    [{ kind: 'accepted', reason: 'x', owner: 'Ops' }, 'treatment.owner'],
    [{ kind: 'accepted', reason: 'x', lookAgainOn: '2001-01-01' }, 'treatment.lookAgainOn'],
  ])('a treatment that is %j is refused at %s', async (treatment, field) => {
    const { status, body } = await treat(key, treatment);
    expect([status, body.errors[0].field]).toEqual([422, field]);
  });

  test('a system goes to the archive only for a reason, stays left over there, and comes out again', async () => {
    const path = `/api/v1/connections/${connection}/systems/${encodeURIComponent(key)}`;
    for (const reason of [undefined, ' ']) {
      const { status, body } = await call('PATCH', path, { archived: true, reason });
      expect([status, body.errors[0].field]).toEqual([422, 'reason']);
    }
    const before = (await call('GET', '/api/v1/systems/summary')).body;
    const archived = (await call('PATCH', path, { archived: true, reason: 'Switched off.' })).body;
    expect(archived).toMatchObject({ state: 'archived', archiving: { reason: 'Switched off.', by: 'environment' } });
    expect((await call('GET', '/api/v1/systems/summary')).body).toEqual({ ...before, archived: 1 });
    expect(leftIn(await hand(request('three', ['user_id', 'u-9'])), key).state).toBe('open');
    expect((await call('PATCH', path, { archived: false })).body.state).toBe('active');
    expect((await call('GET', '/api/v1/systems/summary')).body).toEqual(before);
  });

  test('only who may erase may decide about systems, and end what is left over', async () => {
    const token = await running.tokenOf('connections-manager');
    expect((await treat(key, { kind: 'accepted', reason: 'x' }, token)).status).toBe(403);
    const end = { code: 'NOT_REACHED', outcome: 'done', reason: 'x' };
    expect((await call('POST', '/api/v1/requests/leftovers/close', end, { token })).status).toBe(403);
    expect((await treat('none', { kind: 'accepted', reason: 'x' })).status).toBe(404);
  });
});

describe('somebody known by e-mail alone', () => {
  const own = (body: Answer['body']) => body.leftovers.find(({ code }: Left) => code === 'NO_KNOWN_USER_ID');

  test('is left over by name of the reason, though the vendor reports no trouble', async () => {
    const body = await hand(request('mail', ['email', 'ada@example.com']));
    expect(own(body)).toMatchObject({ state: 'open', name: 'The person' });
    expect(own(await hand(request('both', ['email', 'a@example.com'], ['user_id', 'u-3'])))).toBeUndefined();
  });

  const correct = (requestId: string, body: object) => call('POST', `/api/v1/requests/${requestId}/correct`, body);
  const end = (more: object) =>
    call('POST', '/api/v1/requests/leftovers/close', {
      code: 'NO_KNOWN_USER_ID',
      outcome: 'not_needed',
      reason: 'Never had an account.',
      ...more,
    });
  const mail = (requestId: string) => hand(request(requestId, ['email', `${requestId}@example.com`]));

  test('is handed in again with the id that the vendor knows, which ends it', async () => {
    const before = await mail('mail-a');
    const body = { requestId: 'mail-a-2', identifiers: [{ kind: 'user_id', value: 'u-a' }] };
    const { status, body: made } = await correct('mail-a', body);
    expect(status).toBe(202);
    expect(made).toMatchObject({ corrects: 'mail-a', dueAt: before.dueAt, receivedAt: before.receivedAt });
    expect(made.tasks.map((task: { connection: string }) => task.connection)).toEqual([connection]);
    expect(own(await running.until('/api/v1/requests/mail-a-2', atRest))).toBeUndefined();
    const old = (await call('GET', '/api/v1/requests/mail-a')).body;
    expect(own(old)).toMatchObject({
      state: 'not_needed',
      ended: { by: 'environment', correctedBy: 'mail-a-2', why: expect.stringContaining('mail-a-2') },
    });
    // It is not in error, and the systems that it left over are left over still.
    expect(old).toMatchObject({ state: 'left_over', openLeftovers: before.openLeftovers - 1 });
    expect(old.closed).toBeUndefined();
    expect(old.timeline.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['task.leftover_ended', 'request.corrected']),
    );
    // The same again is the same; with another id there is nothing to correct any more.
    expect((await correct('mail-a', body)).status).toBe(200);
    const again = await correct('mail-a', { ...body, requestId: 'mail-a-3' });
    expect([again.status, again.body.code]).toEqual([409, 'STATE_FORBIDS']);
    expect((await call('GET', '/api/v1/requests/mail-a-3')).status).toBe(404);
  });

  test.each([
    ['is taken back', (id: string) => call('POST', `/api/v1/requests/${id}/cancel`, {})],
    ['ends in error', () => call('DELETE', `/api/v1/connections/${spare}`)],
  ])('is left over again where the correction %s, and can be corrected anew', async (how, end) => {
    spare = await running.connect(`Spare, ${how}`);
    await running.until(`/api/v1/connections/${spare}/detections`, ({ items }) => items[0]?.state === 'complete');
    const id = how.replaceAll(' ', '-');
    const person = { ...request(id, ['email', `${id}@example.com`]), connections: [spare] };
    expect(own(await hand(person))).toMatchObject({ state: 'open' });
    await call('PATCH', `/api/v1/connections/${spare}`, { state: 'paused' });
    const again = (to: string) => correct(id, { requestId: to, identifiers: [{ kind: 'user_id', value: to }] });
    expect((await again(`${id}-2`)).status).toBe(202);
    const read = async () => (await call('GET', `/api/v1/requests/${id}`)).body;
    expect(own(await read())).toMatchObject({ state: 'not_needed' });
    expect((await end(`${id}-2`)).status).toBe(200);
    const old = await read();
    expect(own(old)).toMatchObject({ state: 'open' });
    expect(own(old).ended).toBeUndefined();
    expect([old.state, old.settledAt]).toEqual(['left_over', undefined]);
    expect(old.timeline.map(({ kind }: { kind: string }) => kind)).toContain('task.leftover_reopened');
    if (how === 'is taken back') {
      expect((await again(`${id}-3`)).status).toBe(202);
      expect(own(await read())).toMatchObject({ state: 'not_needed' });
    }
    await call('DELETE', `/api/v1/connections/${spare}`);
  });

  test('stays left over where the correction goes elsewhere', async () => {
    await mail('mail-b');
    const other = await running.connect('Other');
    const body = { requestId: 'mail-b-2', identifiers: [{ kind: 'user_id', value: 'u-b' }], connections: [other] };
    expect((await correct('mail-b', body)).status).toBe(409);
    expect(own((await call('GET', '/api/v1/requests/mail-b')).body).state).toBe('open');
    await call('DELETE', `/api/v1/connections/${other}`);
  });

  test('is not needed as somebody says: for one request, or by filter for many; the requests follow', async () => {
    const states = async () => {
      const found = [];
      for (const id of ['mail-b', 'mail-c', 'mail-d']) found.push((await call('GET', `/api/v1/requests/${id}`)).body);
      return found.map((body) => own(body).state);
    };
    await mail('mail-c');
    await mail('mail-d');
    expect((await end({ requestId: 'mail-c' })).body).toEqual({ closed: 1 });
    expect(await states()).toEqual(['open', 'not_needed', 'open']);
    expect((await end({ connection: 'elsewhere' })).body.code).toBe('CONNECTION_UNKNOWN');
    expect((await end({ connection })).body.closed).toBeGreaterThan(1);
    expect(await states()).toEqual(['not_needed', 'not_needed', 'not_needed']);
    // Once the systems are decided about as well, nothing is left to be done.
    const { leftovers } = (await call('GET', '/api/v1/requests/mail-c')).body;
    expect(own({ leftovers }).ended).toMatchObject({ by: 'environment', why: 'Never had an account.' });
    for (const { code, state } of leftovers as Left[]) if (state === 'open') await end({ code });
    await running.until('/api/v1/requests/mail-c', ({ state, settledAt }) => state === 'complete' && settledAt);
  });

  test('is a person and no system; and a system is not one request alone', async () => {
    expect((await end({ system: 'x' })).body.errors[0].field).toBe('system');
    expect((await end({ code: 'NOT_REACHED', requestId: 'mail-c' })).body.errors[0].field).toBe('requestId');
    expect((await end({ requestId: 'nobody' })).status).toBe(404);
  });

  test('is not, once the connection says that user ids are e-mails: neither from before nor from then on', async () => {
    await mail('mail-e');
    await call('PATCH', `/api/v1/connections/${connection}`, { config: { userIdsAreEmails: true } });
    const before = await running.until('/api/v1/requests/mail-e', (one) => own(one)?.state === 'not_needed');
    expect(own(before).ended.why).toMatch(/settings of the connection/);
    expect(before.timeline.map(({ kind }: { kind: string }) => kind)).toContain('task.leftover_ended');
    expect(own(await hand(request('mail-2', ['email', 'bob@example.com'])))).toBeUndefined();
  });
});

test('whoever has a user id that the connection keeps back is left over, whatever else was sent', async () => {
  const pair = await running.connect('Addresses alone', { identifierKinds: 'email' });
  const codes = async (requestId: string) => {
    const person = request(requestId, ['email', `${requestId}@example.com`], ['user_id', `u-${requestId}`]);
    const wish = { ...person, connections: [pair] };
    const { state, leftovers } = await hand(wish);
    expect(state).toBe('left_over');
    return leftovers.filter(({ code }: Left) => code === 'NO_KNOWN_USER_ID').map((one: Left) => one.state);
  };
  expect(await codes('kept-1')).toEqual(['open']);
  // What was kept back stays so, although addresses are user ids now.
  await call('PATCH', `/api/v1/connections/${pair}`, { config: { userIdsAreEmails: true } });
  expect(await codes('kept-2')).toEqual(['open']);
  const { leftovers } = (await call('GET', '/api/v1/requests/kept-1')).body;
  expect(leftovers.filter(({ code, state }: Left) => code === 'NO_KNOWN_USER_ID' && state === 'open')).toHaveLength(1);
  await call('DELETE', `/api/v1/connections/${pair}`);
});

describe('where the connection counts the submission as the end', () => {
  test('that is what request, list, export, receipt and command line say: nobody has confirmed it', async () => {
    const quick = await running.connect('Quick', { asyncDeletionBehavior: 'complete-on-submit' });
    const wish = { ...request('quick', ['user_id', 'u-quick']), connections: [quick] };
    const body = await hand(wish);
    expect(body.tasks).toMatchObject([{ state: 'complete', basis: 'submission' }]);
    const [listed] = (await call('GET', '/api/v1/requests?search=quick')).body.items;
    expect(listed.tasks).toMatchObject([{ basis: 'submission' }]);
    expect(String((await call('GET', '/api/v1/requests/export?search=quick')).body)).toContain(',complete,submission,');
    const told = decodeJwt(await receipt('quick')) as Answer['body'];
    expect(told.tasks).toMatchObject([{ state: 'complete', basis: 'submission' }]);
    const environment = { CONNECTOR_HOST_URL: running.url, CONNECTOR_HOST_TOKEN: ADMIN };
    const { out } = await connectorHost(['status', 'quick'], environment);
    expect(out).toContain('Quick: complete on submission, which the connection counts as the end');
    const list = await connectorHost(['status', '--limit', '1'], environment);
    expect(list.out).toMatch(/quick .*(?:complete|left_over) on submission/);
    await call('DELETE', `/api/v1/connections/${quick}`);
  });
});

describe('an access request', () => {
  const answer = (requestId: string, body: object) => call('POST', `/api/v1/requests/${requestId}/answer`, body);
  const said = { outcome: 'done', answeredBy: 'Dana of the help desk', said: 'Sent them everything by letter.' };
  const ask = (requestId: string) =>
    call('POST', '/api/v1/requests', { ...request(requestId, ['email', `${requestId}@example.com`]), right: 'access' });

  test('waits until an answer is written down: who, when, what they said; then its receipt says so', async () => {
    expect((await ask('a-1')).body.state).toBe('waiting_for_person');
    expect((await call('GET', '/api/v1/requests/a-1/receipt')).status).toBe(409);
    const { status, body } = await answer('a-1', { ...said, answeredAt: '2026-01-02' });
    expect([status, body.state]).toEqual([200, 'complete']);
    expect(body.tasks).toMatchObject([
      { state: 'complete', basis: 'person', answer: { ...said, answeredAt: '2026-01-02', recordedBy: 'environment' } },
    ]);
    expect(body.settledAt).toBeDefined();
    expect(body.timeline.map(({ kind }: { kind: string }) => kind)).toContain('task.answered');
    const jws = await receipt('a-1');
    expect(decodeProtectedHeader(jws).typ).toBe('access-receipt+json');
    const told = decodeJwt(jws) as Answer['body'];
    expect(told).toMatchObject({ right: 'access', standing: 'final', tasks: [{ basis: 'person' }] });
    expect(told.tasks[0].answer.answeredBy).toBe(said.answeredBy);
    expect(Object.keys(told.tasks[0])).not.toContain('leftovers');
    expect((await answer('a-1', said)).status).toBe(409);
  });

  test('that could not be answered is an error, until somebody closes it', async () => {
    await ask('a-2');
    const { body } = await answer('a-2', { ...said, outcome: 'could_not' });
    expect([body.state, body.tasks[0].basis]).toEqual(['error', undefined]);
    expect(body.tasks[0].error.code).toBe('CONTACT_CANNOT');
  });

  test.each([
    ['names the person', { said: 'Told A-3@example.com.' }, 'said'],
    ['says nothing', { said: ' ' }, 'said'],
    ['is from nobody', { answeredBy: ' ' }, 'answeredBy'],
    ['is still to come', { answeredAt: '2999-01-01' }, 'answeredAt'],
  ])('takes no answer that %s', async (_how, wrong, field) => {
    await ask('a-3');
    const { status, body } = await answer('a-3', { ...said, ...wrong });
    expect(status).toBe(422);
    expect(body.errors[0].field).toBe(field);
    expect(JSON.stringify(body)).not.toContain('@example.com');
  });

  test('is answered by those who may erase alone', async () => {
    const token = await running.tokenOf('connections-manager');
    expect((await call('POST', '/api/v1/requests/a-3/answer', said, { token })).status).toBe(403);
  });

  test('loses what was said with the identifiers, and keeps who answered', async () => {
    await call('POST', '/api/v1/purge', { retentionDays: 0 });
    const { body } = await call('GET', '/api/v1/requests/a-1');
    expect(body.identifiers).toEqual([]);
    expect(body.tasks[0].answer).toMatchObject({ answeredBy: said.answeredBy });
    expect(body.tasks[0].answer.said).toBeUndefined();
  });
});
