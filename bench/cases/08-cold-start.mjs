/** Loading the plugin against importing its HTTP client alone; the host until it says that it is ready; and what is installed. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleaved, ratios, seconds, spread } from '../spread.mjs';
import { clear, folder, startHost } from '../stage.mjs';

export const title = 'Cold start';
export const goal = { name: 'import and module load, as a multiple of importing axios' };
export const sizes = [1];

const root = fileURLToPath(new URL('../..', import.meta.url));

const script = (text) => () =>
  seconds(() => execFileSync(process.execPath, ['--input-type=module', '-e', text], { cwd: root, stdio: 'ignore' }));

const plugin = script(`import 'reflect-metadata'; import { Container } from 'inversify';
  const { connectorModule } = await import('./dist/module.js'); new Container().load(connectorModule);`);
const axios = script(`await import('axios')`);
const nothing = script('');
const peers = script(`import 'reflect-metadata'; await import('inversify')`);

async function readiness(dataDir) {
  let host;
  const taken = await seconds(async () => {
    host = await startHost({ dataDir });
    for (;;) if ((await fetch(`${host.url}/readyz`)).ok) break;
  });
  await host.stop();
  return taken;
}

/** Folders of a package and of everything it depends on at run time. */
function installed(folderOf, found = new Set()) {
  if (found.has(folderOf)) return found;
  found.add(folderOf);
  const {
    dependencies = {},
    peerDependencies = {},
    optionalDependencies = {},
  } = JSON.parse(readFileSync(join(folderOf, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })) {
    for (let at = folderOf; ; at = dirname(at)) {
      const place = join(at, 'node_modules', name);
      if (existsSync(place)) {
        installed(realpathSync(place), found);
        break;
      }
      if (dirname(at) === at) break;
    }
  }
  return found;
}

function bytes(place) {
  const { size, isDirectory } = ((stat) => ({ size: stat.size, isDirectory: stat.isDirectory() }))(lstatSync(place));
  if (!isDirectory) return size;
  return readdirSync(place)
    .filter((name) => name !== 'node_modules')
    .reduce((sum, name) => sum + bytes(join(place, name)), 0);
}

/** What a package would bring: its published files, and all of its dependencies. In MB. */
function installedMb(place) {
  const { files = [] } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
  const own = files
    .filter((name) => !name.startsWith('!'))
    .map((name) => join(place, name))
    .filter(existsSync);
  const others = [...installed(place)].filter((one) => one !== place);
  return [...own, ...others].reduce((sum, one) => sum + bytes(one), 0) / 1e6;
}

export async function run({ repeats }) {
  const [ours, alone, empty, injection] = await interleaved(Math.max(repeats, 5), plugin, axios, nothing, peers);
  const data = folder('data');
  const first = await readiness(data);
  const [again] = await interleaved(repeats, () => readiness(data));
  await clear();
  const ms = (values) => spread(values.map((one) => one * 1000));
  return [
    {
      what: 'processes of their own',
      size: 1,
      ratio: ratios(ours, alone),
      figures: {
        'plugin with its module loaded, ms': ms(ours),
        'axios alone, ms': ms(alone),
        'inversify and reflect-metadata alone, ms': ms(injection),
        'Node.js with an empty script, ms': ms(empty),
        'host until ready, on a new folder, ms': ms([first]),
        'host until ready, again, ms': ms(again),
        'plugin with all it depends on, MB': spread([installedMb(root)]),
        'host with all it depends on, MB': spread([installedMb(join(root, 'packages/connector-host'))]),
      },
    },
  ];
}
