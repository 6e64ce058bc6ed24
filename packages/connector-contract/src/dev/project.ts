import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What is started of a connector's package and of those that are installed beside it. */
export interface Project {
  readonly folder: string;
  /** The command of connector-host; absent where it is not installed. */
  readonly host?: string;
  /** TypeScript's compiler; absent where the package is JavaScript. */
  readonly compiler?: string;
  /** The program that plays the vendor. */
  readonly stub: string;
}

/** Looks for these. @param stub path in the folder. */
export function readProject(folder: string, stub: string): Project {
  const require = createRequire(join(folder, 'package.json'));
  const command = (name: string, bin: string): string | undefined => {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const { bin: bins } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> };
      const file = bins[bin];
      return file === undefined ? undefined : join(dirname(manifest), file);
    } catch {
      return undefined;
    }
  };
  const host = command('connector-host', 'connector-host');
  const compiler = existsSync(join(folder, 'tsconfig.json')) ? command('typescript', 'tsc') : undefined;
  return {
    folder,
    stub: join(folder, stub),
    ...(host === undefined ? {} : { host }),
    ...(compiler === undefined ? {} : { compiler }),
  };
}
