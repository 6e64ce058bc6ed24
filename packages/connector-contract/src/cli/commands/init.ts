import { basename, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { connectorName } from '../../scaffold/name.js';
import { folderProblem, writeConnector } from '../../scaffold/scaffold.js';
import { UsageError } from '../usage-error.js';

/** Help for the command. */
const initHelp = `Usage: connector-contract init [--name NAME] FOLDER

Makes a connector in a new or empty folder: manifest, module, deletion, a stub that plays the vendor, and the contract as tests.
It builds and keeps every rule as it is; from there on you replace what is made up about the vendor.

  --name NAME   name of the package, such as acme-crm or @acme/crm (default: the name of the folder)
  -h, --help    show this help`;

/** `connector-contract init`: writes a new connector, and says what to do next. */
export async function init(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { name: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help === true) return console.log(initHelp);
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0)
    throw new UsageError('Name one folder: connector-contract init acme-crm');

  const folder = resolve(target);
  const name = connectorName(values.name ?? basename(folder));
  if (typeof name === 'string') throw new UsageError(values.name === undefined ? `${name} Or give --name.` : name);
  const problem = await folderProblem(folder);
  if (problem !== undefined) throw new UsageError(problem);

  const files = await writeConnector(folder, name);
  const place = relative('', folder) || '.';
  console.log(`Made the connector ${name.packageName} in ${place}:\n${files.map((file) => `  ${file}`).join('\n')}`);
  console.log(`\nNext:\n${place === '.' ? '' : `  cd ${place}\n`}  npm install\n  npm test`);
}
