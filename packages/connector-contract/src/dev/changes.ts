import { existsSync, type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/** A build writes several files; so long it is waited for more, in milliseconds. */
const CALM_MS = 150;

/** Tells of files that changed below some folders, in batches. */
export function watchFolders(folders: readonly string[], changed: (paths: readonly string[]) => void): () => void {
  let waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    const paths = [...waiting];
    waiting = new Set();
    changed(paths);
  };
  const watchers = folders
    .filter((folder) => existsSync(folder))
    .map(
      (folder): FSWatcher =>
        watch(folder, { recursive: true }, (_event, name) => {
          if (name === null || !/\.([cm]?js|json)$/.test(name)) return;
          waiting.add(join(folder, name));
          clearTimeout(timer);
          timer = setTimeout(tell, CALM_MS);
        }),
    );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
