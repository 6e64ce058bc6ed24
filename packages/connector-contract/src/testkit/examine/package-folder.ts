import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The folder of the connector's package that a file is in: the nearest package.json above it that names manifests, or is meant to. */
export async function packageFolderOf(file: string): Promise<string | undefined> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '');
    if (text.includes('connector-plugin')) return folder;
  }
  return undefined;
}
