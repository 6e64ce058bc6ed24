import type { Command } from 'commander';
import type { ConnectorListing } from '../../plugins/registry.js';
import { hostCommand, runs } from '../shared.js';
import { doctorCommand } from './doctor.js';
import { lockCommand } from './lock.js';

/** `connector-host connectors`: which connectors are installed, and why others were refused. */
export function connectorsCommand(): Command {
  const command = hostCommand('connectors', 'list the installed connectors, and why others were refused');
  command.addCommand(doctorCommand());
  command.addCommand(lockCommand());
  return command.action(
    runs(async (client, output) => {
      const { items } = await client.get<{ items: readonly ConnectorListing[] }>('/api/v1/connectors');
      output.result(items, () =>
        output.table(
          ['connector', 'version', 'state', 'what it does, or why it was refused'],
          items.map((each) => [each.id, each.version ?? '', each.state, about(each)]),
        ),
      );
      return undefined;
    }),
  );
}

function about({ manifest, code, reason, remedy }: ConnectorListing): string {
  if (code !== undefined) return [code, reason, remedy].filter(Boolean).join('. ');
  return manifest === undefined ? '' : `${manifest.displayName}: ${manifest.summary}`;
}
