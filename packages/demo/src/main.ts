import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { announce } from './announce.js';
import { Servers } from './child.js';
import { connectionsOf, move, needSandbox } from './connections.js';
import { runDemo } from './demo.js';
import { type Flags, readFlags } from './flags.js';
import { openWork } from './open-work.js';
import { portNear } from './ports.js';
import { accountFrom } from './segment-account.js';
import { startHost, startSandbox } from './servers.js';
import { askedToStop, endWith } from './stopping.js';
import { openTryOut } from './try-out.js';

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

async function runIn(dataDir: string, flags: Flags, servers: Servers): Promise<number> {
  const begun = await openTryOut(dataDir, flags.sandboxPort);
  const { folder, last, sandbox, givenToken, token, environment } = begun;
  const account = accountFrom(process.env, sandbox.url);
  const bringSandbox = async (): Promise<void> => {
    if (!sandbox.running) await startSandbox(servers, sandbox.port, folder.sandboxState).ready;
  };
  // Before the host: work that waits is sent as soon as that is there, and it still wants to reach the vendor while it ends.
  const early = !account.real && (flags.demo || begun.wantsSandbox);
  if (early) await bringSandbox();
  const host = startHost(servers, {
    port: await portNear(flags.port),
    dataDir,
    sandbox: sandbox.url,
    quick: !account.real,
    environment,
  });
  const url = String((await host.ready)['url']);
  const asClient = { ...environment, CONNECTOR_HOST_URL: url, CONNECTOR_HOST_TOKEN: token };
  const connections = await connectionsOf(asClient);
  const before = `http://127.0.0.1:${last.sandboxPort}`;
  const needed = early || (!account.real && needSandbox(connections ?? [], before));
  if (needed) {
    if (!early) await bringSandbox();
    if (before !== sandbox.url) await move(connections ?? [], before, sandbox.url, asClient);
    folder.write({ ...last, sandboxPort: sandbox.port });
  }
  if (flags.demo) return runDemo(account, flags.file, asClient, flags.dataDir);

  const work = connections === undefined || connections.length === 0 ? [] : await openWork(asClient);
  announce({ url, dataDir, sandboxUrl: needed ? sandbox.url : undefined, token: givenToken ? undefined : token, work });
  console.log('Ctrl+C ends.');
  if (connections === undefined)
    console.log(`That token was revoked. Remove ${folder.file}, and the next start makes a new one.`);
  return host.ended;
}

endWith(main());
