/** Where a page lies in a list, with cursors to its neighbours. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly current: string;
  readonly next?: string;
  readonly previous?: string;
  readonly total: number;
}

/**
 * One page of a list. A cursor names the first item of its page by `keyOf` (a number that never changes for an item), so
 * items that come or go meanwhile neither repeat nor hide others.
 * @param list name of the list: a cursor of another list is not taken
 * @param items the whole list, its keys rising, or falling where `falling` says so
 * @returns undefined where the cursor is not one of this list
 */
export function pageOf<Item>(
  list: string,
  items: readonly Item[],
  keyOf: (item: Item, position: number) => number,
  asked: { readonly cursor?: string | undefined; readonly count: number; readonly falling?: boolean },
): Page<Item> | undefined {
  const { cursor, count, falling = false } = asked;
  let start = 0;
  if (cursor !== undefined) {
    const key = openCursor(list, cursor);
    if (key === undefined) return undefined;
    start = items.findIndex((item, position) =>
      falling ? keyOf(item, position) <= key : keyOf(item, position) >= key,
    );
    if (start < 0) start = items.length;
  }
  const keyAt = (position: number): string | undefined => {
    const item = items[position];
    return item === undefined ? undefined : sealCursor(list, keyOf(item, position));
  };
  const next = keyAt(start + count);
  const previous = start > 0 ? keyAt(Math.max(0, start - count)) : undefined;
  return {
    items: items.slice(start, start + count),
    current: keyAt(start) ?? cursor ?? sealCursor(list, 0),
    ...(next === undefined ? {} : { next }),
    ...(previous === undefined ? {} : { previous }),
    total: items.length,
  };
}

/** Cursors look opaque and hold characters that must be percent-encoded in a query, as the vendor's do. */
function sealCursor(list: string, key: number): string {
  const text = `${list}?${key}`;
  return Buffer.from(text.padEnd(text.length + ((4 - (text.length % 3)) % 3), '>')).toString('base64');
}

function openCursor(list: string, cursor: string): number | undefined {
  const [name, key] = Buffer.from(cursor, 'base64').toString('utf8').split('?');
  const digits = /^(\d+)>*$/.exec(key ?? '')?.[1];
  return name === list && digits !== undefined ? Number(digits) : undefined;
}
