import type { Command } from 'commander';
import type { CheckReport } from 'connector-contract';
import { ExitCode } from '../exit.js';
import { hostCommand, runs } from '../shared.js';
import { checkText } from './check-report.js';

/** `connector-host check`: asks the vendor again whether a connection works. */
export function checkCommand(): Command {
  return hostCommand('check', 'check a connection and each of its permissions; changes nothing at the vendor')
    .argument('<connection>', 'id of the connection')
    .action(
      runs(async (client, output, connection: string) => {
        const report = await client.post<CheckReport>(
          `/api/v1/connections/${encodeURIComponent(connection)}/check`,
          {},
        );
        output.result(report, () => checkText(report, output));
        return report.status === 'blocked' ? ExitCode.refused : ExitCode.ok;
      }),
    );
}
