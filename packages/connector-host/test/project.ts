/** Projects as users have them: a folder with plugins installed in it. */
import { mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package of the Segment plugin, which is this repository. */
const segmentPlugin = fileURLToPath(new URL('../../..', import.meta.url));

/** Installs plugins in a folder, by links. */
export async function installPlugins(folder: string, plugins: readonly string[] = [segmentPlugin]): Promise<void> {
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  for (const plugin of plugins) await symlink(plugin, join(folder, 'node_modules', basename(plugin)));
}
