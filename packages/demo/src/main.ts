import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Servers } from './child.js';
import { connectionsOf, move, needSandbox } from './connections.js';
import { runDemo } from './demo.js';
import { type Flags, readFlags } from './flags.js';
import { findSandbox, portNear } from './ports.js';
import { accountFrom } from './segment-account.js';
import { sandboxWorkspace, startHost, startSandbox } from './servers.js';
import { TryOutFolder } from './try-out.js';

async function main(): Promise<number> {
  const flags = readFlags(process.argv.slice(2));
  const servers = new Servers();
  const stopped = askedToStop(servers);
  const passing = flags.demo && flags.dataDir === undefined;
  const dataDir = passing ? mkdtempSync(join(tmpdir(), 'connector-host-demo-')) : (flags.dataDir ?? '.connector-host');
  try {
    return await Promise.race([stopped, runIn(resolve(dataDir), flags, servers)]);
  } finally {
    await servers.stop();
    if (passing) rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Resolves with the exit code when this process is told to end; told again, it ends at once. */
function askedToStop(servers: Servers): Promise<number> {
  return new Promise((resolve) => {
    let told = false;
    const stop = (): void => {
      if (told) {
        servers.kill();
        process.exit(1);
      }
      told = true;
      resolve(0);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

async function runIn(dataDir: string, flags: Flags, servers: Servers): Promise<number> {
  const folder = new TryOutFolder(dataDir);
  const last = folder.read();
  const sandbox = await findSandbox(flags.sandboxPort ?? last.sandboxPort, folder.sandboxState);
  const account = accountFrom(process.env, sandbox.url);
  const given = process.env['CONNECTOR_HOST_ADMIN_TOKEN'];
  const token = given || last.token;
  const environment = { ...process.env, CONNECTOR_HOST_ADMIN_TOKEN: token };
  folder.write(last);

  const hadSandbox = existsSync(folder.sandboxState);
  const bringSandbox = async (): Promise<void> => {
    if (!sandbox.running) await startSandbox(servers, sandbox.port, folder.sandboxState);
  };
  // Before the host: work that waits is sent as soon as that is there, and it still wants to reach the vendor while it ends.
  const early = !account.real && (flags.demo || hadSandbox);
  if (early) await bringSandbox();
  const host = await startHost(servers, {
    port: await portNear(flags.port),
    dataDir,
    sandbox: sandbox.url,
    quick: !account.real,
    environment,
  });
  const url = String(host.ready['url']);
  const asClient = { ...environment, CONNECTOR_HOST_URL: url, CONNECTOR_HOST_TOKEN: token };
  const connections = await connectionsOf(asClient);
  const before = `http://127.0.0.1:${last.sandboxPort}`;
  const needed = early || (!account.real && needSandbox(connections ?? [], before));
  if (needed) {
    if (!early) await bringSandbox();
    if (before !== sandbox.url) await move(connections ?? [], before, sandbox.url, asClient);
    folder.write({ ...last, sandboxPort: sandbox.port });
  }
  if (flags.demo) return runDemo(account, flags.file, asClient);

  announce({ url, dataDir, sandboxUrl: needed ? sandbox.url : undefined, token: given ? undefined : token });
  if (connections === undefined)
    console.log(`That token was revoked. Remove ${folder.file}, and the next start makes a new one.`);
  return host.ended;
}

/** What a person needs to begin, in lines of at most 80 characters as far as paths allow. */
function announce(now: {
  readonly url: string;
  readonly dataDir: string;
  readonly sandboxUrl: string | undefined;
  readonly token: string | undefined;
}): void {
  const line = (label: string, value: string): void => console.log(`  ${label.padEnd(26)}${value}`);
  console.log('\nThe host is ready');
  line('Console', now.url);
  line('Access token', now.token ?? 'the one in CONNECTOR_HOST_ADMIN_TOKEN');
  if (now.sandboxUrl !== undefined) {
    console.log('\nA local Segment to connect it to');
    line('API Token', sandboxWorkspace.token);
    line('Workspace Name', sandboxWorkspace.name);
    line('Advanced > API Base URL', now.sandboxUrl);
  }
  console.log(`\nAll data is in ${now.dataDir}`);
  console.log('Remove that folder to begin anew. "npm run demo" shows the whole job done.');
  console.log('Ctrl+C ends.');
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
