import { watch } from 'node:fs';
import { join } from 'node:path';
import type { SourceFolder } from './house.js';

/** A file that was saved, made or removed. */
export interface Change {
  readonly folder: SourceFolder;
  readonly path: string;
}

/** An editor writes a file in several steps, and several files at once: so long it is waited for more, in milliseconds. */
const CALM_MS = 40;

/** Files that editors leave beside the ones they write. */
const passing = /(^|[/\\])\.|~$|\.(swp|tmp|new)$|[/\\]\d+$/;

/** Watches folders; hands out what changed in them, in batches. */
export function watchFolders(folders: readonly SourceFolder[], changed: (changes: readonly Change[]) => void): void {
  let waiting = new Map<string, Change>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    const changes = [...waiting.values()];
    waiting = new Map();
    changed(changes);
  };
  for (const folder of folders) {
    watch(folder.path, { recursive: true }, (_event, name) => {
      if (name === null || passing.test(name)) return;
      const path = join(folder.path, name);
      waiting.set(path, { folder, path });
      clearTimeout(timer);
      timer = setTimeout(tell, CALM_MS);
    });
  }
}
