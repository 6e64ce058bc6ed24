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

type HeadlineFigures = Pick<SystemSummary, 'reached' | 'total' | 'needYou' | 'unknown'>;

function systemsText(systems: readonly SystemView[], summary: SystemSummary, output: Output): string {
  const rows = byCoverage(systems).map(({ name, kind, coverage }) => [name, kind, coverage.state, coverage.reason]);
  return [output.table(['system', 'kind', 'a deletion', 'why'], rows), headline(summary)].join('\n');
}

/** How many systems a deletion reaches, and what becomes of the others: together they are all. */
export function headline({ reached, total, needYou, unknown }: HeadlineFigures): string {
  const some = (count: number, one: string, many: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  const others = [
    `${needYou} ${needYou === 1 ? 'needs' : 'need'} you`,
    ...some(unknown, 'is not known', 'are not known'),
    ...some(total - reached - needYou - unknown, 'is decided about', 'are decided about'),
  ];
  return `A deletion reaches ${reached} of ${total} ${total === 1 ? 'system' : 'systems'}; ${others.join(', ')}.`;
}
