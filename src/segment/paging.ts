import { SegmentFault, unreadable } from './errors.js';

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

/** Fetches the page at `cursor` (the first where absent) with at most `size` items. */
export type FetchPage<T> = (size: number, cursor: string | undefined) => Promise<Page<T>>;

/**
 * All items of a list, page after page as they are iterated. A page that is too large to take is asked for again in halves.
 * @throws SegmentFault `VENDOR_ANSWER_UNREADABLE` where a cursor comes a second time: the list would never end.
 */
export async function* allPages<T>(pageSize: number, fetchPage: FetchPage<T>): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>();
  let size = pageSize;
  let cursor: string | undefined;
  for (;;) {
    let page: Page<T>;
    try {
      page = await fetchPage(size, cursor);
    } catch (fault) {
      if (!(fault instanceof SegmentFault) || fault.answerTooLarge === undefined || size === 1) throw fault;
      size = Math.ceil(size / 2);
      continue;
    }
    yield* page.items;
    if (page.next === undefined || page.next === '') return;
    if (seen.has(page.next)) throw unreadable('the list leads back to a page that was read before');
    seen.add(page.next);
    cursor = page.next;
  }
}
