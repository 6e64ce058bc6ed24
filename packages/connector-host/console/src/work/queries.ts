/** What is asked about work for people. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { host, query } from '../api/client.js';
import type { WorkCounts, WorkDetail, WorkItem, WorkPage } from '../api/model.js';
import { grouped } from './grouped.js';

/** Which work is shown. */
export type WorkShown = 'mine' | 'all' | 'overdue' | 'ended';

/** Path of a piece of work, in the API and in the console. */
export const workPath = (id: number): string => `/work/${id}`;

/** How much is open, overdue, and one's own. */
export function useWorkCounts() {
  return useQuery({
    queryKey: ['work', 'counts'],
    queryFn: ({ signal }) => host.get<WorkCounts>('/work/counts', signal),
  });
}

const parts: Readonly<Record<WorkShown, Readonly<Record<string, string>>>> = {
  mine: { state: 'open', owner: 'me' },
  all: { state: 'open' },
  overdue: { state: 'open', due: 'overdue' },
  ended: { state: 'ended' },
};

/** A list of work, page by page. */
export function useWork(shown: WorkShown, kind: string) {
  return useInfiniteQuery({
    queryKey: ['work', 'list', shown, kind],
    queryFn: ({ pageParam: cursor, signal }) =>
      host.get<WorkPage>(`/work${query({ ...parts[shown], kind, cursor, limit: 200 })}`, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** One piece of work with its history. */
export function useWorkDetail(id: string) {
  return useQuery({
    queryKey: ['work', 'item', id],
    queryFn: ({ signal }) => host.get<WorkDetail>(`/work/${encodeURIComponent(id)}`, signal),
  });
}

/** Kinds of work that are about a system. */
const aboutSystems = ['erase-elsewhere', 'decide-system'] as const satisfies readonly WorkItem['kind'][];

const none: ReadonlyMap<string, readonly WorkItem[]> = new Map();

/** The open work in a connection's systems, by the key of the system. */
export function useOpenWork(connection: string): ReadonlyMap<string, readonly WorkItem[]> {
  const { data } = useQuery({
    queryKey: ['work', 'systems', connection],
    enabled: connection !== '',
    queryFn: async ({ signal }) => {
      const found = await Promise.all(aboutSystems.map((kind) => openOf(connection, kind, signal)));
      return grouped(found.flat(), ({ system = '' }) => system);
    },
  });
  return data ?? none;
}

async function openOf(connection: string, kind: WorkItem['kind'], signal: AbortSignal): Promise<WorkItem[]> {
  const items: WorkItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await host.get<WorkPage>(
      `/work${query({ connection, kind, state: 'open', limit: 1000, cursor })}`,
      signal,
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return items;
}
