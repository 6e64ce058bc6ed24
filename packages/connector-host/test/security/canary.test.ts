/**
 * A run through the whole host with secrets and people that are easy to find again; then everything it left behind is searched for them:
 * its log, its database, every answer of its API, the list of processes, and the environment of the processes it started.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLog } from '../../src/log.js';
import { openDatabase } from '../../src/store/database.js';
import { ADMIN, atRest, type RunningHost, runHost } from '../api/running-host.js';
import { testLog } from '../postgres.js';
import { dump, tracesIn } from './traces.js';

const wrongToken = 'canary-wrong-token-5f1c90';
const emails = ['canary.one@leak-test.example', 'canary.two@leak-test.example', 'canary.three@leak-test.example'];
const userIds = ['canary-user-one-8d21', 'canary-user-two-8d21', 'canary-user-three-8d21'];
const people = [...emails, ...userIds, 'leak-test.example', 'canary-user-'];

let running: RunningHost;
let log = '';
let issued: string[] = [];
const answers: { readonly call: string; readonly text: string }[] = [];
let secrets: string[] = [];

const call: RunningHost['call'] = async (method, path, body, options) => {
  const answer = await running.call(method, path, body, options);
  const headers = JSON.stringify([...answer.headers]);
  answers.push({ call: `${method} ${path.split('?')[0]}`, text: headers + JSON.stringify(answer.body) });
  return answer;
};

beforeAll(async () => {
  const to = {
    write: (line: string) => {
      log += line;
    },
  };
  running = await runHost({ isolation: 'process', log: openLog({ level: 'trace', to }) });
  secrets = [running.sandbox.tokens.publicOwner, wrongToken, ADMIN];
  await act();
});
afterAll(() => running.stop());

/** Whether a process was started by another, or by one that it started. */
function isBelow(pid: number, above: number): boolean {
  for (let at = pid; at > 1; ) {
    try {
      at = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${at}/status`, 'utf8'))?.[1] ?? 0);
    } catch {
      return false;
    }
    if (at === above) return true;
  }
  return false;
}

/** Does everything a host can do, right and wrong. */
async function act(): Promise<void> {
  const connect = (name: string, apiToken: string, more = {}) =>
    call('POST', '/api/v1/connections', {
      connector: 'segment-config',
      name,
      config: { apiToken, workspaceName: 'acme-demo', baseUrl: running.sandbox.url, ...more },
    });
  const { id } = (await connect('Acme', running.sandbox.tokens.publicOwner)).body;
  await connect('Blocked', wrongToken);
  await connect('Wrong', wrongToken, { workspaceName: '', region: wrongToken });
  await connect(wrongToken.repeat(10), wrongToken);
  await call('POST', '/api/v1/connections/validate', {
    connector: 'segment-config',
    config: { apiToken: wrongToken, unknown: wrongToken },
  });
  await call('PATCH', `/api/v1/connections/${id}`, { config: { apiToken: wrongToken } });
  await call('POST', '/api/v1/connections', `{"connector": "segment-config", "config": {"apiToken": "${wrongToken}"`);

  const person = (n: number) => [
    { kind: 'email', value: emails[n] },
    { kind: 'user_id', value: userIds[n] },
  ];
  await call('POST', '/api/v1/requests', { requestId: 'k-1', right: 'deletion', identifiers: person(0) });
  await call('POST', '/api/v1/requests', { requestId: 'k-1', right: 'deletion', identifiers: person(1) });
  await call('POST', '/api/v1/requests', {
    requestId: 'k-2',
    right: emails[1],
    identifiers: person(1),
    more: emails[1],
  });
  await call(
    'POST',
    '/api/v1/requests',
    `{"requestId": "k-2", "identifiers": [{"kind": "email", "value": "${emails[1]}"}`,
  );
  await call('POST', '/api/v1/requests', {
    requestId: 'k-2',
    right: 'deletion',
    identifiers: [{ kind: userIds[1], value: emails[1] }],
  });
  await call('POST', '/api/v1/requests/plan', {
    requests: [{ requestId: 'k-2', right: 'deletion', identifiers: person(1) }],
  });
  const file = `request_id,email,user_id\nk-3,${emails[2]},${userIds[2]}\n,${emails[2]},\nk-4,"${emails[2]},\nk-5,${emails[2]}\nk-3,${emails[1]},\n`;
  await call('POST', '/api/v1/requests/import', file, { type: 'text/csv' });
  await call('POST', '/api/v1/requests/import', `{"requestId": "${emails[2]}\n{}\n[1]\n`, {
    type: 'application/x-ndjson',
  });
  await call('POST', '/api/v1/requests/import/plan', file, { type: 'text/csv' });
  await call('POST', `/api/v1/connections/${id}/detections`, {});
  await running.until('/api/v1/requests/k-1', ({ state }) => state === 'left_over');
  await running.until('/api/v1/requests/k-3', atRest);
  const token = (await call('POST', '/api/v1/tokens', { name: 'viewer', role: 'viewer' })).body.token;
  issued = [token];
  answers.pop();
  // What a viewer sees of people, and what anybody sees of secrets.
  const paths = [
    'connectors',
    'connections',
    `connections/${id}`,
    'requests',
    'requests/k-1',
    'operations',
    'operations/1',
    'systems',
    'overview',
    'session',
    `connections/${id}/detections`,
    'requests/export',
  ];
  for (const path of paths) await call('GET', `/api/v1/${path}`, undefined, { token });
  for (const path of ['/metrics', '/readyz', '/.well-known/jwks.json'])
    await call('GET', path, undefined, { token: null });
  for (const path of ['tokens', 'audit?after=0&limit=1000', 'requests/k-1/receipt'])
    await call('GET', `/api/v1/${path}`);
  await call('POST', '/api/v1/session');
  await call('GET', `/api/v1/requests?search=${encodeURIComponent(String(emails[0]))}`, undefined, { token });
  await call('GET', `/api/v1/requests?limit=${encodeURIComponent(String(emails[0]))}`);
  await call('GET', '/api/v1/session', undefined, { token: wrongToken });
  await call('DELETE', `/api/v1/connections/${id}`);
}

describe('secrets and people', () => {
  test('are in no line of the log, at its most talkative', () => {
    expect(log.split('\n').length).toBeGreaterThan(40);
    expect(log.split('\n').filter((line) => tracesIn(line, [...secrets, ...issued, ...people]).length > 0)).toEqual([]);
  });

  test('are in no table of the database, nor in what its planner and its sessions know', async () => {
    const db = await openDatabase({ url: running.databaseUrl, dataDir: '', log: testLog });
    const tables = await dump(db.pool);
    await db.close();
    expect(tables.size).toBeGreaterThan(15);
    const all = [...secrets, ...issued, ...people];
    expect([...tables].filter(([, text]) => tracesIn(text, all).length > 0).map(([name]) => name)).toEqual([]);
  });

  test('secrets are in no answer', () => {
    expect(answers.length).toBeGreaterThan(35);
    expect(
      answers.filter(({ text }) => tracesIn(text, [...secrets, ...issued]).length > 0).map((one) => one.call),
    ).toEqual([]);
  });

  test('people are in no answer but to those who may see them', () => {
    const telling = answers.filter(({ text }) => tracesIn(text, people).length > 0).map((one) => one.call);
    // The answer to whoever sent the request just now, as a role that may see people.
    expect(new Set(telling)).toEqual(new Set(['POST /api/v1/requests']));
  });

  test('are on no command line, and in no environment of a process that the host started', () => {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
    // The environments of others, such as a demo that runs beside this test, hold what they were given.
    const started = processes.filter((pid) => isBelow(Number(pid), process.pid));
    expect(started.length).toBeGreaterThan(0);
    const seen = processes.flatMap((pid) =>
      ['cmdline', ...(started.includes(pid) ? ['environ'] : [])].map((file) => {
        try {
          return { of: `${pid} ${file}`, text: readFileSync(`/proc/${pid}/${file}`) };
        } catch {
          return { of: '', text: Buffer.alloc(0) };
        }
      }),
    );
    expect(seen.some(({ text }) => text.length > 0)).toBe(true);
    expect(
      seen.filter(({ text }) => tracesIn(text, [...secrets, ...issued, ...people]).length > 0).map(({ of }) => of),
    ).toEqual([]);
  });
});

test('the search finds a text in each form it may lie in', () => {
  const text = 'find-me@canary.example';
  const hidden = [
    `x${text}y`,
    encodeURIComponent(text),
    Buffer.from(text).toString('hex'),
    Buffer.from(`a${text}b`).toString('base64'),
    Buffer.from(`ab${text}b`).toString('base64url'),
    Buffer.from(`abc${text}bc`).toString('base64'),
  ];
  for (const one of hidden) expect(tracesIn(one, [text])).toEqual([text]);
  expect(tracesIn('find-you@canary.example', [text])).toEqual([]);
});
