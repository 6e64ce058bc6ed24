import { sql } from 'drizzle-orm';
import type { Engine } from '../engine/engine.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import type { Database } from '../store/database.js';
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
    () => 'failed',
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** A server that only reads, such as a standby, accepts nothing. */
async function writable(db: Database): Promise<string | undefined> {
  const { rows } = await db.orm.execute(
    sql`select pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as closed`,
  );
  return rows[0]?.['closed'] === false ? undefined : 'takes no writes';
}

/**
 * Asks the parts whether they can do their work. Connectors are loaded before anything is served; that some, or even all, cannot be
 * used is told, and keeps nobody from signing in and seeing why.
 */
export async function readinessOf(parts: {
  readonly db: Database;
  readonly engine: Engine;
  readonly registry: Pick<ConnectorRegistry, 'list'>;
}): Promise<Readiness> {
  const [database, engine] = await Promise.all([
    tried(() => writable(parts.db)),
    tried(() => parts.engine.depths().then(() => undefined)),
  ]);
  const usable = parts.registry.list().some(({ state }) => state === 'ready');
  const plugins = usable ? 'ok' : 'none can be used';
  return { ready: database === 'ok' && engine === 'ok', checks: { database, engine, plugins } };
}
