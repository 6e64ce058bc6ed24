import { type SQL, sql, type Table } from 'drizzle-orm';
import { HostProblem } from '../problem.js';
import type { Queryable } from './database.js';

/** How many there are of something. */
export interface Total {
  readonly total: number;
  /** Present where more are there than were counted: a number above it says only that. */
  readonly countedTo?: number;
}

/** One page of a list, with how many there are on all pages. */
export interface Page<T> extends Total {
  readonly items: readonly T[];
  /** Give it back to get the next page; absent on the last. */
  readonly nextCursor?: string;
}

/** Where a page begins and how long it is. */
export interface PageQuery {
  /** From an earlier page of the same list and filter. */
  readonly cursor?: string;
  /** 1 to {@link longestPage}; {@link usualPage} by default. */
  readonly limit?: number;
}

/** Most items of a page. */
export const longestPage = 1_000;

/** Items of a page where nothing is said. */
export const usualPage = 50;

/** How far a list counts what it would have to look at one by one: to count everything takes longer the more there is. */
export const mostCounted = 10_000;

/** How many rows there are, one more than {@link mostCounted} at most. @param rows what follows a `select` of nothing: `from ... where ...`. */
export function countTo(rows: SQL): SQL<number> {
  return sql<number>`(select count(*)::int from (select ${rows} limit ${mostCounted + 1}) as counted)`;
}

/** How many rows of a table there are under a condition. */
export async function totalOf(db: Queryable, table: Table, where: SQL | undefined): Promise<Total> {
  const { rows } = await db.execute<{ total: number }>(
    sql`select ${countTo(sql`from ${table} where ${where ?? sql`true`}`)} as total`,
  );
  const total = rows[0]?.total ?? 0;
  return { total, ...countedTo(total) };
}

/** What was counted by {@link countTo}, where one of these numbers says only that there are more. */
export function countedTo(...counts: readonly number[]): Pick<Total, 'countedTo'> {
  return counts.some((one) => one > mostCounted) ? { countedTo: mostCounted } : {};
}

/** The cursor of a list: the whole numbers by which its last row is ordered. */
export function cursorAfter(...place: readonly number[]): string {
  return Buffer.from(`after:${place.join(':')}`).toString('base64url');
}

/**
 * The numbers in a cursor.
 * @param length how many the list is ordered by.
 * @throws HostProblem CURSOR_INVALID
 */
export function placeOfCursor(cursor: string, length: number): number[] {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const place = /^after(:\d{1,15})+$/.test(text) ? text.split(':').slice(1).map(Number) : [];
  if (place.length !== length) {
    throw new HostProblem('CURSOR_INVALID', 'This cursor was not given by this list.', {
      remedy: 'Start again without a cursor.',
    });
  }
  return place;
}

/** The row id in the cursor of a list that is ordered by nothing else. Throws `CURSOR_INVALID`. */
export function idOfCursor(cursor: string): number {
  return placeOfCursor(cursor, 1)[0] ?? 0;
}

/**
 * Cuts a page out of rows that were read one further than its limit.
 * @param placeOf the numbers by which a row is ordered.
 */
export function pageOf<Row extends { readonly id: number }, T>(
  rows: readonly Row[],
  limit: number,
  total: Total,
  view: (row: Row) => T,
  placeOf: (row: Row) => readonly number[] = ({ id }) => [id],
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(view),
    ...(rows.length > limit && last !== undefined ? { nextCursor: cursorAfter(...placeOf(last)) } : {}),
    ...total,
  };
}
