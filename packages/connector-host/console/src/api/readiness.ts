/** Whether the host can do its work, and what keeps connectors apart from it. */
import { useQuery } from '@tanstack/react-query';
import { readyPath } from '../base-path.js';

interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
  readonly isolation: 'wall' | 'fence' | 'none';
  /** Why there is no wall. */
  readonly reason?: string;
}

/** What the host says of itself, asked again each half a minute. */
export function useReadiness() {
  return useQuery({
    queryKey: ['readiness'],
    // It answers 503, with the reasons, where something is amiss; a host that does not answer is told of elsewhere.
    queryFn: async ({ signal }) => (await (await fetch(readyPath, { signal })).json()) as Readiness,
    refetchInterval: 30_000,
    retry: false,
  });
}
