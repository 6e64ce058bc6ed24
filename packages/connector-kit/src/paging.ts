import { ConnectorFault } from 'connector-contract';
import { VendorFault } from './fault.js';

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Opaque; absent on the last page. */
  readonly next?: string;
}

/** Fetches the page at `cursor` (the first where absent) with at most `size` items. */
export type FetchPage<T> = (size: number, cursor: string | undefined) => Promise<Page<T>>;

/**
 * The pages of a list, as they are iterated, from `start` on. A page that is too large to take is asked for again in halves.
 * @throws VendorFault `VENDOR_ANSWER_UNREADABLE` where a cursor comes a second time: the list would never end.
 */
export async function* pagesOf<T>(
  pageSize: number,
  fetchPage: FetchPage<T>,
  start?: string,
): AsyncGenerator<Page<T>, void, undefined> {
  const seen = new Set<string>();
  let size = pageSize;
  let cursor = start;
  for (;;) {
    let page: Page<T>;
    try {
      page = await fetchPage(size, cursor);
    } catch (fault) {
      if (!(fault instanceof VendorFault) || fault.answerTooLarge === undefined || size === 1) throw fault;
      size = Math.ceil(size / 2);
      continue;
    }
    yield page;
    if (page.next === undefined) return;
    if (seen.has(page.next)) {
      const message = 'A list of the vendor leads back to a page that was read before.';
      throw new VendorFault(ConnectorFault.of('VENDOR_ANSWER_UNREADABLE', message).toJSON());
    }
    seen.add(page.next);
    cursor = page.next;
  }
}

/** All items of a list, page after page as they are iterated; see {@link pagesOf}. */
export async function* allPages<T>(pageSize: number, fetchPage: FetchPage<T>): AsyncGenerator<T, void, undefined> {
  for await (const { items } of pagesOf(pageSize, fetchPage)) yield* items;
}
