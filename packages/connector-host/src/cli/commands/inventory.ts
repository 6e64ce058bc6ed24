/** The inventory of systems, as commands read it. */
import { given } from '../../given.js';
import type { SystemView } from '../../systems/views.js';
import type { HostClient } from '../client.js';

/** All systems that fit a filter of `GET /api/v1/systems`, however many pages that are. */
export async function allSystems(client: HostClient, filter: Readonly<Record<string, string>>): Promise<SystemView[]> {
  const systems: SystemView[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ ...filter, limit: '1000', ...given({ cursor }) });
    const page = await client.get<{ items: readonly SystemView[]; nextCursor?: string }>(`/api/v1/systems?${query}`);
    systems.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return systems;
}

const order = ['reached', 'forwarded', 'needs-setup', 'not-reached', 'unknown'];

/** Those that a deletion reaches first; then by name. */
export function byCoverage(systems: readonly SystemView[]): SystemView[] {
  return systems.toSorted(
    (a, b) => order.indexOf(a.coverage.state) - order.indexOf(b.coverage.state) || a.name.localeCompare(b.name),
  );
}
