import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ask, type Server } from './child.js';
import { runDemo } from './demo.js';
import { readFlags } from './flags.js';
import { accountFrom } from './segment-account.js';
import { hostCommand, portNear, sandboxWorkspace, startHost, startSandbox } from './servers.js';

const servers: Server[] = [];

async function main(): Promise<number> {
  const flags = readFlags(process.argv.slice(2));
  const sandboxPort = await portNear(flags.sandboxPort);
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const account = accountFrom(process.env, sandboxUrl);
  const dataDir =
    flags.dataDir ?? (flags.demo ? mkdtempSync(join(tmpdir(), 'connector-host-demo-')) : '.connector-host');
  const adminToken =
    process.env['CONNECTOR_HOST_ADMIN_TOKEN'] ?? (flags.demo ? randomBytes(24).toString('base64url') : undefined);
  const environment = {
    ...process.env,
    ...(adminToken === undefined ? {} : { CONNECTOR_HOST_ADMIN_TOKEN: adminToken }),
  };

  if (flags.demo && !account.real) servers.push(await startSandbox(sandboxPort));
  const host = await startHost({
    port: await portNear(flags.port),
    dataDir: resolve(dataDir),
    sandbox: sandboxUrl,
    quick: !account.real,
    environment,
  });
  servers.push(host);
  const url = String(host.ready['url']);
  const token = adminToken ?? (host.ready['adminToken'] as string | undefined);
  const asClient = { ...environment, CONNECTOR_HOST_URL: url, CONNECTOR_HOST_TOKEN: token };

  if (flags.demo) {
    try {
      return await runDemo(account, flags.file, asClient);
    } finally {
      await stopAll();
      if (flags.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    }
  }
  if (!account.real && (token === undefined || (await needsSandbox(asClient, sandboxUrl))))
    servers.push(await startSandbox(sandboxPort));
  announce(url, host.ready['adminToken'] as string | undefined, servers.length > 1 ? sandboxUrl : undefined);
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
    host.process.once('exit', () => done());
  });
  await stopAll();
  return host.process.exitCode ?? 0;
}

/** Whether there is no connection yet, or one that points at the sandbox. */
async function needsSandbox(environment: NodeJS.ProcessEnv, sandboxUrl: string): Promise<boolean> {
  const { items } = await ask<{ items: readonly { config: Readonly<Record<string, unknown>> }[] }>(
    hostCommand,
    ['connections'],
    environment,
  );
  return items.length === 0 || items.some(({ config }) => config['baseUrl'] === sandboxUrl);
}

function announce(url: string, token: string | undefined, sandboxUrl: string | undefined): void {
  console.log(`\nThe host is at ${url}`);
  console.log(
    token === undefined
      ? 'Access token: CONNECTOR_HOST_ADMIN_TOKEN, or the one that was printed at the first start with this data folder.'
      : `Access token (super-admin, shown only once): ${token}`,
  );
  if (sandboxUrl !== undefined) {
    const { name, token: apiToken } = sandboxWorkspace;
    console.log(`A local Segment is at ${sandboxUrl}. To connect it:`);
    console.log(`  API Token ${apiToken} · Workspace Name ${name} · Advanced > API Base URL ${sandboxUrl}`);
  }
  console.log('See the whole job done with "npm run demo". Ctrl+C ends.');
}

async function stopAll(): Promise<void> {
  // The host first: it still wants to reach the vendor while it ends.
  for (const server of servers.splice(0).reverse()) await server.stop();
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  async (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    await stopAll();
    process.exitCode = 1;
  },
);
