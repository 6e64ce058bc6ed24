import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The text of every JavaScript file in the folder of a built module and below it. */
export async function codeText(entry: string | URL): Promise<string> {
  const folder = dirname(fileURLToPath(entry));
  const files = await readdir(folder, { recursive: true });
  const code = files.filter((file) => /\.[cm]?js$/.test(file) && !file.includes('node_modules'));
  return (await Promise.all(code.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
}
