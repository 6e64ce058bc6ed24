import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { DEMO_TOKENS } from '../src/index.js';
import { ask, closeAfterEach, configDeletion, deletion } from './run.js';

closeAfterEach();

const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const children: Run[] = [];

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null; out: string; err: string }>;
  /** The first line it prints; rejects where it ends before. */
  readonly firstLine: Promise<string>;
}

function command(...args: string[]): Run {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended: Run['ended'] = new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, out, err })),
  );
  const firstLine = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    ended.then(() => reject(new Error(`it ended before it was ready: ${err}`)));
  });
  // A command that only prints its help or an error has no such line.
  firstLine.catch(() => {});
  const run = { child, ended, firstLine };
  children.push(run);
  return run;
}

/** Starts the command and waits for its line. */
async function started(...args: string[]) {
  const { child, ended, firstLine } = command(...args);
  const ready = JSON.parse(await firstLine);
  return { child, ended, ready, url: ready.url as string };
}

beforeAll(() => {
  if (!existsSync(program)) throw new Error('the package is not built: npm run build');
});
afterEach(async () => {
  for (const { child, ended } of children.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});

describe('the command', () => {
  test('prints one line of JSON when it is ready, serves both generations, and ends cleanly on SIGTERM', async () => {
    const { child, ended, ready, url } = await started();
    expect(ready).toEqual({
      ready: true,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      configApiUrl: `${url}/v1beta`,
      region: 'us',
      workspace: 'acme-demo',
      tokens: DEMO_TOKENS,
    });
    expect((await ask(`${url}/`, { token: ready.tokens.publicOwner })).status).toBe(200);
    expect((await ask(`${ready.configApiUrl}/workspaces`, { token: ready.tokens.configAdmin })).status).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, signal: null, err: '' });
  });

  test('SIGINT ends it cleanly too, even with a request that gets no answer', async () => {
    const { child, ended, url } = await started('--fault', 'GET /:timeout');
    const waiting = ask(`${url}/`).catch((error: Error) => error.message);
    await ask(`${url}/_sandbox/calls`);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect(await waiting).toBe('socket hang up');
  });

  test('every flag reaches the sandbox', async () => {
    const { ready, url } = await started(
      ...['--region', 'eu', '--seed', '9', '--speed', 'Infinity', '--quota', '4', '--outcome', '1:invalid'],
      ...['--outcome', 'partial-success', '--rate-limit', 'requests=3', '--bad-id', '^bad', '--name-bad-ids'],
      ...['--generate', '30,2,1', '--record-requests', '5', '--list-order', 'oldest-first'],
      ...['--fault', 'GET /warehouses:status=503:x1', '--fault', 'GET /destinations:lost-before'],
    );
    const token = ready.tokens.publicOwner;
    const post = (...ids: string[]) => ask(`${url}/regulations`, { token, body: deletion(...ids) });
    expect(ready.region).toBe('eu');
    expect((await post('bad one')).json.errors[0].field).toBe('subjectIds[0]');
    await post('u1');
    await post('u2');
    expect((await post('u3', 'u4', 'u5')).status).toBe(429);
    expect((await ask(`${url}/warehouses`, { token })).status).toBe(503);
    await expect(ask(`${url}/destinations`, { token })).rejects.toThrow();
    expect((await ask(`${url}/sources`, { token })).json.data.pagination.totalEntries).toBe(30);
    const listed = (await ask(`${url}/regulations`, { token })).json.data.regulations;
    expect(listed.map(({ status }: { status: string }) => status)).toEqual(['PARTIAL_SUCCESS', 'INVALID']);
    expect((await ask(`${url}/`, { token })).status).toBe(200);
    expect((await ask(`${url}/`, { token })).status).toBe(429);
    expect((await ask(`${url}/_sandbox/requests`)).json).toHaveLength(5);
  });

  test('limits and quota can be off, and the Config API has a limit of its own', async () => {
    const { ready, url } = await started('--rate-limit', 'off', '--quota', 'off');
    const { headers } = await ask(`${url}/`, { token: ready.tokens.publicOwner });
    expect(headers).not.toHaveProperty('x-ratelimit-remaining');
    const other = await started('--rate-limit', 'creates=1,config=1');
    const post = async () =>
      (
        await ask(`${other.ready.configApiUrl}/workspaces/acme-demo/regulations`, {
          token: DEMO_TOKENS.configAdmin,
          body: configDeletion('u1'),
        })
      ).status;
    expect([await post(), await post()]).toEqual([200, 429]);
  });

  test('--answer reaches the sandbox, also where its value is no text', async () => {
    const { ready } = await started('--answer', 'configList=there', '--answer', 'createStatus=201');
    const url = `${ready.configApiUrl}/workspaces/acme-demo/regulations`;
    expect((await ask(url, { token: DEMO_TOKENS.configAdmin, body: configDeletion('u1') })).status).toBe(201);
    expect((await ask(url, { token: DEMO_TOKENS.configAdmin })).json.regulations).toHaveLength(1);
  });

  test('--help names every flag, --version the version', async () => {
    const help = await command('--help').ended;
    expect(help.code).toBe(0);
    for (const flag of [
      '--port',
      '--region',
      '--seed',
      '--speed',
      '--rate-limit',
      '--quota',
      '--outcome',
      '--fault',
      '--bad-id',
      '--name-bad-ids',
      '--list-order',
      '--answer',
      '--generate',
      '--state',
      '--record-requests',
    ])
      expect(help.out).toContain(flag);
    expect(await command('--version').ended).toMatchObject({ code: 0, out: '1.0.0\n' });
  });

  test.each([
    [['--port', 'http'], '--port'],
    [['--port', '70000'], '--port'],
    [['--region', 'mars'], '--region'],
    [['--seed', '1.5'], '--seed'],
    [['--speed', 'fast'], '--speed'],
    [['--speed', '-1'], '--speed'],
    [['--rate-limit', 'many'], '--rate-limit'],
    [['--quota', 'lots'], '--quota'],
    [['--quota', '-5'], '--quota'],
    [['--outcome', 'great'], '--outcome'],
    [['--fault', 'POST /regulations:explode'], '--fault'],
    [['--fault', 'POST /regulations:lost-after:2'], '--fault'],
    [['--fault', 'regulations:lost-after'], '--fault'],
    [['--bad-id', '('], '--bad-id'],
    [['--list-order', 'random'], '--list-order'],
    [['--answer', 'configList=perhaps'], '--answer'],
    [['--answer', 'colour=red'], '--answer'],
    [['--generate', '1,2'], '--generate'],
    [['--generate', '0,2,0'], '--generate'],
    [['--state', ''], '--state'],
    [['--colour', 'red'], '--colour'],
    [['extra'], 'argument'],
  ])('%j: an error that names the flag, and exit code 2', async (args, words) => {
    const { code, out, err } = await command(...args).ended;
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
  });

  test('a port that is taken: an error and exit code 1', async () => {
    const { url } = await started();
    const { code, err } = await command('--port', new URL(url).port).ended;
    expect(code).toBe(1);
    expect(err).toContain('EADDRINUSE');
  });
});
