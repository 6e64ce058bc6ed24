import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { manifestMarkdown, parseManifest } from '../../manifest/index.js';
import { UsageError } from '../usage-error.js';

/** Help for the command. */
const pageHelp = `Usage: connector-contract page [--output FILE] MANIFEST

Prints the set-up page that a manifest makes, as Markdown; or says what is wrong with the manifest, and how to put it right.

  --output FILE   write the page to a file
  -h, --help      show this help`;

/** `connector-contract page`: the set-up page of a manifest. */
export async function page(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { output: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help === true) return console.log(pageHelp);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('Name one manifest: connector-contract page FILE');

  const parsed = parseManifest(await jsonOf(file));
  if (!parsed.ok) {
    const issues = parsed.issues.map(({ path, message, remedy }) => `  ${path}: ${message} ${remedy}`);
    throw new UsageError(`${file} is not in order:\n${issues.join('\n')}`);
  }
  const text = manifestMarkdown(parsed.manifest);
  if (values.output === undefined) process.stdout.write(text);
  else await writeFile(values.output, text);
}

async function jsonOf(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code}).`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
}
