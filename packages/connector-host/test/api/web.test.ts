/** What a browser, a foreign page and somebody on the network can do to the API: each test fails where its protection is taken out. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FAILURE_WINDOW_MS, Failures, MOST_FAILURES } from '../../src/api/failures.js';
import { originAllowed } from '../../src/api/origins.js';
import { startHost } from '../../src/host.js';
import { csvCell } from '../../src/reading/export.js';
import { testDatabase, testLog } from '../postgres.js';
import { unhurriedProject } from '../unhurried.mjs';
import { ADMIN, type RunningHost, runHost } from './running-host.js';

let running: RunningHost;
const call: RunningHost['call'] = (...args) => running.call(...args);

interface Raw {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A call as a browser could send it: with headers that `fetch` does not let a program set. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
  url = running.url,
): Promise<Raw> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = send(url + path, { method, headers, rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    sent.on('error', reject).end(body);
  });
}

beforeAll(async () => {
  running = await runHost();
});
afterAll(() => running.stop());

describe('a page of another site', () => {
  const bearer = { authorization: `Bearer ${ADMIN}` };

  test.each([
    'evil.example',
    'evil.example:4600',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '[::1].evil.example',
  ])('cannot call under a name of its own that points here (DNS rebinding): %s', async (host) => {
    expect(await raw('GET', '/api/v1/session', { ...bearer, host })).toMatchObject({ status: 421 });
  });

  test.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that is hidden', { origin: 'null' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a browser that says cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['a browser that says same-site', { 'sec-fetch-site': 'same-site' }],
    ['a link to the API', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }],
  ])('is refused: %s', async (_name, headers) => {
    for (const method of ['GET', 'POST']) {
      const answer = await raw(method, '/api/v1/session', { ...bearer, ...headers });
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  test('gets no permission to call with credentials (CORS)', async () => {
    const answer = await raw('OPTIONS', '/api/v1/requests', {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('a page of this host and a program come through', async () => {
    const origin = running.url;
    expect(await raw('GET', '/api/v1/session', { ...bearer, origin, 'sec-fetch-site': 'same-origin' })).toMatchObject({
      status: 200,
    });
    expect(await raw('GET', '/api/v1/session', bearer)).toMatchObject({ status: 200 });
    expect(originAllowed('https://host.example', 'HOST.example', 'same-origin')).toBe(true);
    expect(originAllowed(undefined, 'x', 'none')).toBe(true);
    // A port that goes without saying may be said, and no other.
    expect(originAllowed('https://host.example', 'host.example:443', 'same-origin')).toBe(true);
    expect(originAllowed('https://host.example', 'host.example:8443', 'same-origin')).toBe(false);
  });
});

describe('a session of the console', () => {
  const IDLE_MINUTES = 30;
  const signIn = async (token = ADMIN, more: Record<string, string> = {}) => {
    const answer = await raw('POST', '/api/v1/session', { authorization: `Bearer ${token}`, ...more });
    const set = String(answer.headers['set-cookie']?.[0]);
    const { proof } = JSON.parse(answer.text) as { proof: string };
    const [cookie = ''] = set.split(';');
    return { set, headers: { cookie, 'x-session-proof': proof } };
  };
  const status = async (headers: Record<string, string>, method = 'GET', path = '/api/v1/session', body?: string) =>
    (await raw(method, path, headers, body)).status;

  test('has a cookie that no script can read and no other site gets; neither it nor the proof holds the token', async () => {
    const { set, headers } = await signIn();
    expect(set).toMatch(/^connector_host_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    expect(JSON.stringify(headers)).not.toContain(ADMIN);
    const secure = await signIn(ADMIN, { 'x-forwarded-proto': 'https' });
    expect(secure.set).toMatch(/^__Host-connector_host_session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict;/);
  });

  test('is nobody where the cookie comes alone, as to another port or with a call of another page (CSRF)', async () => {
    const { headers } = await signIn();
    const other = await signIn();
    expect(await status(headers)).toBe(200);
    const body = JSON.stringify({ name: 'stolen', role: 'super-admin' });
    const json = { 'content-type': 'application/json' };
    for (const proof of [undefined, '', 'x', other.headers['x-session-proof']]) {
      const alone = { cookie: headers.cookie, ...(proof === undefined ? {} : { 'x-session-proof': proof }) };
      expect(await status(alone)).toBe(401);
      expect(await status({ ...alone, ...json }, 'POST', '/api/v1/tokens', body)).toBe(401);
    }
    expect(await status({ ...headers, ...json }, 'POST', '/api/v1/tokens', body)).toBe(201);
  });

  test('is over once its reader signed out, also for a copy of it', async () => {
    const { headers } = await signIn();
    expect(await status(headers, 'DELETE')).toBe(204);
    expect(await status(headers)).toBe(401);
  });

  test('renews nothing, and ends after half an hour in which nobody does anything, whatever the page asks by itself', async () => {
    let now = Date.now();
    const clock = { now: () => now, sleep: () => new Promise<void>(() => undefined) };
    const other = await runHost({ clock, work: false });
    try {
      const there = async (headers: Record<string, string>) =>
        (await raw('GET', '/api/v1/session', headers, '', other.url)).status;
      const answer = await raw('POST', '/api/v1/session', { authorization: `Bearer ${ADMIN}` }, '', other.url);
      const [cookie = ''] = String(answer.headers['set-cookie']?.[0]).split(';');
      const headers = { cookie, 'x-session-proof': JSON.parse(answer.text).proof as string };
      const again = await raw('POST', '/api/v1/session', headers, '', other.url);
      expect([again.status, again.headers['set-cookie']]).toEqual([200, undefined]);
      // Somebody does something every twenty minutes.
      for (let minutes = 0; minutes < 60; minutes += 20) {
        now += 20 * 60_000;
        expect(await there(headers)).toBe(200);
      }
      // Only the page asks.
      for (let idle = 10; idle < IDLE_MINUTES; idle += 10) {
        now += 10 * 60_000;
        expect(await there({ ...headers, 'x-idle-seconds': String(idle * 60) })).toBe(200);
      }
      now += 10 * 60_000;
      expect(await there({ ...headers, 'x-idle-seconds': String(IDLE_MINUTES * 60) })).toBe(401);
    } finally {
      await other.stop();
    }
  });

  test('is listed, and ended by whoever may: everybody by a super-admin, oneself by others', async () => {
    const viewer = await running.tokenOf('viewer');
    const own = await signIn(viewer);
    const admin = await signIn();
    const listed = async (headers: Record<string, string>) =>
      JSON.parse((await raw('GET', '/api/v1/sessions', headers)).text).items as {
        id: string;
        name: string;
        current: boolean;
      }[];
    expect((await listed(own.headers)).map(({ name, current }) => [name, current])).toEqual([['a viewer', true]]);
    const all = await listed(admin.headers);
    const [admins, viewers] = [all.find(({ current }) => current), all.find(({ name }) => name === 'a viewer')];
    expect(await status(own.headers, 'DELETE', `/api/v1/sessions/${admins?.id}`)).toBe(404);
    expect(await status(admin.headers, 'DELETE', `/api/v1/sessions/${viewers?.id}`)).toBe(204);
    expect([await status(own.headers), await status(admin.headers)]).toEqual([401, 200]);
  });

  test('ends with its token', async () => {
    const { body } = await call('POST', '/api/v1/tokens', { name: 'for an hour', role: 'viewer' });
    const { headers } = await signIn(body.token);
    expect(await status(headers)).toBe(200);
    await call('DELETE', `/api/v1/tokens/${body.view.id}`);
    expect(await status(headers)).toBe(401);
  });

  test.each(['', 'x', 'AQ', Buffer.alloc(32, 1).toString('base64url'), '%00', 'a'.repeat(5000)])(
    'that was altered signs nobody in: %#',
    async (value) => {
      const { headers } = await signIn();
      expect(await status({ ...headers, cookie: `connector_host_session=${value}` })).toBe(401);
    },
  );
});

test('answers of the API are kept by no browser and no proxy', async () => {
  for (const path of ['/api/v1/requests', '/api/v1/session', '/api/v1/nowhere']) {
    expect((await call('GET', path)).headers.get('cache-control')).toBe('no-store');
  }
});

test('tokens that are refused are in the audit log with the address, and do not fill it', async () => {
  const other = await runHost();
  try {
    const guess = (token: string) => raw('GET', '/api/v1/session', { authorization: `Bearer ${token}` }, '', other.url);
    const made = await other.call('POST', '/api/v1/tokens', { name: 'let go', role: 'viewer' });
    await other.call('DELETE', `/api/v1/tokens/${made.body.view.id}`);
    await guess(made.body.token);
    for (let n = 0; n < 40; n += 1) await guess(`guess-${n}`);
    const { items } = (await other.call('GET', '/api/v1/audit?after=0&limit=1000')).body;
    const refused = items.filter(({ action }: { action: string }) => action === 'access.refused');
    expect(refused.map(({ data }: { data: unknown }) => data)).toEqual([
      { reason: 'revoked', token: made.body.view.id, address: '127.0.0.1', times: 1 },
      { reason: 'unknown', address: '127.0.0.1', times: MOST_FAILURES },
    ]);
    expect(JSON.stringify(items)).not.toMatch(/guess-|cht_/);
  } finally {
    await other.stop();
  }
});

describe('guessing tokens', () => {
  test('ends after thirty wrong ones a minute: not even a right one is looked at then, but those that were right before are', async () => {
    const guess = async (token: string) =>
      (await raw('GET', '/api/v1/session', { authorization: `Bearer ${token}` })).status;
    const right = await running.tokenOf('viewer');
    const other = await runHost({ adminToken: 'another-token-0123456789-0123456789' });
    try {
      const there = async (token: string) =>
        (await raw('GET', '/api/v1/session', { authorization: `Bearer ${token}` }, '', other.url)).status;
      const unseen = await other.host.tokens.create({ name: 'unseen', role: 'viewer' });
      expect(await there('another-token-0123456789-0123456789')).toBe(200);
      // All at once are no more than one after the other.
      const burst = await Promise.all(Array.from({ length: 3 * MOST_FAILURES }, (_, n) => there(`guess-${n}`)));
      expect(burst.filter((status) => status === 401)).toHaveLength(MOST_FAILURES);
      expect(burst.filter((status) => status === 429)).toHaveLength(2 * MOST_FAILURES);
      expect(await there('guess')).toBe(429);
      expect(await there(unseen.token)).toBe(429);
      expect(await there('another-token-0123456789-0123456789')).toBe(200);
    } finally {
      await other.stop();
    }
    expect(await guess(right)).toBe(200);
  });

  test('is forgiven when the minute is over, and counted for each address', () => {
    let now = 0;
    const failures = new Failures({ now: () => now });
    for (let n = 0; n < MOST_FAILURES; n++) failures.failed('10.0.0.1', String(n));
    expect(failures.waits('10.0.0.1', 'x')).toBe(60);
    expect(failures.waits('10.0.0.2', 'x')).toBeUndefined();
    failures.passed('10.0.0.1', 'y');
    expect(failures.waits('10.0.0.1', 'y')).toBeUndefined();
    now += FAILURE_WINDOW_MS;
    expect(failures.waits('10.0.0.1', 'x')).toBeUndefined();
  });

  test('is not what many calls at once with one token are, nor what could not be looked at', () => {
    const failures = new Failures({ now: () => 0 });
    for (let n = 0; n < 2 * MOST_FAILURES; n++) expect(failures.waits('10.0.0.1', 'same')).toBeUndefined();
    for (let n = 1; n < MOST_FAILURES; n++) expect(failures.waits('10.0.0.1', String(n))).toBeUndefined();
    expect(failures.waits('10.0.0.1', 'one more')).toBe(60);
    failures.unsettled('10.0.0.1', '1');
    expect(failures.waits('10.0.0.1', 'one more')).toBeUndefined();
  });
});

describe('what a browser is told', () => {
  test.each(['/healthz', '/api/v1/session', '/nowhere'])(
    '%s: no script but our own files, no frame, no sniffing, no referrer',
    async (path) => {
      const { headers } = await raw('GET', path, {});
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|http:/);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("object-src 'none'");
      expect(policy).toContain("base-uri 'self'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['x-powered-by']).toBeUndefined();
    },
  );
});

describe('too much', () => {
  test('a body above one megabyte is refused', async () => {
    const body = JSON.stringify({ requestId: 'x'.repeat(1024 * 1024) });
    const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
    expect(await raw('POST', '/api/v1/requests', headers, body)).toMatchObject({ status: 413 });
  });

  test('calls of one address beyond the limit of a minute are refused, with how long to wait; those before are served', async () => {
    const other = await runHost({ callsPerMinute: 20 });
    try {
      const ask = () => fetch(`${other.url}/api/v1/session`, { headers: { authorization: `Bearer ${ADMIN}` } });
      const statuses: number[] = [];
      for (let n = 0; n < 15; n++) statuses.push((await ask()).status);
      expect(statuses).toEqual(Array(15).fill(200));
      for (let n = 0; n < 10; n++) await ask();
      const answer = await ask();
      expect([answer.status, (await answer.json()).code]).toEqual([429, 'TOO_MANY_CALLS']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      // Without a token, and to nowhere, too; but not those who look whether it lives.
      for (const path of ['/api/v1/session', '/nowhere']) expect((await fetch(other.url + path)).status).toBe(429);
      expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
    } finally {
      await other.stop();
    }
  });

  test('the figures may be read by anybody, but not without end', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 70 }, async () => (await fetch(`${running.url}/metrics`)).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(60);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });

  test('a line of an import that does not end is not gathered in memory', async () => {
    await running.connect('Acme');
    const line = `"${'x'.repeat(3 * 1024 * 1024)}`;
    const { status, body } = await call(
      'POST',
      '/api/v1/requests/import',
      `request_id,email\n${line}\nr-1,a@b.example\n`,
      { type: 'text/csv' },
    );
    expect([status, body.accepted, body.rejected]).toEqual([200, 1, 1]);
  });

  test('a connection on which nothing moves is closed: one that says nothing, one that stops in its headers, an upload that stalls', async () => {
    const other = await runHost({ silenceMs: 300 });
    const upload = `POST /api/v1/requests HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${ADMIN}\r\n`;
    try {
      for (const begun of [
        '',
        'GET /healthz HTTP/1.1\r\nhost: loc',
        `${upload}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"requestId":`,
      ]) {
        const socket = connect(Number(new URL(other.url).port), '127.0.0.1', () => socket.write(begun));
        socket.on('error', () => undefined).resume();
        await new Promise((closed) => socket.on('close', closed));
      }
      expect((await other.call('GET', '/healthz')).status).toBe(200);
    } finally {
      await other.stop();
    }
  });

  /** What the host answers to these bytes, before it closes the connection. */
  const sent = (bytes: string) =>
    new Promise<string>((resolve) => {
      const { port } = new URL(running.url);
      const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('close', () => resolve(text)).on('error', () => resolve(text));
    });

  test('headers above what HTTP servers take are refused, and the next caller is served', async () => {
    const answer = await sent(`GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(64 * 1024)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431|^$/);
    expect((await call('GET', '/healthz')).status).toBe(200);
  });

  test.each([
    [
      'headers that are too large',
      `GET /canary HTTP/1.1\r\nx: ${'y'.repeat(17_000)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    ['what is not HTTP', 'canary canary\r\n\r\n', 400, 'INPUT_INVALID'],
    [
      'a path that is not UTF-8',
      'GET /api/v1/requests/canary%ff HTTP/1.1\r\nhost: localhost\r\n\r\n',
      400,
      'INPUT_INVALID',
    ],
    [
      'an id without end',
      `GET /api/v1/requests/canary${'y'.repeat(5_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`,
      400,
      'INPUT_INVALID',
    ],
  ])('%s: a problem like any other, which repeats nothing', async (_name, bytes, status, code) => {
    const answer = await sent(bytes.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ status, code, type: `urn:connector-host:problem:${code}` });
    expect(answer).not.toContain('canary');
  });
});

