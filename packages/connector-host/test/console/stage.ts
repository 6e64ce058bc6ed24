/** A host as people start it (a process of its own, serving its built console), a sandbox it may point at, and a browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { type Sandbox, type SandboxOptions, startSandbox } from 'segment-sandbox';
import { testDatabase } from '../postgres.js';
import { installPlugins } from '../project.js';
import { unhurriedPlugin } from '../unhurried.mjs';
import { openBrowser } from './chromium.mjs';

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** The super-admin's token. */
export const ADMIN = 'admin-token-of-the-tests-0123456789abcdef';

/** What a test of the console runs on. */
export interface Stage {
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly browser: Browser;
  readonly databaseUrl: string;
  /** Calls the API beside the console, as the super-admin. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers field by field.
  call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: any }>;
  /** Connects the sandbox's demo workspace and answers the connection's id. */
  connect(name: string, apiToken?: string): Promise<string>;
  /** A token of a role. */
  tokenOf(role: string, expiresAt?: Date): Promise<string>;
  stop(): Promise<void>;
}

async function ready(host: ChildProcess): Promise<string> {
  if (host.stdout === null) throw new Error('The host has no output.');
  const lines = createInterface({ input: host.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(host, 'exit').then(() => [''])])) as [string];
  const { url } = JSON.parse(line || '{}') as { url?: string };
  if (url === undefined) throw new Error('The host did not start; see what it printed.');
  return url;
}

/**
 * Starts everything. Call it in `beforeAll`, and `stop` in `afterAll`. Connectors run in the host's process, which starts faster, unless
 * `more` says `--isolation process`.
 */
export async function openStage(
  vendor: SandboxOptions = {},
  others: readonly string[] = [],
  more: readonly string[] = [],
): Promise<Stage> {
  const database = await testDatabase();
  // A day of the sandbox passes in some milliseconds.
  const sandbox = await startSandbox({ speed: 86_400_000, rateLimit: 'off', ...vendor });
  const folder = await mkdtemp(join(tmpdir(), 'console-under-test-'));
  await installPlugins(folder, [unhurriedPlugin, ...others]);
  const flags = [
    '--port',
    '0',
    '--data-dir',
    join(folder, 'data'),
    '--allow-endpoint',
    sandbox.url,
    '--log-level',
    'error',
  ];
  const pace = ['--plan-window', '50', '--poll-interval', '50', '--calls-per-minute', '1000000'];
  const host = spawn(process.execPath, [command, 'serve', ...flags, ...pace, ...more], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      CONNECTOR_HOST_ISOLATION: 'none',
      CONNECTOR_HOST_ADMIN_TOKEN: ADMIN,
      CONNECTOR_HOST_DATABASE_URL: database.url,
    },
  });
  const url = await ready(host);
  const browser = await openBrowser();

  const call: Stage['call'] = async (method, path, body) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${ADMIN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  };

  return {
    url,
    sandbox,
    browser,
    databaseUrl: database.url,
    call,
    connect: async (name, apiToken = sandbox.tokens.publicOwner) => {
      const config = { apiToken, workspaceName: 'acme-demo', baseUrl: sandbox.url };
      const { status, body } = await call('POST', '/api/v1/connections', { connector: 'segment-config', name, config });
      if (status !== 201) throw new Error(`The connection was refused: ${JSON.stringify(body)}`);
      return body.id;
    },
    tokenOf: async (role, expiresAt) => {
      const expiry = expiresAt === undefined ? {} : { expiresAt: expiresAt.toISOString() };
      return (await call('POST', '/api/v1/tokens', { name: `a ${role}`, role, ...expiry })).body.token;
    },
    stop: async () => {
      await browser.close();
      host.kill('SIGTERM');
      if (host.exitCode === null) await once(host, 'exit');
      await sandbox.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
