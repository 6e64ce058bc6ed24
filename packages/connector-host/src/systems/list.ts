/** The inventory as it is shown: a page of it, and the numbers above it. */
import type { CoverageState, DetectedSystem } from 'connector-contract';
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { filled } from '../given.js';
import { HostProblem } from '../problem.js';
import { leaves } from '../requests/leftover-codes.js';
import { askedFor, type Treatment, type TreatmentKind } from '../requests/treatment.js';
import type { Database } from '../store/database.js';
import { type Page, type PageQuery, usualPage } from '../store/page.js';
import { systems } from '../store/schema.js';
import { newSince } from './detections.js';
import type { SystemState, SystemView } from './views.js';

export type { SystemState, SystemView };

/** Which systems; every condition that is given must hold. */
export interface SystemFilter extends PageQuery {
  readonly connection?: string;
  readonly kind?: DetectedSystem['kind'];
  readonly coverage?: CoverageState;
  readonly state?: SystemState;
  /** A kind of treatment, or `undecided`: not reached or not known to be, and nobody decided about it, or it is to be looked at again. */
  readonly treatment?: TreatmentKind | 'undecided';
  readonly change?: NonNullable<SystemView['change']>;
  /** A part of its name, its vendor's or one of its categories, whatever the case. */
  readonly search?: string;
}

const name = sql<string>`lower(${systems.system} ->> 'name')`;

// The last complete detection of each connection, and whether it was the very first.
const latest = sql`(
  select c.*, ${newSince(sql`c.connection`, sql`c.id`)} as new_since from (
    select distinct on (connection) connection, id, count(*) over (partition by connection) = 1 as very_first
      from connector_host.detections where state = 'complete' order by connection, id desc) c) latest`;

const state = sql<SystemState>`case when ${systems.archived} then 'archived' else ${systems.state} end`;

const change = sql<SystemView['change'] | null>`case
  when ${systems.state} = 'gone' and ${systems.changes} <> '{}' then 'gone'
  when latest.very_first is not false then null
  when ${systems.firstSeen} >= latest.new_since then 'new'
  when ${systems.lastDetection} >= latest.id and ${systems.changes} <> '{}' then 'changed' end`;

/** A page of systems, by name. Throws `CURSOR_INVALID`. */
export async function listSystems(db: Database, filter: SystemFilter): Promise<Page<SystemView>> {
  const limit = filter.limit ?? usualPage;
  const where = conditions(filter);
  const after = filter.cursor === undefined ? undefined : afterCursor(filter.cursor);
  const rows = await select(db, and(where, after), limit + 1);
  const [counted] = await db.orm
    .select({ total: sql<number>`count(*)::int` })
    .from(systems)
    .leftJoin(latest, sql`latest.connection = ${systems.connection}`)
    .where(where);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ view }) => view),
    ...(rows.length > limit && last !== undefined ? { nextCursor: cursorOf(last) } : {}),
    total: counted?.total ?? 0,
  };
}

/** One system; `undefined` where there is none. */
export async function systemView(db: Database, connection: string, key: string): Promise<SystemView | undefined> {
  const [row] = await select(db, and(conditions({ connection }), eq(systems.key, key)), 1);
  return row?.view;
}

/** The condition on `systems` and `latest`; systems of removed connections never count. */
function conditions(filter: SystemFilter): SQL | undefined {
  const { connection, kind, coverage, search } = filter;
  const pattern = search === undefined ? undefined : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  return and(
    sql`exists (select from connector_host.connections c where c.id = ${systems.connection} and c.state <> 'removed')`,
    connection === undefined ? undefined : eq(systems.connection, connection),
    kind === undefined ? undefined : sql`${systems.system} ->> 'kind' = ${kind}`,
    coverage === undefined ? undefined : eq(systems.coverageState, coverage),
    filter.state === undefined ? undefined : sql`${state} = ${filter.state}`,
    filter.treatment === undefined ? undefined : treatedSo(filter.treatment),
    filter.change === undefined ? undefined : sql`${change} = ${filter.change}`,
    pattern === undefined
      ? undefined
      : sql`(${systems.system} ->> 'name' ilike ${pattern} or ${systems.system} -> 'vendor' ->> 'name' ilike ${pattern}
          or ${systems.system} ->> 'categories' ilike ${pattern})`,
  );
}

function treatedSo(treatment: TreatmentKind | 'undecided'): SQL {
  return treatment === 'undecided'
    ? sql`${askedFor(sql`${systems.treatment}`)} and ${leaves(systems)}`
    : sql`${systems.treatment} ->> 'kind' = ${treatment}`;
}

interface Found {
  readonly name: string;
  readonly view: SystemView;
}

async function select(db: Database, where: SQL | undefined, limit: number): Promise<Found[]> {
  const rows = await db.orm
    .select({
      row: systems,
      name,
      state: state.as('shown_state'),
      change: change.as('change'),
    })
    .from(systems)
    .leftJoin(latest, sql`latest.connection = ${systems.connection}`)
    .where(where)
    .orderBy(asc(name), asc(systems.connection), asc(systems.key))
    .limit(limit);
  return rows.map(({ row, name: sortName, state: shown, change: found }) => ({
    name: sortName,
    view: {
      ...(row.system as DetectedSystem),
      connection: row.connection,
      firstSeen: row.firstSeen.toISOString(),
      lastSeen: row.lastSeen.toISOString(),
      state: shown,
      ...filled({
        treatment: row.treatment as Treatment | null,
        archiving: row.archiving as NonNullable<SystemView['archiving']> | null,
      }),
      ...(found === null || found === undefined ? {} : { change: found }),
      changes: found === 'changed' ? row.changes : [],
    },
  }));
}

function cursorOf({ name: sortName, view }: Found): string {
  return Buffer.from(JSON.stringify([sortName, view.connection, view.key])).toString('base64url');
}

function afterCursor(cursor: string): SQL {
  const parts = partsOf(cursor);
  if (parts === undefined) {
    throw new HostProblem('CURSOR_INVALID', 'This cursor was not given by this list.', {
      remedy: 'Start again without a cursor.',
    });
  }
  const [sortName, connection, key] = parts;
  return sql`(${name}, ${systems.connection}, ${systems.key}) > (${sortName}, ${connection}, ${key})`;
}

function partsOf(cursor: string): readonly [string, string, string] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const sound =
      Array.isArray(parts) &&
      parts.length === 3 &&
      parts.every((part) => typeof part === 'string' && !part.includes('\0'));
    return sound ? (parts as unknown as readonly [string, string, string]) : undefined;
  } catch {
    return undefined;
  }
}