describe('the export', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '=cmd|"/c calc"!A1'])(
    'keeps %j a text',
    (text) => {
      const cell = csvCell(text).replace(/^"|"$/g, '');
      expect(cell.startsWith("'")).toBe(true);
    },
  );
  test('a cell with what parts cells somewhere is quoted', () => {
    for (const text of ['a;=1+1', 'a,b', 'a\tb', 'a\nb', 'a"b']) expect(csvCell(text)).toMatch(/^".*"$/s);
  });
});

describe('an address that others can reach', () => {
  const start = (more: object) =>
    startHost({
      dataDir: tmpdir(),
      databaseUrl: running.databaseUrl,
      roots: [unhurriedProject],
      port: 0,
      log: testLog,
      work: false,
      isolation: 'none',
      adminToken: ADMIN,
      ...more,
    });

  test.each(['0.0.0.0', '::', '192.168.1.1', 'host.example'])(
    '%s needs TLS, or somebody who says that it does without',
    async (host) => {
      await expect(start({ host })).rejects.toMatchObject({
        code: 'OPTION_INVALID',
        remedy: expect.stringContaining('--insecure-bind'),
      });
    },
  );

  test('serves HTTPS with the certificate it is given, tells browsers to stay with it, and marks its cookie', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        key,
        '-out',
        cert,
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
      ],
      { stdio: 'ignore' },
    );
    const dataDir = mkdtempSync(join(tmpdir(), 'tls-host-'));
    const database = await testDatabase();
    const tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    const host = await start({ dataDir, databaseUrl: database.url, host: '0.0.0.0', tls });
    try {
      expect(host.url).toMatch(/^https:/);
      const answer = await raw('POST', '/api/v1/session', { authorization: `Bearer ${ADMIN}` }, '', host.url);
      expect(answer.status).toBe(200);
      expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
      expect(answer.headers['set-cookie']?.[0]).toMatch(/^__Host-.*; Secure;/);
      await expect(fetch(`${host.url}/healthz`)).rejects.toThrow();
    } finally {
      await host.close(0);
      await database.drop();
      for (const each of [folder, dataDir]) rmSync(each, { recursive: true, force: true });
    }
  });
});
