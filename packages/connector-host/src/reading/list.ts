/** The list of requests: a page of it, how many there are, and how many in each state. */
import type { Identifier } from 'connector-contract';
import { and, asc, desc, eq, exists, inArray, type SQL, sql } from 'drizzle-orm';
import { maskIdentifiers, openIdentifiers } from '../requests/identifiers.js';
import type { Right } from '../requests/request-body.js';
import { notBegun, shownState } from '../requests/roll-up.js';
import { type RequestState, requestStates, type TaskState } from '../requests/states.js';
import { readTallies } from '../requests/tallies.js';
import { isSettled, type Timing, unsettledCondition } from '../requests/timing.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import {
  countedTo,
  countTo,
  mostCounted,
  type Page,
  type PageQuery,
  pageOf,
  placeOfCursor,
  type Total,
  usualPage,
} from '../store/page.js';
import { requests, tasks } from '../store/schema.js';
import { countOpenLeftovers } from './leftovers.js';
import { countStates } from './overview.js';
import { type RequestSummary, summaryView, type TaskView, taskView } from './views.js';

/** Which requests; every condition that is given must hold. */
export interface RequestFilter {
  readonly status?: RequestState;
  readonly right?: Right;
  /** Has a task at this connection. */
  readonly connection?: string;
  /** Has a task in this state (at that connection, where one is given). */
  readonly task?: TaskState;
  /** Is not settled, and so by the time that the law gives. */
  readonly timing?: Timing;
  /** A request id or its beginning; or, for those who may, a person's identifier, whole; case matters but in e-mail addresses. */
  readonly search?: string;
}

/** How the reader may see people. */
export interface Reader {
  /** Sees identifiers, and finds people by them. */
  readonly identify: boolean;
}

/** A page of requests, with counts by state under the same filter without its `status`. */
export type RequestPage = Page<RequestSummary> & { readonly counts: Readonly<Record<RequestState, number>> };

