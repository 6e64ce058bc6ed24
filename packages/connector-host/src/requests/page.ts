import { HostProblem } from '../problem.js';

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Give it back to get the next page; absent on the last. */
  readonly nextCursor?: string;
  /** How many there are on all pages. */
  readonly total: number;
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
  total: number,
  view: (row: Row) => T,
  placeOf: (row: Row) => readonly number[] = ({ id }) => [id],
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(view),
    ...(rows.length > limit && last !== undefined ? { nextCursor: cursorAfter(...placeOf(last)) } : {}),
    total,
  };
}
