/** What the list of requests asks. */
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { host } from '../api/client.js';
import type { RequestPage, RequestState, RequestSummary } from '../api/model.js';

/** Which requests; an empty text means any. */
export interface RequestFilter {
  readonly status: string;
  readonly right: string;
  readonly connection: string;
  readonly timing: string;
  /** By the law's time where empty and a timing is asked for, else the newest first. */
  readonly sort: string;
  readonly search: string;
}

/** The order in which requests are shown. */
export function sortOf({ sort, timing }: RequestFilter): 'newest' | 'due' {
  if (sort === 'newest' || sort === 'due') return sort;
  return timing === '' ? 'newest' : 'due';
}

/** The parts of a filter that say something, as the host takes them. */
export function given<Value>(filter: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ''));
}

/** Asks with the filter in the body: what is searched for may be a person, and addresses are kept by proxies and histories. */
function find(filter: Readonly<Record<string, string | number>>, signal: AbortSignal): Promise<RequestPage> {
  return host.post<RequestPage>('/requests/search', given(filter), signal);
}

/** Rows of one page. */
const pageSize = 250;

/** So many pages are read again by themselves when something changes; beyond that the reader is asked. */
const calmPages = 2;

/** Counts by state, always up to date. */
export function useCounts(filter: RequestFilter) {
  const { status: _, sort: _order, ...rest } = filter;
  return useQuery({
    queryKey: ['requests', 'counts', rest],
    queryFn: async ({ signal }) => {
      const { items: _, ...counted } = await find({ ...rest, limit: 1 }, signal);
      return counted;
    },
    placeholderData: keepPreviousData,
  });
}

/** The rows that were loaded so far, and how to get more. */
export interface Rows {
  readonly items: readonly RequestSummary[];
  readonly total: number;
  readonly countedTo: number | undefined;
  readonly pending: boolean;
  readonly error: Error | undefined;
  readonly moreToLoad: boolean;
  readonly loadingMore: boolean;
  /** More rows are loaded than are read again by themselves, and something changed. */
  readonly outdated: boolean;
  loadMore(): void;
  reload(): void;
}

/**
 * Reads page after page as the reader scrolls.
 * @param changed when the counts were last answered: the rows may have changed too.
 */
export function useRows(filter: RequestFilter, changed: number): Rows {
  const found = useInfiniteQuery({
    queryKey: ['request-rows', filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      find({ ...filter, sort: sortOf(filter), limit: pageSize, cursor: pageParam }, signal),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: 1_000,
  });
  const pages = found.data?.pages.length ?? 0;
  const [outdated, setOutdated] = useState(false);
  const { refetch } = found;
  const readAt = found.dataUpdatedAt;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change is a reason to read again.
  useEffect(() => {
    if (changed === 0 || readAt === 0 || changed - readAt < 500) return;
    if (pages <= calmPages) void refetch();
    else setOutdated(true);
  }, [changed]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are new rows.
  useEffect(() => setOutdated(false), [filter]);
  const items = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  return {
    items,
    total: found.data?.pages[0]?.total ?? 0,
    countedTo: found.data?.pages[0]?.countedTo,
    pending: found.isPending,
    error: found.error ?? undefined,
    moreToLoad: found.hasNextPage,
    loadingMore: found.isFetchingNextPage,
    outdated,
    loadMore: () => void found.fetchNextPage({ cancelRefetch: false }),
    reload: () => {
      setOutdated(false);
      void refetch();
    },
  };
}

/** The states in the order they are counted. */
export const countedStates: readonly RequestState[] = [
  'pending',
  'processing',
  'waiting_for_person',
  'left_over',
  'error',
  'complete_with_exceptions',
  'complete',
  'skipped',
  'cancelled',
];
