/** Sets the clock of single processes, where faketime is installed. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const libraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib'].map(
  (folder) => `${folder}/faketime/libfaketime.so.1`,
);

/** The library that sets clocks; undefined where it is not installed. */
export const faketime = libraries.find((file) => existsSync(file));

/** A clock that can be set while its process runs. */
export class SettableClock {
  private constructor(
    private readonly file: string,
    /** Of the process whose clock it is. */
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  /** @param shift as faketime has it, such as `+1h`. */
  static async make(folder: string, name: string, shift: string): Promise<SettableClock> {
    const file = join(folder, `${name}.clock`);
    const fake = {
      LD_PRELOAD: faketime ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DISABLE_SHM: '1',
      // What is set is the clock on the wall, as `date` does; no machine sets the other.
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    // A connector's process is given no environment: it is started by a program that sets it.
    const node = join(folder, `${name}.node`);
    const set = Object.entries(fake).map(([key, value]) => `${key}=${value}`);
    await writeFile(node, `#!/bin/sh\nexec env ${set.join(' ')} '${process.execPath}' "$@"\n`, { mode: 0o755 });
    const start = `data:text/javascript,process.execPath=${JSON.stringify(node)}`;
    const clock = new SettableClock(file, { ...fake, NODE_OPTIONS: `--import=${encodeURI(start)}` });
    await clock.set(shift);
    return clock;
  }

  async set(shift: string): Promise<void> {
    await writeFile(this.file, `${shift}\n`);
  }
}
