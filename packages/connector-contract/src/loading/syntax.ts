import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files that are looked at, at most. */
const MOST_FILES = 60;

/**
 * Where a package's code is not JavaScript: Node does not say it of a file that is imported. Runs nothing of it.
 * @returns file, line and what is wrong, or `undefined` where all can be read.
 */
export async function syntaxProblem(directory: string): Promise<string | undefined> {
  const files = await readdir(directory, { recursive: true }).catch(() => []);
  const code = files.filter((file) => /\.[cm]?js$/.test(file) && !/(^|[/\\])(node_modules|test)[/\\]/.test(file));
  for (const file of code.slice(0, MOST_FILES)) {
    const said = await run(process.execPath, ['--check', join(directory, file)], { env: {} }).then(
      () => '',
      ({ stderr }: { stderr?: string }) => stderr ?? '',
    );
    // Its first line is the place: `file:12`.
    const lines = said.split('\n');
    const what = lines.find((one) => one.startsWith('SyntaxError: '));
    if (what !== undefined) return `${file}:${lines[0]?.split(':').at(-1)}: ${what}`;
  }
  return undefined;
}
