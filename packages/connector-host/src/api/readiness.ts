import type { HostClock } from '../clock.js';
import type { Engine } from '../engine/engine.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import type { Database } from '../store/database.js';
import { shortageText } from '../store/disk-full.js';
import type { Processes } from '../store/processes.js';
import { closedBy, type Standing, standingQuery } from '../store/session.js';
import { troubleProblem } from '../store/trouble.js';
import type { Readiness } from './parts.js';

/** How long a part may take to answer, in milliseconds. */
const patienceMs = 2_000;

/** @param work answers what is wrong, where something is. */
async function tried(work: () => Promise<string | undefined>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), patienceMs);
  });
  const answer = work().then(
    (trouble) => trouble ?? 'ok',
    (error: unknown) => troubleProblem(error)?.detail ?? 'failed',
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** A server that only reads, such as a standby, accepts nothing. */
async function writable(db: Database): Promise<string | undefined> {
  const { rows } = await db.pool.query<Standing>(standingQuery);
  return rows[0] ? closedBy(rows[0]) : 'no answer';
}

/** Without room on the disk nothing new is accepted. */
async function roomIn(db: Database): Promise<string | undefined> {
  const shortage = await db.shortage();
  return shortage && `DISK_FULL: ${shortageText(shortage)}`;
}

/**
 * Asks the parts whether they can do their work. What keeps other processes from theirs is told, and this one is ready all the same. Connectors are loaded before anything is served; that some, or even all, cannot be
 * used is told, and keeps nobody from signing in and seeing why.
 */
export async function readinessOf(parts: {
  readonly db: Database;
  readonly engine: Engine;
  readonly registry: Pick<ConnectorRegistry, 'list' | 'isolated'>;
  readonly clock?: Pick<HostClock, 'doubt'>;
  readonly processes?: Pick<Processes, 'doubtOfOthers'>;
}): Promise<Readiness> {
  const [database, disk, engine, clock, processes] = await Promise.all([
    tried(() => writable(parts.db)),
    tried(() => roomIn(parts.db)),
    tried(() => parts.engine.depths().then(() => undefined)),
    tried(async () => parts.clock?.doubt?.()),
    tried(async () => parts.processes?.doubtOfOthers()),
  ]);
  const usable = parts.registry.list().some(({ state }) => state === 'ready');
  const plugins = usable ? 'ok' : 'none can be used';
  const ready = [database, disk, engine, clock].every((check) => check === 'ok');
  return { ready, checks: { database, disk, engine, clock, processes, plugins }, ...parts.registry.isolated };
}
