import type { Clock } from '../context.js';

/** Real time plus everything that was slept through: nobody waits, and pauses count all the same. */
export class SkippingClock implements Clock {
  private skipped = 0;

  now(): number {
    return Date.now() + this.skipped;
  }

  /** Goes forward at once. */
  skip(ms: number): void {
    this.skipped += Math.max(0, ms);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.skip(ms);
    // Lets I/O happen in between, so that a loop around sleep cannot starve the process.
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
}
