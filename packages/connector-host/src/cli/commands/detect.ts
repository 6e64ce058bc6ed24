import type { Command } from 'commander';
import type { SystemSummary } from '../../systems/summary.js';
import type { DetectionView, SystemView } from '../../systems/views.js';
import type { HostClient } from '../client.js';
import { CliError, ExitCode } from '../exit.js';
import type { Output } from '../output.js';
import { hostCommand, runs } from '../shared.js';

/** `connector-host detect`: looks through a connection for systems, then lists them with their deletion coverage. */
export function detectCommand(): Command {
  return hostCommand('detect', 'find the systems behind a connection, and say which of them a deletion reaches')
    .argument('<connection>', 'id of the connection')
    .action(
      runs(async (client, output, connection: string) => {
        const detection = await client.post<DetectionView>(
          `/api/v1/connections/${encodeURIComponent(connection)}/detections`,
          {},
        );
        if (detection.state === 'failed') {
          throw new CliError(
            detection.error?.message ?? 'The detection failed.',
            ExitCode.failure,
            detection.error?.remedy,
            detection,
          );
        }
        const systems = await allSystems(client, connection);
        const query = new URLSearchParams({ connection });
        const summary = await client.get<SystemSummary>(`/api/v1/systems/summary?${query}`);
        output.result({ detection, systems, summary }, () => systemsText(systems, summary, output));
        return undefined;
      }),
    );
}

async function allSystems(client: HostClient, connection: string): Promise<SystemView[]> {
  const systems: SystemView[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({
      connection,
      state: 'active',
      limit: '1000',
      ...(cursor === undefined ? {} : { cursor }),
    });
    const page = await client.get<{ items: readonly SystemView[]; nextCursor?: string }>(`/api/v1/systems?${query}`);
    systems.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return systems;
}

function systemsText(systems: readonly SystemView[], summary: SystemSummary, output: Output): string {
  const order = ['reached', 'forwarded', 'needs-setup', 'not-reached', 'unknown'];
  const sorted = systems.toSorted(
    (a, b) => order.indexOf(a.coverage.state) - order.indexOf(b.coverage.state) || a.name.localeCompare(b.name),
  );
  const rows = sorted.map(({ name, kind, coverage }) => [name, kind, coverage.state, coverage.reason]);
  const { reached, total, needYou, unknown } = summary;
  const notKnown = unknown === 0 ? '' : `, ${unknown} ${unknown === 1 ? 'is' : 'are'} not known`;
  return [
    output.table(['system', 'kind', 'a deletion', 'why'], rows),
    `A deletion reaches ${reached} of ${total} systems; ${needYou} need you${notKnown}.`,
  ].join('\n');
}
