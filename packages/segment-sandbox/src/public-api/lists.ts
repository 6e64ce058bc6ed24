import type { Call } from '../call.js';
import type { Page } from '../paging.js';
import { pageOf } from '../paging.js';
import { invalid } from './errors.js';

const MAX_COUNT = 1_000;
/** Some operations give no more than 200 a page, however many are asked for. Which ones is not published. */
const CAPPED = 200;
const DEFAULT_COUNT = 200;

/** How a list is paged. */
export interface ListRule<Item> {
  /** What the cursors of this list are of. */
  readonly list: string;
  readonly items: readonly Item[];
  /** A rising number for each item; its position where it is left out. */
  readonly keyOf?: (item: Item, position: number) => number;
  readonly falling?: boolean;
  readonly capped?: boolean;
}

/** The page a call asks for. @throws PublicApiError 422 where count or cursor is not valid */
export function pageFor<Item>(call: Call, rule: ListRule<Item>): Page<Item> {
  const countText = call.query.first('pagination.count');
  const count = countText === undefined ? DEFAULT_COUNT : Number(countText);
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT)
    throw invalid('pagination.count', `pagination.count must be a whole number from 1 to ${MAX_COUNT}`);
  const page = pageOf(rule.list, rule.items, rule.keyOf ?? ((_item, position) => position), {
    cursor: call.query.first('pagination.cursor'),
    count: rule.capped ? Math.min(count, CAPPED) : count,
    falling: rule.falling ?? false,
  });
  if (!page) throw invalid('pagination.cursor', 'pagination.cursor is not a cursor of this list');
  return page;
}

/** `pagination` of an answer. At the end `next` is null on some operations and absent on others. */
export function paginationOf(page: Page<unknown>, atEnd: 'null' | 'absent'): Record<string, unknown> {
  const { current, next, previous, total } = page;
  return {
    current,
    ...(next === undefined && atEnd === 'absent' ? {} : { next: next ?? null }),
    ...(previous === undefined ? {} : { previous }),
    totalEntries: total,
  };
}
