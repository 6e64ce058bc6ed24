/** What `npm start` runs, started again with the same data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const token = 'token-of-the-operator-R7mQ2xVbT9kLwZ4c';
const authorization = `Bearer ${token}`;

let dataDir = '';
let ports: readonly [number, number] = [0, 0];
const children: ChildProcess[] = [];

interface Running {
  readonly text: string;
  stop(): Promise<number>;
}

async function run(
  file: string,
  args: readonly string[],
  until: RegExp,
  environment: NodeJS.ProcessEnv = { CONNECTOR_HOST_ADMIN_TOKEN: token },
): Promise<Running> {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, SEGMENT_API_TOKEN: '', ...environment },
  });
  children.push(child);
  const ended = once(child, 'close');
  let text = '';
  await new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error(`it ended before it was ready:\n${text}`)));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (until.test(text)) resolve();
      });
    }
  });
  const stop = async () => {
    child.kill('SIGINT');
    return ((await ended) as [number | null])[0] ?? -1;
  };
  return {
    get text() {
      return text;
    },
    stop,
  };
}

function start(environment?: NodeJS.ProcessEnv): Promise<Running> {
  const [port, sandboxPort] = ports;
  const args = ['--data-dir', dataDir, '--port', `${port}`, '--sandbox-port', `${sandboxPort}`];
  return run(main, args, /Ctrl\+C ends/, environment);
}

async function api<T>(path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${ports[0]}/api/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

function connect(): Promise<unknown> {
  const config = { apiToken: 'sandbox-public-owner-token', workspaceName: 'Acme Demo', baseUrl: sandboxUrl() };
  return api('/connections', { connector: 'segment-config', name: 'Segment', config });
}

function sandboxUrl(port = ports[1]): string {
  return `http://127.0.0.1:${port}`;
}

/** Has a person erased and answers what became of it. */
async function erase(person: string): Promise<string> {
  const identifiers = [{ kind: 'user_id', value: person }];
  await api('/requests', { requestId: person, right: 'deletion', identifiers });
  for (;;) {
    const { state } = await api<{ state: string }>(`/requests/${person}`);
    if (!['pending', 'processing'].includes(state)) return state;
    await delay(100);
  }
}

/** How many regulations the local Segment knows. */
async function regulations(): Promise<number> {
  const answer = await fetch(`${sandboxUrl()}/_sandbox`);
  return ((await answer.json()) as { regulations: number }).regulations;
}

async function hold(port: number): Promise<Server> {
  const server = createServer((socket) => socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'second-start-'));
  const servers = [await hold(0), await hold(0)] as const;
  ports = [(servers[0].address() as AddressInfo).port, (servers[1].address() as AddressInfo).port];
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(dataDir, { recursive: true, force: true });
});

describe('npm start, again', () => {
  it('goes on with the local Segment it had: people are erased after Ctrl+C and another start', async () => {
    const first = await start();
    await connect();
    expect(await erase('person-1')).toBe('left_over');
    expect(await first.stop()).toBe(0);
    const second = await start();
    expect(await regulations()).toBe(1);
    expect(await erase('person-2')).toBe('left_over');
    expect(await regulations()).toBe(2);
    expect(await second.stop()).toBe(0);
  });

  it('tells the connection the new address where another program has the port of the local Segment', async () => {
    const first = await start();
    await connect();
    expect(await erase('person-1')).toBe('left_over');
    await first.stop();
    const other = await hold(ports[1]);
    const second = await start();
    expect(second.text).toContain(`${sandboxUrl()} is taken by another program; "Segment" is told http://127.0.0.1:`);
    const [connection] = (await api<{ items: { state: string; config: { baseUrl: string } }[] }>('/connections')).items;
    expect(connection).toMatchObject({ state: 'active' });
    expect(connection?.config.baseUrl).not.toBe(sandboxUrl());
    expect(await erase('person-2')).toBe('left_over');
    await second.stop();
    other.close();
    const third = await run(main, ['--data-dir', dataDir, '--port', `${ports[0]}`], /Ctrl\+C ends/);
    expect(third.text).not.toContain('is taken');
    expect(third.text).toContain(connection?.config.baseUrl);
    expect(await erase('person-3')).toBe('left_over');
    await third.stop();
  });

  it('uses the local Segment that an earlier start left running', async () => {
    const manifest = createRequire(import.meta.url).resolve('segment-sandbox/package.json');
    const sandbox = join(manifest, '..', 'bin', 'segment-sandbox.js');
    const state = join(dataDir, 'sandbox.state');
    await run(sandbox, ['--port', `${ports[1]}`, '--state', state, '--speed', 'Infinity'], /"ready":true/);
    const started = await start();
    await connect();
    expect(await erase('person-1')).toBe('left_over');
    await started.stop();
    expect(await regulations()).toBe(1);
  });

  it('says what is needed to begin in lines of 80 characters, and the same token each time', async () => {
    const texts: string[] = [];
    for (let starts = 0; starts < 2; starts += 1) {
      const started = await start({});
      await started.stop();
      texts.push(started.text);
    }
    const [first = '', second] = texts;
    expect(second).toBe(first);
    expect(first).toMatch(/Access token +[\w-]{32}$/m);
    for (const file of ['try-out.json', 'sandbox.state'])
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
    for (const line of first.split('\n')) if (!line.includes(dataDir)) expect(line.length).toBeLessThanOrEqual(80);
  });
});
