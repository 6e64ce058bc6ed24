import type { Command } from 'commander';
import type { PurgeReport } from '../../retention/retention.js';
import { hostCommand, runs, wholeNumber } from '../shared.js';

interface Flags {
  readonly dryRun?: boolean;
  readonly retentionDays?: number;
  readonly longestRetentionDays?: number;
}

/** `connector-host purge`: takes the identifiers out of requests that were settled long enough ago. */
export function purgeCommand(): Command {
  return hostCommand('purge', 'purge the identifiers of people whose requests are settled for long enough')
    .option('--dry-run', 'only say how many people that would be')
    .option(
      '--retention-days <number>',
      'keep them for so many days, instead of what the host was started with',
      wholeNumber(0, 36_500),
    )
    .option(
      '--longest-retention-days <number>',
      'the same, for requests that are concluded and not settled',
      wholeNumber(0, 36_500),
    )
    .action(
      runs(async (client, output, { dryRun = false, retentionDays, longestRetentionDays }: Flags) => {
        const report = await client.post<PurgeReport>('/api/v1/purge', {
          dryRun,
          retentionDays,
          longestRetentionDays,
        });
        const { settledBefore, concludedBefore } = report;
        const which = `of requests settled before ${settledBefore}, or concluded before ${concludedBefore} and not settled`;
        output.result(report, () =>
          report.dryRun
            ? `${report.purged} people would be purged, ${which}.`
            : `${report.purged} people were purged, ${which}.`,
        );
        return undefined;
      }),
    );
}
