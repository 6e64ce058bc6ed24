import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { compactVerify, createLocalJWKSet } from 'jose';
import { roles } from '../../src/access/roles.js';
import { ADMIN, atRest, countsOf, type RunningHost, runHost } from './running-host.js';

const open = ['/healthz', '/readyz', '/metrics', '/.well-known/jwks.json'];
const deletion = (requestId: string, value = 'ada@example.com') => ({
  requestId,
  right: 'deletion',
  identifiers: [{ kind: 'email', value }],
});

let running: RunningHost;
let connection: string;
const call: RunningHost['call'] = (...args) => running.call(...args);

beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.stop());

describe('before anything is connected', () => {
  test('a deletion is refused with the remedy to connect a system', async () => {
    const { status, body } = await call('POST', '/api/v1/requests', deletion('r0'));
    expect([status, body.code]).toEqual([422, 'NO_CONNECTION']);
    expect(body.remedy).toContain('Connect a system');
    expect((await call('GET', '/api/v1/requests')).body.total).toBe(0);
  });

  test('so is a file', async () => {
    const { status, body } = await call('POST', '/api/v1/requests/import', 'request_id,email\nr,a@b.c\n', {
      type: 'text/csv',
    });
    expect([status, body.code]).toEqual([422, 'NO_CONNECTION']);
  });
});

describe('the document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const document = structuredClone(running.document.content) as unknown as Record<string, unknown>;
    expect(await new Validator().validate(document)).toEqual({ valid: true });
  });

  test('lists every call that other programs are written against', () => {
    const names = running.document.calls.map((one) => one.replace(/\{\w+\}/g, '{}'));
    expect(names).toEqual(
      expect.arrayContaining([
        'GET /healthz',
        'GET /readyz',
        'GET /metrics',
        'GET /api/v1/connectors',
        'GET /api/v1/connectors/{}',
        'POST /api/v1/connections/validate',
        'GET /api/v1/connections',
        'POST /api/v1/connections',
        'GET /api/v1/connections/{}',
        'PATCH /api/v1/connections/{}',
        'DELETE /api/v1/connections/{}',
        'POST /api/v1/connections/{}/check',
        'POST /api/v1/connections/{}/detections',
        'GET /api/v1/requests',
        'POST /api/v1/requests',
        'POST /api/v1/requests/import',
        'POST /api/v1/requests/plan',
        'GET /api/v1/requests/{}',
        'POST /api/v1/requests/{}/retry',
        'POST /api/v1/requests/{}/cancel',
        'GET /api/v1/requests/{}/receipt',
        'GET /.well-known/jwks.json',
        'GET /api/v1/operations',
        'GET /api/v1/operations/{}',
        'GET /api/v1/systems',
        'GET /api/v1/events',
      ]),
    );
  });

  test('says of every call how it ends: what it answers, and every problem that any call may answer', () => {
    for (const methods of Object.values(running.document.content.paths)) {
      for (const { responses } of Object.values(methods)) {
        const statuses = Object.keys(responses);
        expect(statuses.some((status) => status.startsWith('2'))).toBe(true);
        expect(statuses).toEqual(expect.arrayContaining(['400', '421', '429', '500', '503']));
      }
    }
  });
});

