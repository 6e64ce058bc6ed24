import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * A project with the connectors of this repository, whose Segment plugin says of its vendor that it has limits nobody meets: what a test
 * of the host waits for its turn tells nothing about the host. How requests are spread over time is for the tests of the pace.
 */
export const unhurriedProject = join(repository, 'node_modules/.cache/unhurried');

/** The Segment plugin in it. */
export const unhurriedPlugin = join(unhurriedProject, 'node_modules/segment-config-connector');

/** Makes it, of what is built. */
export function makeUnhurriedProject() {
  rmSync(unhurriedProject, { recursive: true, force: true });
  mkdirSync(unhurriedPlugin, { recursive: true });
  for (const part of ['dist', 'data', 'manifests', 'package.json']) {
    cpSync(join(repository, part), join(unhurriedPlugin, part), { recursive: true });
  }
  const file = join(unhurriedPlugin, 'manifests/segment-config.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const rate of manifest.limits.rate) rate.requests *= 10_000;
  writeFileSync(file, JSON.stringify(manifest));
  for (const folder of [
    'opendsr-connector',
    ...readdirSync(join(repository, 'packages/connectors')).map((name) => `connectors/${name}`),
  ]) {
    symlinkSync(join(repository, 'packages', folder), join(unhurriedProject, 'node_modules', basename(folder)));
  }
}
