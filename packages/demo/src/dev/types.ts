import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { consoleFolder, houseRoot } from './house.js';

const require = createRequire(import.meta.url);

/** Looks at types beside the work: what is wrong is told, and nothing waits for it. */
export class Types {
  readonly #due = new Set<string>();
  #looking = false;

  /** @param tell is called when all is well again after it was not. */
  constructor(private readonly tell: (text: string) => void) {}
  #wrong = false;

  /** Looks at the types of the packages, or of the console, as soon as it can. */
  look(at: 'packages' | 'console'): void {
    this.#due.add(at);
    if (!this.#looking) void this.#work();
  }

  async #work(): Promise<void> {
    this.#looking = true;
    for (const at of this.#due) {
      this.#due.delete(at);
      // Only declarations are written: the code that runs was built before, file by file.
      const project =
        at === 'console'
          ? ['-p', consoleFolder]
          : ['-b', join(houseRoot, 'tsconfig.build.json'), '--emitDeclarationOnly'];
      const wrong = (await compile([...project, '--pretty'])) !== 0;
      if (wrong) this.tell('are wrong, as said above.');
      else if (this.#wrong) this.tell('are right again.');
      this.#wrong = wrong;
    }
    this.#looking = false;
  }
}

async function compile(args: readonly string[]): Promise<number> {
  const compiler = join(dirname(require.resolve('@typescript/native/package.json')), 'bin/tsc');
  const child = spawn(process.execPath, [compiler, ...args], {
    cwd: houseRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  // What runs goes first.
  if (child.pid !== undefined) setPriority(child.pid, 10);
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
