import type { Command } from 'commander';
import type { PurgeReport } from '../../retention/retention.js';
import { hostCommand, runs, wholeNumber } from '../shared.js';

/** `connector-host purge`: takes the identifiers out of requests that were concluded long enough ago. */
export function purgeCommand(): Command {
  return hostCommand('purge', 'purge the identifiers of people whose requests are concluded for long enough')
    .option('--dry-run', 'only tell how many people that would be')
    .option(
      '--retention-days <number>',
      'keep them for so many days, instead of what the host was started with',
      wholeNumber(0, 36_500),
    )
    .action(
      runs(async (client, output, { dryRun, retentionDays }: { dryRun?: boolean; retentionDays?: number }) => {
        const wish = { dryRun: dryRun === true, ...(retentionDays === undefined ? {} : { retentionDays }) };
        const report = await client.post<PurgeReport>('/api/v1/purge', wish);
        output.result(report, () =>
          report.dryRun
            ? `${report.purged} people would be purged, of requests concluded before ${report.concludedBefore}.`
            : `${report.purged} people were purged, of requests concluded before ${report.concludedBefore}.`,
        );
        return undefined;
      }),
    );
}
