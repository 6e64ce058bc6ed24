import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** What `npm pack` says about a package. */
export interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs a package of this repository as it would be published, from its built `dist`. */
export async function pack(folder: string, into: string): Promise<Packed> {
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', into], { cwd: folder });
  const answer: unknown = JSON.parse(stdout);
  const [packed] = Object.values(answer as Record<string, Packed>);
  if (packed === undefined) throw new Error(`npm pack said nothing about ${folder}`);
  return packed;
}

/** Makes a project of tarballs that lie in it, and of packages from the registry; from npm's cache where it holds them. */
export async function install(project: string, packed: readonly Packed[], more: readonly string[]): Promise<void> {
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const tarballs = packed.map(({ filename }) => `./${filename}`);
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...options, ...tarballs, ...more], { cwd: project });
}

/** Puts a consumer of `test/consumers` beside the packages installed in a project; answers its folder. */
export async function consumer(project: string, name: string): Promise<string> {
  const folder = join(project, 'consumers', name);
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'test/consumers', name), folder, { recursive: true });
  return folder;
}

/** Type-checks a consumer; rejects with what the compiler says. */
export async function typeCheck(folder: string): Promise<void> {
  const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
  try {
    await run(process.execPath, [tsc, '-p', folder], { cwd: folder });
  } catch (error) {
    throw new Error((error as { readonly stdout?: string }).stdout ?? String(error));
  }
}
