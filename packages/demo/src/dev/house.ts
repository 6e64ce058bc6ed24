import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What has to be done when a file changes: start this again, replace the connectors, or say so. */
export type Part = 'host' | 'connectors' | 'sandbox' | 'console' | 'dev';

/** A folder of sources. */
export interface SourceFolder {
  readonly path: string;
  readonly part: Part;
  /** Where its TypeScript goes as JavaScript; absent where nothing is to be built. */
  readonly built?: string;
}

/** The root of the repository. */
export const houseRoot = fileURLToPath(new URL('../../../..', import.meta.url));

/** The folder of the console's own sources and configuration. */
export const consoleFolder = join(houseRoot, 'packages/connector-host/console');

/** Every folder of sources of the packages in the repository. */
export function sourceFolders(): SourceFolder[] {
  const packages = readdirSync(join(houseRoot, 'packages')).map((name) => join(houseRoot, 'packages', name));
  const folders = [houseRoot, ...packages].flatMap((folder) => {
    const part = partOf(folder);
    if (part === undefined) return [];
    return [
      { path: join(folder, 'src'), part, built: join(folder, 'dist') },
      ...['manifests', 'schema'].map((name) => ({ path: join(folder, name), part })),
    ];
  });
  return [...folders, { path: join(consoleFolder, 'src'), part: 'console' as const }].filter(({ path }) =>
    existsSync(path),
  );
}

/** A path as it is shown: from the root of the repository. */
export function shownPath(path: string): string {
  return relative(houseRoot, path).split(sep).join('/');
}

/** The file that a source becomes; undefined where it is nothing to build. */
export function builtFile({ path, built }: SourceFolder, source: string): string | undefined {
  if (built === undefined || !/(?<!\.d)\.ts$/.test(source)) return undefined;
  return join(built, dirname(relative(path, source)), source.slice(source.lastIndexOf(sep) + 1, -3).concat('.js'));
}

function partOf(folder: string): Part | undefined {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  const { name, keywords } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; keywords?: readonly string[] };
  if (keywords?.includes('connector-plugin')) return 'connectors';
  if (name === 'segment-sandbox') return 'sandbox';
  // Whatever else there is, the host stands on.
  return name === 'demo' ? 'dev' : 'host';
}