describe('who may come in', () => {
  test('every call but the open ones asks for a token', async () => {
    for (const one of running.document.calls) {
      const [method = '', path = ''] = one.split(' ');
      const { status } = await call(method, path.replace(/\{\w+\}/g, '1'), undefined, { token: null });
      if (open.includes(path)) expect([one, status]).toEqual([one, 200]);
      else expect([one, status]).toEqual([one, 401]);
    }
  });

  test('no call reads what it does not take, whoever calls: a connection is looked up where one is a filter', async () => {
    expect((await fetch(`${running.url}/healthz?connection=nowhere`)).status).toBe(200);
    for (const path of ['requests', 'requests/export', 'leftovers', 'operations', 'systems', 'work', 'events']) {
      const { body } = await call('GET', `/api/v1/${path}?connection=nowhere`);
      expect([path, body.code]).toEqual([path, 'CONNECTION_UNKNOWN']);
    }
  });

  test('a wrong token is refused', async () => {
    expect((await call('GET', '/api/v1/session', undefined, { token: 'wrong' })).status).toBe(401);
  });

  test.each(roles)('the role %s may do what the table says and nothing else', async (role) => {
    const token = await running.tokenOf(role);
    const status = async (method: string, path: string, body?: unknown) =>
      (await call(method, path, body, { token })).status !== 403;
    const erases = role === 'super-admin' || role === 'privacy-manager';
    const connects = role === 'super-admin' || role === 'connections-manager';
    expect({
      reads: await status('GET', '/api/v1/requests'),
      erases: await status('POST', '/api/v1/requests', {}),
      connects: await status('POST', '/api/v1/connections', { connector: 'segment-config', name: '', config: {} }),
      tokens: await status('GET', '/api/v1/tokens'),
    }).toEqual({ reads: true, erases, connects, tokens: role === 'super-admin' });
  });

  test('a revoked token does not come in any more', async () => {
    const made = await call('POST', '/api/v1/tokens', { name: 'short', role: 'viewer' });
    expect(made.status).toBe(201);
    const revoked = await call('DELETE', `/api/v1/tokens/${made.body.view.id}`);
    expect(revoked.body.state).toBe('revoked');
    const listed = await call('GET', '/api/v1/tokens');
    expect(JSON.stringify(listed.body)).not.toContain(made.body.token);
    const { status } = await call('GET', '/api/v1/session', undefined, { token: made.body.token });
    expect(status).toBe(401);
  });

  test('a call under a foreign name is refused', async () => {
    const status = await new Promise((resolve, reject) => {
      const sent = httpRequest(`${running.url}/healthz`, { headers: { host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.once('error', reject).end();
    });
    expect(status).toBe(421);
  });

  test('answers carry headers that keep browsers from harm, and no permission for other sites', async () => {
    const { headers } = await call('GET', '/healthz', undefined, { headers: { origin: 'https://evil.example' } });
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('connections', () => {
  test('a wrong token is answered with the report, and nothing is kept', async () => {
    const { status, body } = await call('POST', '/api/v1/connections', {
      connector: 'segment-config',
      name: 'Wrong',
      config: { apiToken: 'wrong', workspaceName: 'acme-demo', baseUrl: running.sandbox.url },
    });
    expect([status, body.code, body.report.status]).toEqual([422, 'CONNECTION_BLOCKED', 'blocked']);
    expect((await call('GET', '/api/v1/connections')).body).toEqual({ items: [], total: 0 });
  });

  test('a configuration with faults is answered field by field, without network', async () => {
    const before = running.sandbox.calls();
    const { body } = await call('POST', '/api/v1/connections/validate', {
      connector: 'segment-config',
      config: { region: 'mars' },
    });
    expect(body.valid).toBe(false);
    expect(body.issues.map((issue: { field: string }) => issue.field)).toEqual(
      expect.arrayContaining(['apiToken', 'workspaceName', 'region']),
    );
    expect(running.sandbox.calls()).toEqual(before);
  });

  test('a right one is kept; its secret never comes back', async () => {
    connection = await running.connect('Acme');
    const { body } = await call('GET', `/api/v1/connections/${connection}`);
    expect(body.config.apiToken).toEqual({ set: true });
    expect(body.check.status).toBe('ready');
    expect(JSON.stringify(body)).not.toContain(running.sandbox.tokens.publicOwner);
  });

  test('it is paused, renamed, resumed and checked', async () => {
    const change = async (body: unknown) => (await call('PATCH', `/api/v1/connections/${connection}`, body)).body;
    expect(await change({ state: 'paused', name: 'Acme EU' })).toMatchObject({ state: 'paused', name: 'Acme EU' });
    expect(await change({ state: 'active' })).toMatchObject({ state: 'active' });
    expect((await call('POST', `/api/v1/connections/${connection}/check`)).body.status).toBe('ready');
    expect((await call('PATCH', `/api/v1/connections/${connection}`, {})).status).toBe(400);
  });

  test('what is not there is a 404', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/check'],
      ['POST', '/detections'],
      ['GET', '/detections'],
    ]) {
      expect((await call(method ?? '', `/api/v1/connections/nobody${path}`)).status).toBe(404);
    }
  });

  test('one that is removed takes its credentials with it', async () => {
    const id = await running.connect('Short-lived');
    expect((await call('DELETE', `/api/v1/connections/${id}`)).body).toMatchObject({ tasksNotSubmitted: 0 });
    expect((await call('GET', `/api/v1/connections/${id}`)).status).toBe(404);
    const { items } = (await call('GET', '/api/v1/connections/removed')).body;
    expect(items.find((one: { id: string }) => one.id === id)).toMatchObject({ connector: 'segment-config' });
  });
});

describe('requests', () => {
  test('the same again is the same; a different one under its id is refused', async () => {
    const first = await call('POST', '/api/v1/requests', deletion('r1'));
    expect([first.status, first.headers.get('location')]).toEqual([202, '/api/v1/requests/r1']);
    const again = await call('POST', '/api/v1/requests', {
      ...deletion('r1'),
      identifiers: [...deletion('r1').identifiers, ...deletion('r1').identifiers],
    });
    expect([again.status, again.body.acceptedAt]).toEqual([200, first.body.acceptedAt]);
    const other = await call('POST', '/api/v1/requests', deletion('r1', 'bob@example.com'));
    expect([other.status, other.body.code]).toEqual([409, 'REQUEST_DIFFERS']);
  });

  test('an access request waits for a person: nobody was asked yet', async () => {
    const { body } = await call('POST', '/api/v1/requests', { ...deletion('a1'), right: 'access' });
    const [task] = body.tasks;
    expect(body.state).toBe('waiting_for_person');
    expect(body.concludedAt).toBeUndefined();
    expect(task).toMatchObject({ state: 'waiting_for_person', accessStep: 'direct_contact', waitsFor: 'answer' });
    expect((await call('GET', '/api/v1/requests/a1/receipt')).body.code).toBe('STATE_FORBIDS');
  });

  test('faults are named field by field, and never repeat a value', async () => {
    const { status, body } = await call('POST', '/api/v1/requests', {
      requestId: 'r2',
      right: 'erase',
      identifiers: [{ kind: 'email', value: ['secret'] }],
      connections: [],
    });
    expect([status, body.code]).toEqual([422, 'REQUEST_INVALID']);
    expect(body.errors.map((issue: { field: string }) => issue.field)).toEqual([
      'right',
      'identifiers[0].value',
      'connections',
    ]);
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  test.each([
    [{ ...deletion('r3'), connections: ['nobody'] }, 'CONNECTION_UNKNOWN'],
    [{ ...deletion('r3'), identifiers: [{ kind: 'phone', value: '1' }] }, 'REQUEST_INVALID'],
  ])('%j: %s', async (body, code) => {
    expect((await call('POST', '/api/v1/requests', body)).body.code).toBe(code);
  });

  test('a body that is no JSON, none at all, or too large is told apart', async () => {
    const codes = [];
    for (const [body, type] of [
      ['{', 'application/json'],
      ['', 'application/json'],
      ['x=1', 'application/x-www-form-urlencoded'],
      [JSON.stringify({ requestId: 'x'.repeat(2_000_000) }), 'application/json'],
    ]) {
      codes.push((await call('POST', '/api/v1/requests', body, { type: type ?? '' })).body.code);
    }
    expect(codes).toEqual(['INPUT_INVALID', 'INPUT_INVALID', 'MEDIA_TYPE_NOT_TAKEN', 'TOO_LARGE']);
  });

  test('ids of all shapes are found under their path', async () => {
    for (const requestId of ['a/b', 'ä?&#', '%2e%2e', 'x'.repeat(500), '...']) {
      await call('POST', '/api/v1/requests', deletion(requestId, `${requestId.slice(0, 9)}@example.com`));
      const { status, body } = await call('GET', `/api/v1/requests/${encodeURIComponent(requestId)}`);
      expect([status, body.requestId]).toEqual([200, requestId]);
    }
    // A client's URL parser folds these away before anything is sent.
    for (const requestId of ['.', '..'])
      expect((await call('POST', '/api/v1/requests', deletion(requestId, 'dots@example.com'))).status).toBe(422);
  });

  test('are found by identifier and by the beginning of their id, by those who may see people', async () => {
    await call('POST', '/api/v1/requests', deletion('find-me-1', 'needle+tag@example.com'));
    const ids = async (search: string, token = ADMIN) =>
      (await call('GET', `/api/v1/requests?search=${encodeURIComponent(search)}`, undefined, { token })).body.items.map(
        (item: { requestId: string }) => item.requestId,
      );
    const viewer = await running.tokenOf('viewer');
    expect(await ids('needle+tag@example.com')).toEqual(['find-me-1']);
    expect(await ids('needle')).toEqual([]);
    expect(await ids('find-me')).toEqual(['find-me-1']);
    expect(await ids('find-me', viewer)).toEqual(['find-me-1']);
    expect(await ids('needle+tag@example.com', viewer)).toEqual([]);
    expect(await ids('%')).toEqual(['%2e%2e']);
  });

  test('are found by a filter in the body too, so that no address holds a person', async () => {
    const search = 'needle+tag@example.com';
    const [found, viewer] = [{ search, right: 'deletion', limit: 5 }, await running.tokenOf('viewer')];
    const ids = async (token = ADMIN) =>
      (await call('POST', '/api/v1/requests/search', found, { token })).body.items.map(
        (item: { requestId: string }) => item.requestId,
      );
    expect(await ids()).toEqual(['find-me-1']);
    expect(await ids(viewer)).toEqual([]);
    const exported = await call('POST', '/api/v1/requests/export', { search });
    expect(String(exported.body).match(/^find-me-1,deletion,/gm)).toHaveLength(1);
    expect(String(exported.body).trimEnd().split('\r\n')).toHaveLength(2);
    expect((await call('POST', '/api/v1/requests/search', { limit: 0 })).status).toBe(400);
  });

  test('show identifiers to those who may see people, and masks to the others', async () => {
    const viewer = await running.tokenOf('viewer');
    const seen = await call('GET', '/api/v1/requests/find-me-1');
    expect(seen.body.identifiers).toEqual([{ kind: 'email', value: 'needle+tag@example.com' }]);
    for (const path of ['/api/v1/requests/find-me-1', '/api/v1/requests']) {
      const masked = await call('GET', path, undefined, { token: viewer });
      expect(JSON.stringify(masked.body)).not.toMatch(/@example\.com/);
    }
  });

  test('are listed page by page, each once, with totals and counts', async () => {
    const file = Array.from({ length: 25 }, (_, i) =>
      JSON.stringify({ ...deletion(`page-${i}`), right: 'access' }),
    ).join('\n');
    await call('POST', '/api/v1/requests/import', file, { type: 'application/x-ndjson' });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await call('GET', `/api/v1/requests?right=access&search=page-&limit=10${cursor}`);
      expect(body.total).toBe(25);
      expect(body.counts).toEqual(countsOf({ waiting_for_person: 25 }));
      seen.push(...body.items.map((item: { requestId: string }) => item.requestId));
      cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `page-${24 - i}`));
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['status=lost', 'status'],
    ['colour=red', 'colour'],
  ])('a list with %s is refused by naming %s', async (query, field) => {
    const { status, body } = await call('GET', `/api/v1/requests?${query}`);
    expect([status, body.errors[0].field]).toEqual([400, field]);
  });

  test('a cursor of another list is refused', async () => {
    expect((await call('GET', '/api/v1/requests?cursor=xyz')).body.code).toBe('CURSOR_INVALID');
  });

  test('a dry run says what would be sent, and sends nothing', async () => {
    const before = running.sandbox.regulations().length;
    const people = Array.from({ length: 10 }, (_, i) => deletion(`dry-${i}`, `dry-${i}@example.com`));
    const { body } = await call('POST', '/api/v1/requests/plan', { requests: people });
    expect(body).toMatchObject({
      subjects: 10,
      vendorCalls: 1,
      connections: [{ operations: 1, identifiers: 10, estimated: false, notKnown: 10 }],
    });
    const known = [{ ...deletion('dry-known'), identifiers: [{ kind: 'user_id', value: 'u-dry' }] }];
    const named = await call('POST', '/api/v1/requests/plan', { requests: known });
    expect(named.body.connections).toMatchObject([{ notKnown: 0 }]);
    expect((await call('GET', '/api/v1/requests/dry-0')).status).toBe(404);
    expect(running.sandbox.regulations()).toHaveLength(before);
    expect((await call('POST', '/api/v1/requests/plan', { filter: {} })).status).toBe(200);
  });

  test('a dry run counts a request that is given twice once, and refuses two that differ', async () => {
    const one = deletion('dry-twice', 'dry-twice@example.com');
    const plan = (...requests: unknown[]) => call('POST', '/api/v1/requests/plan', { requests });
    expect((await plan(one, one)).body).toMatchObject({ subjects: 1, connections: [{ identifiers: 1 }] });
    const other = await plan(one, deletion('dry-twice', 'somebody-else@example.com'));
    expect([other.status, other.body.code]).toEqual([409, 'REQUEST_DIFFERS']);
  });

  test('a dry run of an access request refuses what could not be accepted', async () => {
    const access = { ...deletion('dry-access', 'dry@example.com'), right: 'access' };
    const plan = (request: unknown) => call('POST', '/api/v1/requests/plan', { requests: [request] });
    expect((await plan(access)).body).toMatchObject({ subjects: 0, connections: [] });
    expect((await plan({ ...access, connections: ['nowhere'] })).body.code).toBe('CONNECTION_UNKNOWN');
    expect((await plan({ ...access, identifiers: [{ kind: 'phone', value: '1' }] })).body.code).toBe('REQUEST_INVALID');
  });

  test('what is not there is a 404, for every call on it, and whatever is asked for below it', async () => {
    for (const [method, path] of [
      ['POST', '/requests/nobody/retry'],
      ['POST', '/requests/nobody/cancel'],
      ['POST', '/operations/99/settle'],
    ]) {
      const body = path?.endsWith('settle') ? { decision: 'resubmit' } : undefined;
      expect((await call(method ?? '', `/api/v1${path}`, body)).status).toBe(404);
    }
    const reads = running.document.calls.filter((one) => /^GET .*\{/.test(one)).map((one) => one.slice(4));
    expect(reads).toContain('/api/v1/requests/{requestId}/files');
    for (const path of reads) {
      expect([path, (await call('GET', path.replace(/\{\w+\}/g, '4711'))).status]).toEqual([path, 404]);
    }
  });
});

describe('what became of them', () => {
  test('a concluded request shows its way, and its receipt is checked with the public key alone', async () => {
    const body = await running.until('/api/v1/requests/r1', atRest);
    expect(body.state).toBe('left_over');
    expect(body.timeline[0].kind).toBe('request.accepted');
    expect(body.timeline.map((entry: { kind: string }) => entry.kind)).toEqual(
      expect.arrayContaining([
        'task.access_skipped',
        'operation.planned',
        'operation.accepted',
        'operation.completed',
        'request.concluded',
      ]),
    );
    const receipt = await call('GET', '/api/v1/requests/r1/receipt');
    const keys = createLocalJWKSet((await call('GET', '/.well-known/jwks.json', undefined, { token: null })).body);
    const verified = await compactVerify(receipt.body, keys);
    const content = JSON.parse(new TextDecoder().decode(verified.payload));
    expect(content).toMatchObject({
      requestId: 'r1',
      state: 'left_over',
      tasks: [
        {
          connection: { vendor: 'Twilio Segment' },
          settings: { regulationType: 'SUPPRESS_WITH_DELETE' },
          operations: [
            {
              reference: body.operations[0].reference,
              settings: { regulationType: 'SUPPRESS_WITH_DELETE' },
              acceptedAt: expect.any(String),
              finishedAt: expect.any(String),
              vendorState: expect.any(String),
            },
          ],
        },
      ],
    });
    const [task] = content.tasks;
    expect(task.operations[0].destinations.length).toBeGreaterThan(5);
    expect(task.operations[0].destinations[0]).toMatchObject({ name: expect.any(String), state: expect.any(String) });
    expect(task.notReached.length).toBeGreaterThan(0);
    expect(JSON.stringify(content)).not.toContain('ada@example.com');
    await expect(compactVerify(`${receipt.body.slice(0, -4)}AAAA`, keys)).rejects.toThrow();
  });

  test('a receipt says what the connection was set to do then, whatever it is set to do now, and none of its secrets', async () => {
    const settings = async () => {
      const receipt = await call('GET', '/api/v1/requests/r1/receipt');
      const [task] = JSON.parse(Buffer.from(receipt.body.split('.')[1], 'base64url').toString()).tasks;
      return [task.settings, task.operations[0].settings];
    };
    const set = (regulationType: string) =>
      call('PATCH', `/api/v1/connections/${connection}`, { config: { regulationType } });
    const then = await settings();
    expect((await set('DELETE_ONLY')).status).toBe(200);
    expect(await settings()).toEqual(then);
    expect(JSON.stringify(then)).toContain('acme-demo');
    expect(JSON.stringify(then)).not.toMatch(new RegExp(`apiToken|${running.sandbox.tokens.publicOwner}`));
    expect((await set('SUPPRESS_WITH_DELETE')).status).toBe(200);
  });

  test('nothing is retried, cancelled or settled that is concluded', async () => {
    expect((await call('POST', '/api/v1/requests/r1/retry')).status).toBe(409);
    expect((await call('POST', '/api/v1/requests/r1/cancel')).status).toBe(409);
    const { items } = (await call('GET', '/api/v1/operations?limit=1')).body;
    expect((await call('POST', `/api/v1/operations/${items[0].id}/settle`, { decision: 'resubmit' })).status).toBe(409);
    expect(
      (await call('POST', `/api/v1/operations/${items[0].id}/settle`, { decision: 'confirm' })).body.errors[0].field,
    ).toBe('reference');
    expect((await call('POST', '/api/v1/requests/retry', {})).body).toEqual({
      retried: 0,
      unsettled: 0,
      unsendable: 0,
    });
  });

  test('an open request has no receipt yet', async () => {
    await call('PATCH', `/api/v1/connections/${connection}`, { state: 'paused' });
    await call('POST', '/api/v1/requests', deletion('waits'));
    const { status, body } = await call('GET', '/api/v1/requests/waits/receipt');
    expect([status, body.code]).toEqual([409, 'STATE_FORBIDS']);
    const cancelled = await call('POST', '/api/v1/requests/waits/cancel');
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled']);
    await call('PATCH', `/api/v1/connections/${connection}`, { state: 'active' });
  });

  test('systems are found, listed, counted and archived', async () => {
    const detection = await call('POST', `/api/v1/connections/${connection}/detections`);
    const { found } = detection.body;
    expect(detection.body).toMatchObject({ state: 'complete', found: expect.any(Number) });
    expect(found).toBeGreaterThan(40);
    expect((await call('GET', `/api/v1/connections/${connection}/detections`)).body.total).toBeGreaterThan(0);
    const { items, total } = (await call('GET', '/api/v1/systems?limit=1000')).body;
    expect([items.length, total]).toEqual([found, found]);
    const path = `/api/v1/connections/${connection}/systems/${encodeURIComponent(items[0].key)}`;
    const before = (await call('GET', '/api/v1/systems/summary')).body;
    expect((await call('PATCH', path, { archived: true })).body.code).toBe('REQUEST_INVALID');
    const reason = 'Not in use since May.';
    const { body: archived } = await call('PATCH', path, { archived: true, reason });
    expect(archived).toMatchObject({ state: 'archived', archiving: { reason, by: 'environment' } });
    expect((await call('GET', '/api/v1/systems/summary')).body).toEqual({ ...before, archived: 1 });
    const none = `/api/v1/connections/${connection}/systems/none`;
    expect((await call('PATCH', none, { archived: true, reason })).status).toBe(404);
    const { body: restored } = await call('PATCH', path, { archived: false });
    expect([restored.state, restored.archiving]).toEqual(['active', undefined]);
    const { body: dry } = await call('POST', '/api/v1/requests/plan', {
      requests: [deletion('dry', 'dry@example.com')],
    });
    expect(dry.connections[0].systemsAsOf).toBe(detection.body.finishedAt);
    expect(dry.connections[0].notReached.length).toBeGreaterThan(5);
  });

  test('figures for Prometheus speak of queues, calls and quota', async () => {
    const { body } = await call('GET', '/metrics', undefined, { token: null });
    expect(body).toContain(`connector_host_quota_left{connection="${connection}"}`);
    expect(body).toContain(`connector_host_vendor_calls{connection="${connection}",call="submit",outcome="accepted"}`);
  });

  test('it is ready, and says of what', async () => {
    expect((await call('GET', '/readyz')).body).toEqual({
      ready: true,
      checks: { database: 'ok', disk: 'ok', engine: 'ok', clock: 'ok', processes: 'ok', plugins: 'ok' },
      isolation: 'none',
    });
  });
});
