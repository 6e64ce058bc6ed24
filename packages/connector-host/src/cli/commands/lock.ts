import { resolve } from 'node:path';
import { Command } from 'commander';
import { Output } from '../output.js';
import { collect, demandFolders, settle } from '../shared.js';

interface Flags {
  readonly root?: readonly string[];
  readonly json?: boolean;
}

interface Written {
  readonly path: string;
  readonly packages: readonly { readonly name: string; readonly version: string; readonly files: number }[];
}

/** `connector-host connectors lock`: writes down the installed connectors; one that differs later is refused. */
export function lockCommand(): Command {
  return new Command('lock')
    .description(
      'write name, version and a digest of every file of the installed connectors; what differs later is refused',
    )
    .option('--root <dir>', 'folder of a project whose connectors are locked (repeatable; default: this one)', collect)
    .option('--json', 'print JSON')
    .exitOverride()
    .action(async function (this: Command) {
      const flags = this.optsWithGlobals<Flags>();
      const output = new Output(flags.json === true);
      await settle(output, async () => {
        // Loaded only here: most commands need none of it.
        const [{ discoverPackages }, { writeLock }] = await Promise.all([
          import('../../plugins/discover.js'),
          import('../../plugins/lock.js'),
        ]);
        const written: Written[] = [];
        const roots = (flags.root ?? ['.']).map((one) => resolve(one));
        demandFolders(roots);
        for (const root of roots) {
          const plugins = (await discoverPackages([root])).filter(({ refusal }) => refusal === undefined);
          const { path, packages } = await writeLock(root, plugins);
          const locked = Object.entries(packages).map(([name, { version, files }]) => {
            return { name, version, files: Object.keys(files).length };
          });
          written.push({ path, packages: locked });
        }
        output.result(written, () =>
          written
            .flatMap(({ path, packages }) => [
              path,
              ...packages.map(({ name, version, files }) => `  ${name} ${version}, ${files} files`),
            ])
            .join('\n'),
        );
        return undefined;
      });
    });
}
