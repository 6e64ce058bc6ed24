/**
 * The embedded server is nobody's child: it is killed where memory runs out, and ends by itself where the disk is full. Whoever uses it
 * notices by the connection that keeps it running, and starts it again.
 */
import type { Client } from 'pg';
import { stopwatch } from '../../clock.js';
import type { Logger } from '../../log.js';

/** Pauses between two attempts, in milliseconds: twice as long each time. */
const pauses = { first: 250, longest: 30_000 } as const;

/** How long a server has to run for its end to be news, in milliseconds; one that ends at once each time is brought back ever more slowly. */
const SETTLED_MS = 60_000;

/** Brings a server back for as long as somebody uses it. */
export class Watch {
  private stopped = false;
  private present: Client | undefined;
  private pause: number = pauses.first;
  private bringing: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;

  /** @param enter finds the server or starts it, and answers the connection that keeps it running. */
  constructor(
    keeper: Client,
    private readonly log: Logger,
    private readonly enter: () => Promise<Client>,
  ) {
    this.keep(keeper);
  }

  /** Brings nothing back any more. @returns the connection that keeps the server running; undefined where the server is not there. */
  async stop(): Promise<Client | undefined> {
    this.stopped = true;
    this.wake();
    await this.bringing;
    return this.present;
  }

  private keep(keeper: Client): void {
    const age = stopwatch();
    this.present = keeper;
    keeper.once('end', () => {
      this.present = undefined;
      if (this.stopped) return;
      if (age() >= SETTLED_MS) this.pause = pauses.first;
      this.log.error('PostgreSQL ended while it was in use; it is started again');
      this.bringing = this.bringBack();
    });
  }

  private async bringBack(): Promise<void> {
    let told = '';
    while (!this.stopped) {
      try {
        this.keep(await this.enter());
        this.log.info('PostgreSQL is back');
        return;
      } catch (error) {
        const { message, code } = error as { message: string; code?: string };
        // One line for one trouble, however often it is met: what follows its first line are the times it was met.
        const trouble = code ?? message.split('\n')[0] ?? '';
        if (trouble !== told)
          this.log.error({ code, reason: message }, 'PostgreSQL does not come back; it is tried again and again');
        told = trouble;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.pause);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.pause = Math.min(2 * this.pause, pauses.longest);
    }
  }
}
