/** `npm run dev`: sandbox, host and console together; each goes on with what is saved. */
import { join, resolve } from 'node:path';
import { announce } from '../announce.js';
import { Servers } from '../child.js';
import { readFlags } from '../flags.js';
import { portNear } from '../ports.js';
import { startHost, startSandbox } from '../servers.js';
import { askedToStop, endWith } from '../stopping.js';
import { openTryOut } from '../try-out.js';
import { build } from './build.js';
import { type Change, watchFolders } from './changes.js';
import { startFront } from './front.js';
import { houseRoot, type Part, shownPath, sourceFolders } from './house.js';
import { Running } from './running.js';
import { Types } from './types.js';

let ending = false;

async function main(): Promise<number> {
  const servers = new Servers();
  const stopped = askedToStop(servers);
  void stopped.then(() => {
    ending = true;
  });
  try {
    return await Promise.race([stopped, develop(servers)]);
  } finally {
    await servers.stop();
  }
}

async function develop(servers: Servers): Promise<number> {
  const flags = readFlags(process.argv.slice(2));
  const dataDir = resolve(flags.dataDir ?? '.connector-host');
  const { folder, last, sandbox, givenToken, token, environment } = await openTryOut(dataDir, flags.sandboxPort);
  folder.write({ ...last, sandboxPort: sandbox.port });

  // Since Node 22 what was compiled once is kept: most of a start is reading code.
  const quickly = { ...environment, NODE_COMPILE_CACHE: join(houseRoot, 'node_modules/.cache/compiled') };
  let tellPage = (): void => undefined;
  const segment = new Running({
    start: () => startSandbox(servers, sandbox.port, folder.sandboxState),
    sideBySide: false,
    tell: (text) => tell('sandbox', text),
    renewed: () => undefined,
  });
  const host = new Running({
    // On a port of its own each time: the new one gets ready while the old one still serves.
    start: (heard) =>
      startHost(servers, { port: 0, dataDir, sandbox: sandbox.url, quick: true, environment: quickly }, heard),
    sideBySide: true,
    tell: (text) => tell('host', text),
    renewed: () => tellPage(),
  });
  const types = new Types((text) => tell('types', text));

  const begun = Promise.all([sandbox.running ? undefined : segment.start(), host.start()]);
  const front = await startFront(await portNear(flags.port), () => host.url());
  tellPage = () => front.vite.ws.send('host:renewed', {});
  watchFolders(sourceFolders(), (changes) => void apply(changes));
  await begun;
  announce({ url: front.url, dataDir, sandboxUrl: sandbox.url, token: givenToken ? undefined : token });
  console.log('Save a file, and what it is part of goes on with it. Ctrl+C ends.\n');
  return new Promise<never>(() => undefined);

  async function apply(changes: readonly Change[]): Promise<void> {
    const changed = changes.filter(({ folder: of, path }) => built({ folder: of, path }));
    const parts = new Set(changed.map(({ folder: of }) => of.part));
    const files = (part: Part) => named(changed.filter(({ folder: of }) => of.part === part));
    const starts: Promise<void>[] = [];
    if (parts.has('sandbox')) starts.push(segment.start(files('sandbox')));
    if (parts.has('host')) starts.push(host.start(files('host')));
    else if (parts.has('connectors')) {
      tell('connectors', `${files('connectors')}: replaced`);
      host.reload();
    }
    if (parts.has('dev')) tell('dev', `${files('dev')}: start "npm run dev" again for this`);
    await Promise.all(starts);
    if (changes.some(({ folder: of }) => of.part === 'console')) types.look('console');
    if (changes.some(({ folder: of }) => of.built !== undefined)) types.look('packages');
  }
}

/** Whether what runs has changed with it. */
function built({ folder, path }: Change): boolean {
  try {
    return build(folder, path);
  } catch (error) {
    tell(folder.part, `${(error as Error).message} Waits for the next change.`);
    return false;
  }
}

function named(changes: readonly Change[]): string {
  const [first, ...others] = changes;
  const name = first === undefined ? '' : shownPath(first.path);
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

function tell(part: Part | 'types', text: string): void {
  if (ending) return;
  console.log(`${new Date().toTimeString().slice(0, 8)} ${part.padEnd(10)} ${text}`);
}

endWith(main());
