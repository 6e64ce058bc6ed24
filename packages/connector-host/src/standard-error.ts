/** Standard error, as a log writes to it: whoever reads it too slowly, or not at all, holds up nobody. */
import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** Bytes of lines that wait for a reader; what comes beyond is lost. */
const KEPT = 1 << 20;

/** Time between looks whether there is room again, and how long the end of the process waits for that, in milliseconds. */
const AGAIN_MS = 50;
const AT_THE_END_MS = 1_000;

/**
 * A descriptor for standard error that answers at once where it is full. Only a pipe or a terminal can be: a file is written as it is, and
 * so is what cannot be opened anew, as a socket.
 */
function descriptor(): number {
  const of = fstatSync(2);
  if (!of.isFIFO() && !of.isCharacterDevice()) return 2;
  try {
    // Opened anew, since whoever shares the descriptor expects it to wait.
    return openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return 2;
  }
}

/** Lines on their way to standard error. */
export class StandardError {
  private readonly to = descriptor();
  private readonly waiting: Buffer[] = [];
  private bytes = 0;
  private lost = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor() {
    process.once('exit', () => this.end());
  }

  /** Writes a line, or keeps it until there is room. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.bytes + bytes.length > KEPT) {
      this.lost += 1;
      return;
    }
    this.keep(bytes);
    if (this.timer === undefined) this.pass();
  }

  private keep(bytes: Buffer): void {
    this.waiting.push(bytes);
    this.bytes += bytes.length;
  }

  /** Writes what waits, as far as there is room. Answers whether nothing waits any more. */
  private pass(): boolean {
    this.timer = undefined;
    try {
      for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
        const written = writeSync(this.to, next);
        this.bytes -= written;
        // Of a long line only a part may have had room.
        if (written < next.length) this.waiting[0] = next.subarray(written);
        else this.waiting.shift();
        if (this.waiting.length === 0 && this.lost > 0) this.tellOfLost();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
        this.timer = setTimeout(() => this.pass(), AGAIN_MS).unref();
        return false;
      }
      // The disk is full, or nobody will read any more: no work ends for that, and later lines are tried again.
      this.waiting.length = 0;
      this.bytes = 0;
    }
    return true;
  }

  private tellOfLost(): void {
    const msg = `${this.lost} lines of the log are lost: nobody read standard error`;
    this.lost = 0;
    const line = { level: 40, time: new Date().toISOString(), pid: process.pid, msg };
    this.keep(Buffer.from(`${JSON.stringify(line)}\n`));
  }

  /** Who reads slowly gets the last lines, too. */
  private end(): void {
    const sleep = new Int32Array(new SharedArrayBuffer(4));
    for (let left = AT_THE_END_MS; left > 0 && !this.pass(); left -= AGAIN_MS) Atomics.wait(sleep, 0, 0, AGAIN_MS);
  }
}
