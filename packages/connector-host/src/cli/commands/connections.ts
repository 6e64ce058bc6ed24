import type { Command } from 'commander';
import type { ConnectionView } from '../../connections/view.js';
import { hostCommand, runs } from '../shared.js';

/** `connector-host connections`: the connections and how they are. */
export function connectionsCommand(): Command {
  return hostCommand('connections', 'list the connections and how they are').action(
    runs(async (client, output) => {
      const page = await client.get<{ items: readonly ConnectionView[] }>('/api/v1/connections');
      const rows = page.items.map(({ id, name, connector, state, check }) => [
        id,
        name,
        connector,
        state,
        check?.status ?? '',
      ]);
      output.result(page, () => output.table(['id', 'name', 'connector', 'state', 'last check'], rows));
      return undefined;
    }),
  );
}
