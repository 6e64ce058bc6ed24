import type { Command } from 'commander';
import type { SystemSummary } from '../../systems/summary.js';
import type { DetectionView, SystemView } from '../../systems/views.js';
import { CliError, ExitCode } from '../exit.js';
import type { Output } from '../output.js';
import { hostCommand, runs } from '../shared.js';
import { allSystems, byCoverage } from './inventory.js';

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
        const systems = await allSystems(client, { connection, state: 'active' });
        const query = new URLSearchParams({ connection });
        const summary = await client.get<SystemSummary>(`/api/v1/systems/summary?${query}`);
        output.result({ detection, systems, summary }, () => systemsText(systems, summary, output));
        return undefined;
      }),
    );
}

function systemsText(systems: readonly SystemView[], summary: SystemSummary, output: Output): string {
  const rows = byCoverage(systems).map(({ name, kind, coverage }) => [name, kind, coverage.state, coverage.reason]);
  const { reached, total, needYou, unknown } = summary;
  const notKnown = unknown === 0 ? '' : `, ${unknown} ${unknown === 1 ? 'is' : 'are'} not known`;
  return [
    output.table(['system', 'kind', 'a deletion', 'why'], rows),
    `A deletion reaches ${reached} of ${total} systems; ${needYou} need you${notKnown}.`,
  ].join('\n');
}
