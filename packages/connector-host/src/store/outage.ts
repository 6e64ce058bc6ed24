import type { Logger } from '../log.js';
import { answeredBy, isTransient } from './database-errors.js';

/** A trouble that was not met for this long, in milliseconds, is over: the next is news. */
const QUIET_MS = 60_000;

/**
 * One line of log for one trouble with the database, whoever meets it: the pool, the jobs, the leases and the events all do, again and
 * again for as long as it lasts.
 */
export class Outage {
  private since: number | undefined;
  private last = 0;
  private unsaid = 0;
  private reachable = false;

  constructor(
    private readonly log: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Tells of an error that somebody met: in words of theirs where it is not about the database, and once where it is. */
  met(error: unknown, what: string, more: Readonly<Record<string, unknown>> = {}): void {
    if (!isTransient(error)) {
      this.log.warn({ ...more, err: error }, what);
      return;
    }
    const now = this.now();
    const news = this.since === undefined || now - this.last > QUIET_MS;
    this.last = now;
    this.reachable = answeredBy(error);
    if (news) {
      this.since = now;
      this.unsaid = 0;
      this.log.warn({ ...more, err: error, met: what }, 'Trouble with the database: what fails is tried again');
      return;
    }
    this.unsaid += 1;
    this.log.debug({ ...more, err: error }, what);
  }

  /** A connection came about: it was that which failed, or else the trouble is of another kind and goes on. */
  over(): void {
    if (this.since === undefined || this.reachable) return;
    const seconds = Math.round((this.now() - this.since) / 1000);
    this.since = undefined;
    this.log.info({ seconds, unsaid: this.unsaid }, 'The database answers again');
  }
}
