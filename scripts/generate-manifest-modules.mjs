// Writes the manifests of the connectors that stand on `defineConnector` as modules, by which the compiler knows their names.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packages } from './packages.mjs';

const command = fileURLToPath(new URL('../packages/connector-kit/bin/connector-kit.js', import.meta.url));

for (const cwd of packages.filter((folder) => folder.startsWith('packages/connectors/'))) {
  const [name] = readdirSync(`${cwd}/manifests`);
  execFileSync(process.execPath, [command, 'manifest', `manifests/${name}`, 'src/manifest.generated.ts'], { cwd });
}
