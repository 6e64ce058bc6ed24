/** What a detection writes: systems as they come, in batches, and what is new, changed or gone when it is complete. */
import type { Coverage, DetectedSystem } from 'connector-contract';
import { sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { newSince } from './detections.js';

/** A detection that is running. */
export interface RunningDetection {
  readonly id: number;
  readonly connection: string;
}

/** What a complete detection found. */
export interface DetectionCounts {
  readonly found: number;
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
}

const compared = ['name', 'kind', 'vendor', 'categories', 'enabled', 'seenIn', 'connectedTo', 'coverage', 'state'];

/**
 * Writes a batch of systems in one statement. The same system twice in one detection counts once, so that a detection may be run
 * again from its beginning. Whether a person archived it stays as it is. What changed since the last complete detection stays among the
 * changes: those that broke off between have overwritten what it saw, and were not the ones to tell. Nothing is written for a detection
 * that another process has ended meanwhile.
 */
export async function writeSystems(
  tx: Queryable,
  detection: RunningDetection,
  batch: readonly DetectedSystem[],
  at: Date,
): Promise<void> {
  const now = at.toISOString();
  await tx.execute(sql`
    insert into connector_host.systems as s
      (connection, key, system, coverage_state, first_seen, last_seen, last_detection, state, changes)
    select ${detection.connection}, e ->> 'key', e, e -> 'coverage' ->> 'state', ${now}::timestamptz, ${now}::timestamptz,
           ${detection.id}::bigint, 'active', '{}'
      from jsonb_array_elements(${JSON.stringify(batch.map(ordered))}::jsonb) e
     where exists (select from connector_host.detections d where d.id = ${detection.id} and d.state = 'running')
    on conflict (connection, key) do update set
      system = excluded.system, coverage_state = excluded.coverage_state, last_seen = excluded.last_seen,
      last_detection = excluded.last_detection, state = 'active',
      changes = case when s.last_detection = excluded.last_detection then s.changes else array(
        select f from unnest(${`{${compared.join(',')}}`}::text[]) f
         where case when f = 'state' then s.state = 'gone'
              when f = 'coverage' and s.state = 'gone' and s.system ->> 'kind' <> 'source' then false
              else s.system -> f is distinct from excluded.system -> f end
            or f = any(s.changes) and exists (
                 select from connector_host.detections d where d.id = s.last_detection and d.state <> 'complete'))
      end`);
}

/** Whether records of people went from the vendor to a system: a source has its own, and keeps them as it did. */
const wasFed = sql`system ->> 'kind' in ('destination', 'warehouse') and system -> 'unlisted' is null`;

/** What a deletion does where the vendor feeds nothing any more. */
const fedNoMore = {
  state: 'not-reached',
  reason: 'It is connected no longer, so no deletion is passed on to it. What it was fed before may still be there.',
} as const satisfies Omit<Coverage, 'source'>;

/**
 * Draws the line under a complete detection: what it did not see is gone. What it was fed before is not: until somebody decides about a
 * place that people's records went to, it is one that no deletion reaches. Only to be called when the connector named every system; an
 * inventory that broke off says nothing about what is missing, and a list that the vendor refused or does not have nothing about systems of
 * its kind.
 */
export async function closeInventory(tx: Queryable, detection: RunningDetection): Promise<DetectionCounts> {
  const { id, connection } = detection;
  await tx.execute(sql`
    update connector_host.systems set changes = '{}'
     where connection = ${connection} and last_detection <> ${id} and state = 'gone' and changes <> '{}'`);
  const { rowCount } = await tx.execute(sql`
    update connector_host.systems set state = 'gone', changes = array['state'],
       system = case when ${wasFed} then jsonb_set(system, '{coverage}', system -> 'coverage' || ${JSON.stringify(fedNoMore)}::jsonb) else system end,
       coverage_state = case when ${wasFed} then ${fedNoMore.state} else coverage_state end
     where connection = ${connection} and last_detection <> ${id} and state = 'active'
       and (system ->> 'unlisted' is not null or not exists (
         select from connector_host.systems u
          where u.connection = ${connection} and u.last_detection = ${id} and u.system ->> 'unlisted' is not null
            and u.system ->> 'kind' = connector_host.systems.system ->> 'kind'))`);
  const { rows } = await tx.execute(sql`
    select count(*)::int as found,
           count(*) filter (where first_seen >= since)::int as added,
           count(*) filter (where first_seen < since and cardinality(changes) > 0)::int as changed
      from connector_host.systems, (select ${newSince(sql`${connection}`, sql`${id}::bigint`)} as since) n
     where connection = ${connection} and last_detection = ${id}`);
  const [counts] = rows as { found: number; added: number; changed: number }[];
  return { found: counts?.found ?? 0, added: counts?.added ?? 0, changed: counts?.changed ?? 0, gone: rowCount ?? 0 };
}

/** Names of systems that a notice lists at the most. */
const MOST_NAMES = 10;

/**
 * What a complete detection saw for the first time and a deletion does not reach: how many systems, and the names of some. Nothing where
 * there is none.
 */
export async function newlyUnreached(
  tx: Queryable,
  { id, connection }: RunningDetection,
): Promise<{ readonly unreached?: number; readonly systems?: string }> {
  const { rows } = await tx.execute<{ unreached: number; names: string[] | null }>(sql`
    select count(*)::int as unreached, (array_agg(system ->> 'name' order by key))[1:${sql.raw(String(MOST_NAMES))}] as names
      from connector_host.systems
     where connection = ${connection} and last_detection = ${id} and treatment is null and not archived
       and first_seen >= ${newSince(sql`${connection}`, sql`${id}::bigint`)}
       and coverage_state in ('not-reached', 'needs-setup', 'unknown') and system ->> 'kind' in ('source', 'destination', 'warehouse')`);
  const { unreached = 0, names } = rows[0] ?? {};
  return unreached === 0 || names == null ? {} : { unreached, systems: namesOf(names, unreached) };
}

function namesOf(names: readonly string[], all: number): string {
  const shown = names.map((name) => (name.length > 60 ? `${name.slice(0, 59)}…` : name)).join(', ');
  return all > names.length ? `${shown} and ${all - names.length} more` : shown;
}

// Lists whose order means nothing are sorted: a vendor that answers in another order has changed nothing.
function ordered(system: DetectedSystem): DetectedSystem {
  return {
    ...system,
    categories: [...system.categories].sort(),
    seenIn: [...system.seenIn].sort(),
    connectedTo: [...system.connectedTo].sort(),
  };
}