/** What reading requests stands on. */
export interface ReadParts {
  readonly db: Database;
  readonly people: PeopleKeys;
  /** Every kind of identifier that a search is tried as. */
  readonly kinds: ReadonlySet<string>;
  /** The name of each connector's vendor, by the connector's id. */
  readonly vendors: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const lastCharacter = String.fromCodePoint(0x10ffff);

function searchCondition(search: string, parts: ReadParts, reader: Reader): SQL | undefined {
  const byId = sql`(${requests.requestId} >= ${search} and ${requests.requestId} < ${search + lastCharacter})`;
  if (!reader.identify) return byId;
  const value = search.trim();
  const prints = [...parts.kinds].flatMap((kind) => [
    parts.people.fingerprint(kind, value),
    ...(kind === 'email' ? [parts.people.earlierFingerprint(kind, value)] : []),
  ]);
  // Found by both indexes before anything else: in the order of a list the server would look at one request after the other.
  return sql`${requests.id} = any(array(
    select id from ${requests} where ${byId} union select id from ${requests} where ${requests.fingerprints} && ${`{${prints.join(',')}}`}::bigint[]))`;
}

/** The conditions of a filter on `requests`; `status` apart, since counts by state leave it out. */
export function filterConditions(filter: RequestFilter, parts: ReadParts, reader: Reader): SQL | undefined {
  const { right, connection, task, timing, search } = filter;
  const ofTasks: SQL[] = [];
  if (connection !== undefined) ofTasks.push(eq(tasks.connection, connection));
  if (task !== undefined) ofTasks.push(eq(tasks.state, task));
  const { orm } = parts.db;
  return and(
    right === undefined ? undefined : eq(requests.right, right),
    timing === undefined ? undefined : unsettledCondition(timing, parts.now),
    ofTasks.length === 0
      ? undefined
      : exists(
          orm
            .select({ one: sql`1` })
            .from(tasks)
            .where(and(eq(tasks.request, requests.id), ...ofTasks)),
        ),
    search === undefined ? undefined : searchCondition(search, parts, reader),
  );
}

/** The condition on `requests` that one is shown in this state. */
export function statusCondition(status: RequestState | undefined): SQL | undefined {
  if (status === undefined) return undefined;
  if (status === 'pending') return and(eq(requests.state, 'processing'), notBegun);
  return and(eq(requests.state, status), status === 'processing' ? sql`not ${notBegun}` : undefined);
}

/** In which order requests are listed: `newest` first, or `due`: those that are not settled first, the most urgent of them first. */
export const sorts = ['newest', 'due'] as const;

/** One of {@link sorts}. */
export type Sort = (typeof sorts)[number];

type RequestRow = typeof requests.$inferSelect;

/** What an order needs: how the database sorts by it, where a page goes on, and what its cursor holds. */
interface Order {
  readonly by: readonly SQL[];
  after(cursor: string): SQL;
  placeOf(row: RequestRow): readonly number[];
}

const orders: Readonly<Record<Sort, Order>> = {
  newest: {
    by: [desc(requests.id)],
    after: (cursor) => sql`${requests.id} < ${placeOfCursor(cursor, 1)[0]}`,
    placeOf: ({ id }) => [id],
  },
  due: {
    by: [isSettled, asc(requests.dueAt), asc(requests.id)],
    after: (cursor) => {
      const [wasSettled, dueAt = 0, id] = placeOfCursor(cursor, 3);
      return sql`(${isSettled}, ${requests.dueAt}, ${requests.id}) > (${wasSettled === 1}, ${new Date(dueAt).toISOString()}::timestamptz, ${id}::bigint)`;
    },
    placeOf: ({ settledAt, dueAt, id }) => [settledAt === null ? 0 : 1, dueAt.getTime(), id],
  },
};

/** Opens or masks the identifiers of a row, whose key is prepared; none where they were purged. */
export function shownIdentifiers(
  row: { readonly requestId: string; readonly identifiers: Buffer | null },
  people: PeopleKeys,
  reader: Reader,
): Identifier[] {
  if (row.identifiers === null) return [];
  const opened = openIdentifiers(people, row.requestId, row.identifiers);
  return reader.identify ? opened : maskIdentifiers(opened);
}

/** Reads a page. */
export async function listRequests(
  filter: RequestFilter & PageQuery & { readonly sort?: Sort },
  parts: ReadParts,
  reader: Reader,
): Promise<RequestPage> {
  const { orm } = parts.db;
  const { limit = usualPage, cursor, status, sort = 'newest' } = filter;
  const order = orders[sort];
  const conditions = filterConditions(filter, parts, reader);
  const { counts, ...total } = await countByState(filter, conditions, parts);
  const rows = await orm
    .select()
    .from(requests)
    .where(and(conditions, statusCondition(status), cursor === undefined ? undefined : order.after(cursor)))
    .orderBy(...order.by)
    .limit(limit + 1);
  const byRequest = await tasksOf(
    parts,
    rows.slice(0, limit).map(({ id }) => id),
  );
  const ofPage = [...byRequest.values()].flat();
  const left = await countOpenLeftovers(
    orm,
    ofPage.map(({ id }) => id),
  );
  await parts.people.prepare(rows.map(({ identifiers }) => identifiers));
  const view = (row: RequestRow) =>
    summaryView(
      row,
      byRequest.get(row.id) ?? [],
      shownIdentifiers(row, parts.people, reader),
      parts.now,
      left.get(row.id) ?? 0,
    );
  const page = pageOf(rows, limit, total, view, order.placeOf);
  return { ...page, counts };
}

/** How many there are in each state, and with the state that is asked for. */
type Counted = Total & Pick<RequestPage, 'counts'>;

/**
 * Requests under a filter by state, whatever `status` it has. What is kept is that of all requests and by their due time; under any other
 * filter they are counted, each state as far as lists count.
 */
async function countByState(
  { status, right, connection, task, timing, search }: RequestFilter,
  conditions: SQL | undefined,
  { db, now }: ReadParts,
): Promise<Counted> {
  const all = (counts: RequestPage['counts']) => Object.values(counts).reduce((sum, one) => sum + one, 0);
  if ([right, connection, task, search].every((one) => one === undefined)) {
    const tallies = await readTallies(db, { now, days: [], since: new Date(now).toISOString() });
    const counts = await countStates(db, tallies, timing && { timing, now });
    return { counts, total: status === undefined ? all(counts) : counts[status] };
  }
  const where = conditions ?? sql`true`;
  const { rows } = await db.orm.execute<{ state: RequestState; count: number }>(sql`
    select state, count(*)::int as count
    from (select ${shownState} as state from ${requests} where ${where} limit ${mostCounted + 1}) as counted group by 1`);
  const few = Object.fromEntries(
    requestStates.map((state) => [state, rows.find((row) => row.state === state)?.count ?? 0]),
  ) as RequestPage['counts'];
  if (all(few) <= mostCounted) return { counts: few, total: status === undefined ? all(few) : few[status] };
  const each = requestStates.map(
    (state) =>
      sql`${countTo(sql`from ${requests} where ${and(where, statusCondition(state))}`)} as ${sql.identifier(state)}`,
  );
  const many = await db.orm.execute<Record<RequestState, number>>(sql`select ${sql.join(each, sql`, `)}`);
  const counts = many.rows[0] ?? few;
  const total = status === undefined ? mostCounted + 1 : counts[status];
  return { counts, total, ...countedTo(total, ...Object.values(counts)) };
}

async function tasksOf(parts: ReadParts, ids: readonly number[]): Promise<Map<number, TaskView[]>> {
  const found = new Map<number, TaskView[]>();
  if (ids.length === 0) return found;
  const rows = await parts.db.orm
    .select()
    .from(tasks)
    .where(inArray(tasks.request, [...ids]))
    .orderBy(asc(tasks.id));
  for (const row of rows) {
    const list = found.get(row.request) ?? [];
    list.push(taskView(row, parts.now));
    found.set(row.request, list);
  }
  return found;
}
