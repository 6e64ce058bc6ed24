import { TestClock } from 'pg-boss';
import type { HostClock } from '../src/clock.js';

/** A clock that stands still until a test moves it; drives the host and its job engine alike. Begins a minute ahead of the real time. */
export class VirtualClock implements HostClock {
  /** What the job engine is given. */
  readonly engine = new TestClock(Date.now() + 60_000);

  /** Why it is in doubt, where a test says so: of everything, or of one connection. */
  readonly doubts: { all?: string; readonly of: Map<string, string> } = { of: new Map() };

  private sleeping = 0;

  now(): number {
    return this.engine.now();
  }

  async doubt(connection = ''): Promise<string | undefined> {
    return this.doubts.all ?? this.doubts.of.get(connection);
  }

  /** How many wait for it to be moved. */
  get sleepers(): number {
    return this.sleeping;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.sleeping += 1;
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = this.engine.setTimeout(resolve, ms);
        signal?.addEventListener('abort', () => {
          this.engine.clearTimeout(timer);
          reject(signal.reason);
        });
      });
    } finally {
      this.sleeping -= 1;
    }
  }
}
