/**
 * Durable jobs behind a small port. A job is a reminder to look at something, never the truth about it: the tables are. So a job may
 * run twice, or for nothing, without harm, and a job that is lost is made again by the sweep.
 */
import type { Queryable } from '../store/database.js';

/** Every kind of job, with what it carries. Two jobs of one kind with the same data are the same job. */
export interface Jobs {
  /** Make operations of a connection's waiting tasks. */
  plan: { readonly connection: string };
  /** Submit an operation, or find out what became of its submission. */
  submit: { readonly operation: number };
  /** Ask how far an operation is. */
  follow: { readonly operation: number };
  /** Look for work that has no job. */
  sweep: Record<string, never>;
  /** Let what is left over at a connection follow what was decided about it. */
  leftovers: { readonly connection: string };
  /** Look for a connection's systems. */
  detect: { readonly connection: string };
  /** Purge identifiers that are kept no longer. */
  purge: Record<string, never>;
  /** Seal people's identifiers anew that stand under an old key. */
  reseal: Record<string, never>;
  /** Make the fingerprints anew by which people are searched. */
  refingerprint: Record<string, never>;
  /** Tell people what they are to know. */
  notices: Record<string, never>;
}

/** A kind of job. */
export type JobName = keyof Jobs;

/** Every {@link JobName}. */
export const jobNames = [
  'plan',
  'submit',
  'follow',
  'sweep',
  'leftovers',
  'detect',
  'purge',
  'reseal',
  'refingerprint',
  'notices',
] as const satisfies readonly JobName[];

/** When and how a job is to run. */
export interface SendOptions {
  /** Not before this time. Absent for at once. */
  readonly startAfter?: Date;
  /** Not before so many milliseconds have passed by the engine's own clock; instead of `startAfter`. */
  readonly afterMs?: number;
  /** Higher goes first. Default 0. */
  readonly priority?: number;
}

/** One job to be sent. */
export interface JobToSend<N extends JobName> extends SendOptions {
  readonly data: Jobs[N];
}

/** What a handler is told beside the job's data. */
export interface JobRun {
  /** Aborts when this process must let go of the job: it stops, or it lost its hold on it. */
  readonly signal: AbortSignal;
}

/**
 * Does a job. Of all processes, one at a time is at the same job. A throw brings the job back later, with growing delays.
 */
export type JobHandler<N extends JobName> = (data: Jobs[N], run: JobRun) => Promise<void>;

/** How many jobs of a kind there are. */
export interface QueueDepth {
  /** Could run now. */
  readonly ready: number;
  /** Wait for their time. */
  readonly delayed: number;
  readonly active: number;
}

/** Durable jobs. */
export interface Engine {
  /** Makes what the engine needs in the database, and begins to hand out jobs to the handlers registered by {@link work}. */
  start(): Promise<void>;
  /**
   * Sends a job. The same job that already waits is not doubled; where it waits for a later time, it goes at the earlier one.
   * @param tx sends it together with the rows written there, or not at all; it runs after they are there, also where it waited before.
   */
  send<N extends JobName>(name: N, data: Jobs[N], options?: SendOptions, tx?: Queryable): Promise<void>;
  /**
   * Sends many at once.
   * @param hastenFrom of those that already wait for a time further ahead than so many milliseconds, brings the time forward to now;
   *   without it their time stays.
   */
  sendMany<N extends JobName>(
    name: N,
    jobs: readonly JobToSend<N>[],
    tx?: Queryable,
    hastenFrom?: number,
  ): Promise<void>;
  /** Brings every waiting job of a kind forward to now that waits for a time further ahead than so many milliseconds. */
  pullBack(name: JobName, furtherMs: number): Promise<void>;
  /**
   * Registers the handler of a kind of job.
   * @param concurrency how many of them this process does at a time.
   */
  work<N extends JobName>(name: N, concurrency: number, handler: JobHandler<N>): Promise<void>;
  /** How many jobs wait and run, of all processes. */
  depths(): Promise<Readonly<Record<JobName, QueueDepth>>>;
  /**
   * Takes no more jobs and waits for those that run.
   * @param graceMs after this many milliseconds their signals abort. Default 20 seconds.
   */
  stop(graceMs?: number): Promise<void>;
}
