import type { Command } from 'commander';
import type { ConnectionView } from '../../connections/view.js';
import type { HostClient } from '../client.js';
import { hostCommand, runs } from '../shared.js';
import { waitsFor } from './waits-for.js';

type Named = Pick<ConnectionView, 'id' | 'name'>;

/** The names of the connections by id, of those as well that were removed. */
export async function connectionNames(client: HostClient): Promise<ReadonlyMap<string, string>> {
  const removed = await client.get<{ items: readonly Named[] }>('/api/v1/connections/removed');
  const { items } = await client.get<{ items: readonly Named[] }>('/api/v1/connections');
  return new Map([
    ...removed.items.map(({ id, name }) => [id, `${name} (removed)`] as const),
    ...items.map(({ id, name }) => [id, name] as const),
  ]);
}

/** `connector-host connections`: the connections and how they are. */
export function connectionsCommand(): Command {
  return hostCommand('connections', 'list the connections and how they are').action(
    runs(async (client, output) => {
      const page = await client.get<{ items: readonly ConnectionView[] }>('/api/v1/connections');
      const rows = page.items.map((each) => [
        each.id,
        each.name,
        each.connector,
        each.state,
        each.check?.status ?? '',
        waitsFor(each),
      ]);
      output.result(page, () => output.table(['id', 'name', 'connector', 'state', 'last check', 'waits for'], rows));
      return undefined;
    }),
  );
}
