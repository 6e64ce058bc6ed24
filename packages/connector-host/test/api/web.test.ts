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
import { csvCell } from '../../src/requests/export.js';
import { testDatabase, testLog } from '../postgres.js';
import { ADMIN, pluginRoot, type RunningHost, runHost } from './running-host.js';

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
}, 60_000);
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
  });
});

describe('the session cookie', () => {
  const signIn = async () => {
    const answer = await raw('POST', '/api/v1/session', { authorization: `Bearer ${ADMIN}` });
    return String(answer.headers['set-cookie']?.[0]);
  };

  test('cannot be read by a script, is not sent by other sites, and holds no token', async () => {
    const cookie = await signIn();
    expect(cookie).toMatch(/; Path=\/api\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    const value = Buffer.from(cookie.split(/[=;]/)[1] ?? '', 'base64url');
    expect(value.includes(ADMIN)).toBe(false);
    expect(cookie).not.toContain(ADMIN);
  });

  test('changes nothing without the header that only a page of this host can set (CSRF)', async () => {
    const [cookie = ''] = (await signIn()).split(';');
    const body = JSON.stringify({ name: 'stolen', role: 'super-admin' });
    const headers = { cookie, 'content-type': 'application/json' };
    expect(await raw('GET', '/api/v1/session', { cookie })).toMatchObject({ status: 200 });
    expect(await raw('POST', '/api/v1/tokens', headers, body)).toMatchObject({ status: 403 });
    expect(await raw('POST', '/api/v1/tokens', { ...headers, 'x-requested-by': 'console' }, body)).toMatchObject({
      status: 201,
    });
  });

  test('renews nothing: a copy of it ends with its twelve hours', async () => {
    const [cookie = ''] = (await signIn()).split(';');
    const again = await raw('POST', '/api/v1/session', { cookie, 'x-requested-by': 'console' });
    expect(again).toMatchObject({ status: 200 });
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  test.each(['', 'x', 'AQ', Buffer.alloc(60, 1).toString('base64url'), '%00', 'a'.repeat(5000)])(
    'that was altered signs nobody in: %#',
    async (value) => {
      expect(await raw('GET', '/api/v1/session', { cookie: `connector_host_session=${value}` })).toMatchObject({
        status: 401,
      });
    },
  );
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
      expect(policy).toContain("base-uri 'none'");
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
  }, 20_000);

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
      roots: [pluginRoot],
      port: 0,
      log: testLog,
      work: false,
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
      expect(answer.headers['set-cookie']?.[0]).toMatch(/; Secure$/);
      await expect(fetch(`${host.url}/healthz`)).rejects.toThrow();
    } finally {
      await host.close(0);
      await database.drop();
      for (const each of [folder, dataDir]) rmSync(each, { recursive: true, force: true });
    }
  });
});
