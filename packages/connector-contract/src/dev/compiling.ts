import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/**
 * Runs the package's script `manifest`, where it has one: it makes of the manifest what the compiler reads.
 * @returns what went wrong, in the script's own words.
 */
export async function makeFromManifest(folder: string): Promise<string | undefined> {
  try {
    await promisify(execFile)('npm', ['run', '--silent', '--if-present', 'manifest'], { cwd: folder });
    return undefined;
  } catch (error) {
    const { stderr = '', message } = error as Error & { readonly stderr?: string };
    return stderr.trim() || message;
  }
}

/**
 * Builds the package, and again whenever a file is saved. What is wrong with its types is told and holds nothing up.
 * @returns when it was built for the first time, and how to end.
 */
export function keepBuilding(
  compiler: string,
  folder: string,
  tell: (text: string) => void,
): { readonly built: Promise<void>; stop(): void } {
  const child = spawn(process.execPath, [compiler, '--watch', '--preserveWatchOutput', '--pretty', 'false'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, which ends as one: the compiler may be a program that starts the real one, and only that one would be left.
    detached: true,
  });
  const built = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      if (/error TS\d+/.test(text)) tell(text);
      if (/Found \d+ errors?\./.test(text)) resolve();
    });
    child.once('exit', () => resolve());
  });
  return {
    built,
    stop: () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      process.kill(-child.pid);
    },
  };
}
