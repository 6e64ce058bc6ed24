/**
 * Room on the disk of the embedded database. A server whose disk is full ends, and cannot even conclude what it holds. So requests are
 * refused while there still is room, and a file keeps a reserve that is let go where the room ends all the same.
 */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../log.js';

const MB = 1024 * 1024;

/** Sizes, in bytes. */
export const roomSizes = {
  /** What the reserve file keeps from everybody else. */
  reserve: 64 * MB,
  /** Requests are refused below this: what was accepted still needs room to be concluded. */
  least: 64 * MB,
  /** The reserve is let go below this. */
  last: 32 * MB,
} as const;

/** How often the room is looked at, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * For how long there is room where there was some, in milliseconds: whoever accepts very many requests does not look again for each. What
 * they write meanwhile is little against the room that is left.
 */
const ROOMY_MS = 100;

/** Too little room to accept anything. */
export interface Shortage {
  readonly folder: string;
  /** Bytes that are free. */
  readonly free: number;
  /** Bytes that must become free before requests are accepted again. */
  readonly missing: number;
}

/** How many bytes are missing before requests are accepted: what frees the reserve does not invite anybody to take it. */
function missingBytes(free: number, reserved: boolean): number {
  return Math.max(0, roomSizes.least + (reserved ? 0 : roomSizes.reserve) - free);
}

/** What becomes of the reserve. */
function reserveStep(free: number, reserved: boolean): 'make' | 'let go' | 'leave' {
  if (reserved) return free < roomSizes.last ? 'let go' : 'leave';
  return missingBytes(free, false) === 0 ? 'make' : 'leave';
}

/** Free bytes of the file system that a folder is on, for accounts other than root. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** How large the server's log may grow between two checkpoints, in megabytes: an eighth of what is free, 64 MB to 2 GB. */
export function logMegabytes(free: number): number {
  return Math.min(2_048, Math.max(64, Math.floor(free / 8 / MB)));
}

/** The room of one data folder. */
export class Room {
  private readonly reserve: string;
  private looking: Promise<Shortage | undefined> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private told = false;
  /** Until when that there is room is taken as known, by `performance.now()`. */
  private roomyUntil = 0;
  private closed = false;

  constructor(
    private readonly folder: string,
    private readonly log: Logger,
    private readonly free: (folder: string) => Promise<number> = freeBytes,
  ) {
    this.reserve = join(folder, 'reserve');
  }

  /** Looks after the reserve from now on. */
  watch(): void {
    const next = async () => {
      await this.look().catch((error: unknown) => this.log.debug({ err: error }, 'The room on the disk is not known'));
      if (!this.closed) this.timer = setTimeout(() => void next(), LOOK_MS).unref();
    };
    void next();
  }

  /** The shortage, where there is one. What cannot be measured is none: the server says so itself where it meets one. */
  async shortage(): Promise<Shortage | undefined> {
    if (performance.now() < this.roomyUntil) return undefined;
    const reserved = await this.reserved();
    const free = await this.free(this.folder).catch(() => undefined);
    const missing = free === undefined ? 0 : missingBytes(free, reserved);
    if (missing === 0) this.roomyUntil = performance.now() + ROOMY_MS;
    return free === undefined || missing === 0 ? undefined : { folder: this.folder, free, missing };
  }

  /** Bytes that are free; `undefined` where that cannot be measured. */
  freeNow(): Promise<number | undefined> {
    return this.free(this.folder).catch(() => undefined);
  }

  /** Makes the reserve or lets it go, as the room is, and tells once where it ends and once where it is back. */
  look(): Promise<Shortage | undefined> {
    this.looking ??= this.act().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  /** Looks no more; the reserve stays. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.looking?.catch(() => undefined);
  }

  private async act(): Promise<Shortage | undefined> {
    const step = reserveStep(await this.free(this.folder), await this.reserved());
    if (step === 'let go') await rm(this.reserve, { force: true });
    if (step === 'make') await this.make();
    const shortage = await this.shortage();
    if (shortage && !this.told) {
      this.log.error({ code: 'DISK_FULL', ...shortage }, 'The disk is nearly full: no requests are accepted');
    } else if (!shortage && this.told) {
      this.log.info({ folder: this.folder }, 'There is room on the disk again: requests are accepted');
    }
    this.told = shortage !== undefined;
    return shortage;
  }

  private reserved(): Promise<boolean> {
    return stat(this.reserve).then(
      ({ size }) => size >= roomSizes.reserve,
      () => false,
    );
  }

  /** Of bytes that no file system makes smaller, no block like another, and in its place only once it is whole. */
  private async make(): Promise<void> {
    const unfinished = `${this.reserve}.${process.pid}`;
    try {
      const file = await open(unfinished, 'w', 0o600);
      try {
        const bytes = randomBytes(MB);
        for (let at = 0; at < roomSizes.reserve && !this.closed; at += MB) {
          for (let block = 0; block < MB; block += 4096) bytes.writeUInt32LE((at + block) / 4096, block);
          await file.write(bytes);
        }
      } finally {
        await file.close();
      }
      if (!this.closed) await rename(unfinished, this.reserve);
    } finally {
      await rm(unfinished, { force: true });
    }
  }
}
