import { type Command, Option } from 'commander';
import type { LeftoverGroup } from '../../reading/leftover-groups.js';
import { leftoverCodes } from '../../requests/leftover-codes.js';
import { leftoverStates } from '../../requests/states.js';
import { peopleText } from '../confirm.js';
import type { Output } from '../output.js';
import { group, hostCommand, runs } from '../shared.js';
import { connectionNames } from './connections.js';

/** `connector-host leftovers`: what deletions did not do, and how that ends. */
export function leftoversCommand(): Command {
  return group('leftovers', 'list what deletions left over, and end it where it is done or not needed')
    .addCommand(listCommand())
    .addCommand(closeCommand());
}

function listCommand(): Command {
  return hostCommand('list', 'what is left over and open, with the people it is about')
    .option('--connection <id>', 'only at this connection')
    .action(
      runs(async (client, output, { connection }: { readonly connection?: string }) => {
        const query = connection === undefined ? '' : `?${new URLSearchParams({ connection })}`;
        const found = await client.get<{ items: readonly LeftoverGroup[] }>(`/api/v1/leftovers${query}`);
        const names = await connectionNames(client);
        output.result(found, () => groupsText(found.items, names, output));
        return undefined;
      }),
    );
}

/** Some lines for each: the commands that end it need its key and its code to the letter. */
function groupsText(groups: readonly LeftoverGroup[], names: ReadonlyMap<string, string>, output: Output): string {
  if (groups.length === 0) return 'Nothing is left over.';
  return groups
    .flatMap(({ connection, system, name, code, people, since, treatment, reason }) => [
      `${[...new Set([name, names.get(connection) ?? connection])].join(', ')}: ${peopleText(people)} since ${since.slice(0, 10)}`,
      output.paragraph(reason),
      ...(treatment === undefined ? [] : [`  decided: ${treatment}`]),
      `  --code ${code} --connection ${connection}`,
      ...(system === undefined ? [] : [`  --system ${system}`]),
    ])
    .join('\n');
}

interface CloseFlags {
  readonly code: string;
  readonly connection?: string;
  readonly system?: string;
  readonly request?: string;
  readonly outcome: string;
  readonly reason: string;
}

function closeCommand(): Command {
  return hostCommand('close', 'end what is left over and fits a filter; the requests follow within moments')
    .addOption(
      new Option('--code <code>', 'why it was left over, as "leftovers list" shows it')
        .choices(Object.keys(leftoverCodes))
        .makeOptionMandatory(),
    )
    .option('--connection <id>', 'only at this connection')
    .option('--system <key>', 'only in this system')
    .option('--request <requestId>', 'only of this request; for NO_KNOWN_USER_ID')
    .addOption(
      new Option('--outcome <outcome>', 'how it ended')
        .choices(leftoverStates.filter((state) => state !== 'open'))
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why; names no person')
    .action(
      runs(async (client, output, { request: requestId, ...filter }: CloseFlags) => {
        const { code, connection, system, outcome, reason } = filter;
        const body = { code, connection, system, requestId, outcome, reason };
        const done = await client.post<{ closed: number }>('/api/v1/requests/leftovers/close', body);
        const ended = done.closed === 1 ? '1 leftover is' : `${done.closed} leftovers are`;
        output.result(done, () => `${ended} ended: ${outcome}.`);
        return undefined;
      }),
    );
}
