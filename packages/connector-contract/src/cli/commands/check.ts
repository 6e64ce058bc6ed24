import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { examineConnector } from '../../testkit/examine/examine.js';
import { UsageError } from '../usage-error.js';

/** Help for the command. */
export const checkHelp = `Usage: connector-contract check [FOLDER]

Goes through what a host looks at before it uses a connector: package, manifest, contract, entry, import, binding, and each call once
with values that are made up and nothing to be reached. Says what is wrong, where, and what to do. FOLDER is the package (default: this
folder), built.

  -h, --help   show this help`;

/** `connector-contract check`: whether a host would use the connector. */
export async function check(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help === true) return console.log(checkHelp);
  const [folder = '.', ...more] = positionals;
  if (more.length > 0) throw new UsageError('Name one folder: connector-contract check FOLDER');
  const found = await examineConnector(resolve(folder));
  const wrong = found.flatMap(({ path, refusal }) => {
    if (refusal === undefined) return [];
    const { code, reason, remedy } = refusal;
    return [`${path === undefined ? '' : `${path}: `}${code}\n  ${reason}\n  What to do: ${remedy}`];
  });
  if (wrong.length > 0) throw new UsageError(`A host would not use this connector.\n${wrong.join('\n')}`);
  for (const { manifest } of found) console.log(`${manifest?.id} ${manifest?.version}: a host would use it.`);
  console.log(`Looked at ${relative('', resolve(folder)) || '.'}.`);
}
