/** A disk that fills up: a file system of its own in memory, of a size that can be changed. */
import { execFileSync } from 'node:child_process';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freeBytes } from '../src/store/embedded/room.js';

const MB = 1024 * 1024;

/** A mounted disk. */
export class SmallDisk {
  private mounted = true;

  private constructor(readonly folder: string) {
    process.on('exit', () => this.remove());
  }

  /** Mounts one over a folder; undefined where that may not be done. */
  static mount(folder: string, megabytes = 600): SmallDisk | undefined {
    try {
      const options = `size=${megabytes}m,mode=0755`;
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      return undefined;
    }
    return new SmallDisk(folder);
  }

  resize(megabytes: number): void {
    execFileSync('mount', ['-o', `remount,size=${megabytes}m`, this.folder]);
  }

  /** Takes all but some bytes. */
  async fill(butFor: number): Promise<void> {
    const filler: FileHandle = await open(join(this.folder, 'filler'), 'w');
    try {
      while ((await freeBytes(this.folder)) > butFor + MB) await filler.write(Buffer.alloc(MB, 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      await filler.close();
    }
  }

  /** Gives back what {@link fill} took. */
  async empty(): Promise<void> {
    await rm(join(this.folder, 'filler'), { force: true });
  }

  remove(): void {
    if (!this.mounted) return;
    this.mounted = false;
    execFileSync('umount', ['--lazy', this.folder]);
  }
}
