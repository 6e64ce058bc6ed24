import { realpath } from 'node:fs/promises';
import {
  IMPORT_GRACE_MS,
  IMPORT_MS,
  importLimitOf,
  judgeVersions,
  Refusal,
  type RefusalCode,
  readManifest,
  readPackage,
  refusalCodes,
  syntaxProblem,
} from '../../loading/index.js';
import type { ConnectorManifest } from '../../manifest/index.js';
import { probe } from '../child-probe.js';

/** A connector of a package, as an examination found it. */
export interface Examined {
  /** The path that `connector.manifests` of the package.json gives; absent where the package itself is not in order. */
  readonly path?: string;
  /** Absent where it could not be read. */
  readonly manifest?: ConnectorManifest;
  /** Why a host would not use it; absent where nothing speaks against it. */
  readonly refusal?: Refusal;
}

/**
 * Goes through what a host looks at before it uses a connector, in the same order and with the same codes: package, manifest, contract,
 * entry, import, binding, and a rehearsal of its calls that reaches nothing. Code of the package runs in a process of its own.
 * @param folder of the package.
 * @param only the manifest to look at, by its path as package.json gives it; all of them unless given.
 */
export async function examineConnector(folder: string, only?: string): Promise<readonly Examined[]> {
  const directory = await realpath(folder).catch(() => folder);
  const plugin = await readPackage(directory);
  if (plugin === undefined) {
    const reason = `The folder ${directory} has no package.json with the keyword connector-plugin.`;
    return [{ refusal: new Refusal('KEYWORD_MISSING', reason) }];
  }
  if (plugin.refusal !== undefined) return [{ refusal: plugin.refusal }];
  const chosen = plugin.manifests.filter((path) => only === undefined || path === only);
  return Promise.all(
    chosen.map(async (path): Promise<Examined> => {
      let manifest: ConnectorManifest | undefined;
      try {
        manifest = await readManifest(plugin, path);
        judgeVersions(plugin, manifest);
        const refusal = await loadApart(directory, plugin.name, manifest);
        return { path, manifest, ...(refusal === undefined ? {} : { refusal }) };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { path, ...(manifest === undefined ? {} : { manifest }), refusal: error };
      }
    }),
  );
}

/** Runs in the package's own folder: a package that imports itself by name goes through its own `exports`. */
const script = `
const [specifier, program, manifest, leastMs] = process.argv.slice(1);
let entry;
try { entry = import.meta.resolve(specifier); } catch (error) { entry = { code: error.code }; }
(await import(program)).load(entry, JSON.parse(manifest), Number(leastMs));
`;

async function loadApart(directory: string, name: string, manifest: ConnectorManifest): Promise<Refusal | undefined> {
  const { module } = manifest.entry;
  const specifier = module === '.' ? name : `${name}/${module.replace(/^\.\//, '')}`;
  const program = new URL('./child.js', import.meta.url).href;
  const args = ['--no-warnings', '--input-type=module', '-e', script, specifier, program, JSON.stringify(manifest)];
  const patience = (startedInMs: number): number => importLimitOf(IMPORT_MS, startedInMs) + IMPORT_GRACE_MS;
  const { report, printed, ups, overdue } = await probe([...args, String(IMPORT_MS)], directory, patience);
  if (report === '') {
    return overdue
      ? new Refusal(
          'IMPORT_TIMEOUT',
          ups > 1
            ? 'The connector was imported, and then one of its calls let nothing else run.'
            : 'Importing the connector did not end in time, and let nothing else run.',
        )
      : new Refusal('PROCESS_ENDED', `Its process ended while it was imported. ${lastLine(printed)}`);
  }
  const { code, reason } = JSON.parse(report) as { readonly code?: string; readonly reason?: string };
  if (code === undefined || !(code in refusalCodes)) return undefined;
  const place = code === 'IMPORT_FAILED' ? await syntaxProblem(directory) : undefined;
  return new Refusal(code as RefusalCode, place === undefined ? `${reason}` : `${reason} ${place}`);
}

function lastLine(printed: string): string {
  return printed.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
}
