import { type Command, Option } from 'commander';
import { given } from '../../given.js';
import { type TreatmentKind, treatments } from '../../requests/treatment.js';
import type { SystemView } from '../../systems/views.js';
import { CliError, ExitCode } from '../exit.js';
import { group, hostCommand, runs, wholeNumber } from '../shared.js';
import { connectionNames } from './connections.js';
import { allSystems, byCoverage } from './inventory.js';

/** `connector-host systems`: the systems behind connections, and what is decided about them. */
export function systemsCommand(): Command {
  return group('systems', 'list the systems behind connections, and decide about those that a deletion does not reach')
    .addCommand(listCommand())
    .addCommand(treatCommand())
    .addCommand(archiveCommand())
    .addCommand(restoreCommand());
}

const systemPath = (connection: string, key: string) =>
  `/api/v1/connections/${encodeURIComponent(connection)}/systems/${encodeURIComponent(key)}`;

interface ListFlags {
  readonly connection?: string;
  readonly treatment?: string;
}

function listCommand(): Command {
  return hostCommand('list', 'the systems and the decisions')
    .option('--connection <id>', 'only those of this connection')
    .addOption(
      new Option('--treatment <kind>', 'only those treated so; undecided: not reached, and nobody decided').choices([
        ...treatments,
        'undecided',
      ]),
    )
    .action(
      runs(async (client, output, { connection, treatment }: ListFlags) => {
        const systems = await allSystems(client, {
          ...given({ connection, treatment }),
        });
        const names = await connectionNames(client);
        output.result({ items: systems, total: systems.length }, () => systemsText(systems, names));
        return undefined;
      }),
    );
}

/** Two lines for each: the commands that decide need its key to the letter. */
function systemsText(systems: readonly SystemView[], names: ReadonlyMap<string, string>): string {
  if (systems.length === 0) return 'No systems.';
  const connections = [...new Set(systems.map(({ connection }) => connection))];
  return connections
    .flatMap((connection) => [
      `${names.get(connection) ?? ''} (${connection})`,
      ...byCoverage(systems.filter((one) => one.connection === connection)).flatMap((one) => [
        `  ${one.name} (${one.kind}): ${[one.coverage.state, ...decisions(one)].join(', ')}`,
        `    ${one.key}`,
      ]),
    ])
    .join('\n');
}

/** What is decided about a system. */
function decisions({ state, treatment, coverage }: SystemView): string[] {
  const reached = coverage.state === 'reached' || coverage.state === 'forwarded';
  const kind = treatment?.kind ?? (reached ? undefined : 'undecided');
  const again = treatment?.askedAgainAt === undefined ? [] : ['look again'];
  return [...(state === 'active' ? [] : [state]), ...(kind === undefined ? [] : [kind]), ...again];
}

interface TreatFlags {
  readonly treatment?: TreatmentKind;
  readonly withdraw?: boolean;
  readonly reason?: string;
  readonly owner?: string;
  readonly instructions?: string;
  readonly days?: number;
  readonly coveredBy?: string;
  readonly lookAgainOn?: string;
}

function treatCommand(): Command {
  return hostCommand('treat', 'decide about a system')
    .argument('<connection>', 'id of the connection')
    .argument('<system>', 'key of the system, as "systems list" shows it')
    .addOption(new Option('--treatment <kind>', 'what is decided').choices(treatments))
    .option('--withdraw', 'take the decision back: what it ended is left over again')
    .option('--reason <text>', 'why; names no person')
    .option('--owner <who>', 'by-hand: who erases people there')
    .option('--instructions <text>', 'by-hand: how')
    .option('--days <number>', 'by-hand: within how many days', wholeNumber(1, 365))
    .option('--covered-by <connection>', 'covered-elsewhere: id of the connection that reaches it')
    .option('--look-again-on <date>', 'the day to look at the decision again')
    .addHelpText(
      'after',
      [
        '\nTreatments, which go for what is left over there already, too:',
        '  by-hand            somebody erases people there',
        '  holds-nobody       no people are in it',
        '  covered-elsewhere  another connection reaches it',
        '  accepted           it is left as it is',
      ].join('\n'),
    )
    .action(
      runs(async (client, output, connection: string, key: string, flags: TreatFlags) => {
        const system = await client.patch<SystemView>(systemPath(connection, key), { treatment: wishOf(flags) });
        output.result(system, () =>
          system.treatment === undefined
            ? `The decision about ${system.name} is taken back. What it ended is left over again within moments.`
            : `${system.name}: ${system.treatment.kind}. What is left over there follows within moments.`,
        );
        return undefined;
      }),
    );
}

/** The treatment that the flags say, or `null` to take the last one back. The host judges which of them go together. */
function wishOf({ treatment: kind, withdraw = false, ...rest }: TreatFlags): object | null {
  const { reason, owner, instructions, days, coveredBy, lookAgainOn } = rest;
  if (withdraw === (kind !== undefined)) {
    throw new CliError('What is decided?', ExitCode.usage, 'Give either --treatment KIND or --withdraw.');
  }
  if (kind === undefined) return null;
  if (reason === undefined) throw new CliError('A treatment needs a reason.', ExitCode.usage, 'Give --reason TEXT.');
  const wish = { kind, reason, owner, instructions, days, coveredBy, lookAgainOn };
  return Object.fromEntries(Object.entries(wish).filter(([, value]) => value !== undefined));
}

function archiveCommand(): Command {
  return hostCommand('archive', 'take a system out of sight')
    .argument('<connection>', 'id of the connection')
    .argument('<system>', 'key of the system')
    .requiredOption('--reason <text>', 'why')
    .action(
      runs(async (client, output, connection: string, key: string, { reason }: { readonly reason: string }) => {
        const system = await client.patch<SystemView>(systemPath(connection, key), { archived: true, reason });
        output.result(system, () => `${system.name} is archived.`);
        return undefined;
      }),
    );
}

function restoreCommand(): Command {
  return hostCommand('restore', 'take a system out of the archive')
    .argument('<connection>', 'id of the connection')
    .argument('<system>', 'key of the system')
    .action(
      runs(async (client, output, connection: string, key: string) => {
        const system = await client.patch<SystemView>(systemPath(connection, key), { archived: false });
        output.result(system, () => `${system.name} is ${system.state}.`);
        return undefined;
      }),
    );
}
