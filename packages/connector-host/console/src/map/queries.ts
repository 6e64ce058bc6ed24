/** What the map asks. */
import { useQuery } from '@tanstack/react-query';
import { host, query } from '../api/client.js';
import type { Detection, Page, System, SystemSummary } from '../api/model.js';

/** Path of a system. */
export function pathOf({ connection, key }: Pick<System, 'connection' | 'key'>): string {
  return `/connections/${encodeURIComponent(connection)}/systems/${encodeURIComponent(key)}`;
}

/** All systems of a connection that are in one of these states; read page by page. */
export function useSystems(connection: string, states: readonly System['state'][]) {
  return useQuery({
    queryKey: ['systems', connection, ...states],
    enabled: connection !== '',
    queryFn: async ({ signal }) =>
      (await Promise.all(states.map((state) => systemsIn(connection, state, signal)))).flat(),
  });
}

async function systemsIn(connection: string, state: System['state'], signal: AbortSignal): Promise<System[]> {
  const systems: System[] = [];
  let cursor: string | undefined;
  do {
    const page = await host.get<Page<System>>(`/systems${query({ connection, state, limit: 1000, cursor })}`, signal);
    systems.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return systems;
}

/** The numbers of the headline, of one connection or of all. */
export function useSystemSummary(connection?: string) {
  return useQuery({
    queryKey: ['systems', 'summary', connection ?? ''],
    queryFn: ({ signal }) => host.get<SystemSummary>(`/systems/summary${query({ connection })}`, signal),
  });
}

/** The latest detections of a connection, newest first. */
export function useDetections(connection: string) {
  return useQuery({
    queryKey: ['detections', connection],
    enabled: connection !== '',
    queryFn: async ({ signal }) =>
      (await host.get<Page<Detection>>(`/connections/${encodeURIComponent(connection)}/detections`, signal)).items,
  });
}
