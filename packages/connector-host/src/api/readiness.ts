import { sql } from 'drizzle-orm';
import type { Engine } from '../engine/engine.js';
import type { Database } from '../store/database.js';
import type { Readiness } from './parts.js';

/** How long a part may take to answer, in milliseconds. */
const patienceMs = 2_000;

async function tried(work: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('no answer in time'), patienceMs);
  });
  const answer = work().then(
    () => 'ok',
    () => 'failed',
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Asks the parts whether they can do their work. Plugins are loaded before anything is served; a refused one does not stop the others. */
export async function readinessOf(parts: { readonly db: Database; readonly engine: Engine }): Promise<Readiness> {
  const [database, engine] = await Promise.all([
    tried(() => parts.db.orm.execute(sql`select 1`)),
    tried(() => parts.engine.depths()),
  ]);
  return { ready: database === 'ok' && engine === 'ok', checks: { database, engine, plugins: 'ok' } };
}
