/** How the host is set. */
import { useQuery } from '@tanstack/react-query';
import { host } from './client.js';
import type { Settings } from './model.js';

/** The settings that matter to who hands in requests; they change only when the host is started anew. */
export function useSettings() {
  return useQuery({
    queryKey: ['settings'],
    queryFn: ({ signal }) => host.get<Settings>('/settings', signal),
    staleTime: 300_000,
  });
}
