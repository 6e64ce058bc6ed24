/** Mistakes that authors make: how a good connector is changed, and what is said of it. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RefusalCode } from 'connector-contract/loading';
import { fixture } from './fixtures.js';

/** One mistake. */
export interface Mistake {
  readonly mistake: string;
  readonly code: RefusalCode;
  /** The file, field or name that the reason has to hold. */
  readonly names: string;
  /** A word of the remedy by which the author goes on. */
  readonly remedy: string;
  readonly make: (folder: string) => Promise<void>;
}

type Json = Record<string, unknown>;

const inFile =
  (file: string, change: (text: string) => string): Mistake['make'] =>
  async (folder) =>
    writeFile(join(folder, file), change(await readFile(join(folder, file), 'utf8')));

const inJson = (file: string, change: (json: Json) => Json): Mistake['make'] =>
  inFile(file, (text) => JSON.stringify(change(JSON.parse(text) as Json), undefined, 2));

const code = (change: (text: string) => string): Mistake['make'] => inFile('index.js', change);
const manifest = (change: (json: Json) => Json): Mistake['make'] => inJson('manifest.json', change);
const pkg = (change: (json: Json) => Json): Mistake['make'] => inJson('package.json', change);
const checking = (line: string): Mistake['make'] =>
  code((text) => text.replace('check: async () => ({', `check: async (ctx) => (${line}, {`));

/** The mistakes, as the guide tells of them. */
export const mistakes: readonly Mistake[] = [
  {
    mistake: 'a missing export',
    code: 'EXPORT_MISSING',
    names: 'connectorModule; it exports theModule',
    remedy: 'entry.export',
    make: code((text) => text.replace('const connectorModule', 'const theModule')),
  },
  {
    mistake: 'a manifest with a field that is mistyped',
    code: 'MANIFEST_INVALID',
    names: 'displayNmae',
    remedy: 'manifest.schema.json',
    make: manifest(({ displayName, ...rest }) => ({ ...rest, displayNmae: displayName })),
  },
  {
    mistake: 'a manifest that is not JSON',
    code: 'MANIFEST_UNREADABLE',
    names: 'in line 3',
    remedy: 'valid JSON',
    make: inFile('manifest.json', (text) => text.replace('"id":', '"id"')),
  },
  {
    mistake: 'a dependency that is not installed',
    code: 'IMPORT_FAILED',
    names: 'a-package-that-is-not-installed',
    remedy: 'install what it depends on',
    make: code((text) => `import 'a-package-that-is-not-installed';\n${text}`),
  },
  {
    mistake: 'an import that never ends',
    code: 'IMPORT_TIMEOUT',
    names: 'did not end within',
    remedy: 'not wait for anything',
    make: code((text) => `await new Promise((resolve) => setInterval(resolve, 2 ** 30));\n${text}`),
  },
  {
    mistake: 'an import that lets nothing else run',
    code: 'IMPORT_TIMEOUT',
    names: 'Importing the connector did not end',
    remedy: 'busy without end',
    make: code((text) => `while (Date.now() > 0);\n${text}`),
  },
  {
    mistake: 'a call that lets nothing else run',
    code: 'IMPORT_TIMEOUT',
    names: 'one of its calls',
    remedy: 'busy without end',
    make: checking('(() => { while (ctx.clock.now() > 0); })()'),
  },
  {
    mistake: 'a host that the manifest does not name',
    code: 'HOST_NOT_DECLARED',
    names: 'api.elsewhere.example',
    remedy: 'network.allowedHosts',
    make: checking("await fetch('https://api.elsewhere.example/me').catch(() => undefined)"),
  },
  {
    mistake: 'a part that lacks a method',
    code: 'CAPABILITY_INCOMPLETE',
    names: 'lacks check',
    remedy: 'every method',
    make: code((text) => text.replace('check:', 'examine:')),
  },
  {
    mistake: 'a service identifier that is mistyped',
    code: 'CONNECTOR_NOT_BOUND',
    names: 'Symbol(connector-contract/Conector)',
    remedy: 'ServiceIdentifier.connector',
    make: code((text) => text.replace('ServiceIdentifier.connector', "Symbol.for('connector-contract/Conector')")),
  },
  {
    mistake: 'a field that the code reads and the manifest lacks',
    code: 'FIELD_NOT_DECLARED',
    names: 'config.apiKey',
    remedy: 'config.fields',
    make: checking('ctx.config.apiKey'),
  },
  {
    mistake: 'a connector for another version of the contract',
    code: 'CONTRACT_MISMATCH',
    names: '^2.0.0',
    remedy: 'a host that speaks',
    make: manifest((json) => ({ ...json, contract: { range: '^2.0.0' } })),
  },
  {
    mistake: 'a syntax error',
    code: 'IMPORT_FAILED',
    names: 'index.js:4',
    remedy: 'the place that the reason names',
    make: code((text) => text.replace('({ bind }) => {', '({ bind }) = {')),
  },
  {
    mistake: 'an ES module in a package of the other kind',
    code: 'IMPORT_FAILED',
    names: '"type": "module"',
    remedy: 'the place that the reason names',
    make: async (folder) => {
      await code((text) => `${text}\nmodule.exports = { connectorModule };`)(folder);
    },
  },
  {
    mistake: 'a package that was not built',
    code: 'ENTRY_MISSING',
    names: 'does not exist',
    remedy: 'Build the package',
    make: (folder) => rm(join(folder, 'index.js')),
  },
  {
    mistake: 'an entry that is not exported',
    code: 'ENTRY_NOT_EXPORTED',
    names: 'does not export',
    remedy: 'exports',
    make: pkg((json) => ({ ...json, exports: { './other': './index.js' } })),
  },
  {
    mistake: 'a version that was raised in one place',
    code: 'VERSION_MISMATCH',
    names: '1.1.0',
    remedy: 'version of its package',
    make: pkg((json) => ({ ...json, version: '1.1.0' })),
  },
  {
    mistake: 'a package without the keyword',
    code: 'KEYWORD_MISSING',
    names: 'connector-plugin',
    remedy: 'keywords',
    make: pkg((json) => ({ ...json, keywords: [] })),
  },
];

/** Makes a package with each mistake in a folder, named by its number; each has an id of its own. */
export async function makeMistakes(parent: string): Promise<readonly string[]> {
  return Promise.all(
    mistakes.map(async ({ make }, index) => {
      const folder = join(parent, String(index));
      await mkdir(folder);
      await cp(fixture('plain'), folder, { recursive: true });
      await pkg((json) => ({ ...json, name: `mistake-${index}` }))(folder);
      await manifest((json) => ({ ...json, id: `mistake-${index}` }))(folder);
      await make(folder);
      return folder;
    }),
  );
}
