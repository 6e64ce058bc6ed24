/** Asking before people are erased: in a terminal by a question, elsewhere by `--yes` where there are many. */
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { ReadStream } from 'node:tty';
import type { HostSettings } from '../api/parts.js';
import type { DryRun } from '../intake/dry-run.js';
import type { ImportPlan } from '../intake/import-plan.js';
import type { HostClient } from './client.js';
import { CliError, ExitCode } from './exit.js';
import type { Output } from './output.js';

/** Who is asked, and how much is known already. */
export interface Confirmation {
  /** How many people would be erased. */
  readonly people: number;
  /** What would happen, in a few lines. */
  readonly told: string;
  /** Somebody said so on the command line. */
  readonly yes: boolean;
  /** What tells a program's owner more before they say so. */
  readonly look?: string;
}

/** Whether somebody sits at a terminal who can be asked. */
export function atTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true;
}

/** Reads a line from the terminal itself: standard input may have been read to its end by then. */
async function ask(question: string): Promise<string> {
  const input = process.platform === 'win32' ? process.stdin : new ReadStream(openSync('/dev/tty', 'r'));
  const lines = createInterface({ input, output: process.stderr });
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
    if (input !== process.stdin) input.destroy();
  }
}

/** What `--yes` is for, where `many` people may be meant. */
export const yesHelp = (what: string) =>
  `${what} unasked; needed for many people (a setting of the host, --confirm-above) where no terminal is there`;

/**
 * Goes on where the person says so, or `--yes` did, or so few are erased that a program may do it unasked.
 * @throws CliError where nobody says so: then nothing is sent.
 */
export async function demandYes(
  client: HostClient,
  output: Output,
  { people, told, yes, look = 'the dry run' }: Confirmation,
): Promise<void> {
  if (yes || people === 0) return;
  const { confirmAbove } = await client.get<HostSettings>('/api/v1/settings');
  const many = people > confirmAbove;
  if (!atTerminal()) {
    if (!many) return;
    const remedy = `Look at ${look}, then give --yes.`;
    throw new CliError(`${peopleText(people)} would be erased, and nobody was asked.`, ExitCode.usage, remedy);
  }
  output.note(told);
  const wanted = many ? String(people) : 'yes';
  const answer = await ask(
    many ? `Type the number of people to erase them (${people}): ` : 'Erase them? Type yes to go on: ',
  );
  if (answer.toLowerCase() !== wanted) throw new CliError('Nothing was sent.', ExitCode.usage);
}

/** So many people, in words. */
export function peopleText(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

/** That a vendor knows so many people by nothing that it would be given. */
export function notKnownText(people: number): string {
  return `${people === 1 ? '1 person has' : `${people} people have`} no identifier by which the vendor knows people, and would be left over (NO_KNOWN_USER_ID)`;
}

/** What erasing people would mean at one connection. */
export interface Reach {
  readonly name: string;
  readonly people: number;
  readonly identifiers: number;
  /** Undefined where nobody knows. */
  readonly quotaLeft: number | undefined;
  /** Systems that it does not reach; undefined where they were never looked through under the settings of now. */
  readonly missed: number | undefined;
  /** People whom the vendor does not know by what is sent. */
  readonly notKnown?: number;
}

/** The same in one line. */
export function reachLine({ name, people, identifiers, quotaLeft, missed, notKnown = 0 }: Reach): string {
  const quota = quotaLeft === undefined ? 'quota not known' : `${quotaLeft} of the quota left`;
  const systems = missed === undefined ? 'not known' : missed === 1 ? '1 system' : `${missed} systems`;
  const values = identifiers === 1 ? '1 identifier' : `${identifiers} identifiers`;
  return `  ${name}: ${peopleText(people)}, ${values}, ${quota}; not reached: ${systems}${notKnown === 0 ? '' : `; ${notKnownText(notKnown)}`}`;
}

/** What a dry run says, in a few lines. */
export function planLines({ subjects, connections }: DryRun): string {
  const lines = connections.map(
    ({ subjects: people, notReached, systemsAsOf, waits, name, identifiers, quotaLeft, notKnown }) => {
      const missed = systemsAsOf === undefined ? undefined : notReached.length;
      return `${reachLine({ name, people, identifiers, quotaLeft, missed, notKnown })}${waits ? '; sends nothing now' : ''}`;
    },
  );
  return [`${peopleText(subjects)} would be erased.`, ...lines].join('\n');
}

/** What the dry run of a file says, in a few lines. */
export function importLines({ plan, doubtful, rejected }: ImportPlan): string {
  const lines = (count: number, rest: string) =>
    count === 0 ? [] : [`  ${count === 1 ? '1 line is' : `${count} lines are`} ${rest}.`];
  return [planLines(plan), ...lines(doubtful, 'doubtful and kept back'), ...lines(rejected, 'rejected')].join('\n');
}

/**
 * Refuses a file in which one value stands for many people: an import, which stores as it reads, would take them all.
 * @throws CliError unless somebody has said that doubtful identifiers are meant.
 */
export function demandOwnValues({ errors }: ImportPlan): void {
  const shared = errors.filter(({ code }) => code === 'SAME_FOR_MANY');
  if (shared.length === 0) return;
  const lines = shared.slice(0, 10).map(({ line, message }) => `  line ${line}: ${message}`);
  const more = shared.length > lines.length ? [`  and ${shared.length - lines.length} more`] : [];
  throw new CliError(
    ['Nothing was sent: some identifiers may name nobody.', ...lines, ...more].join('\n'),
    ExitCode.usage,
    'Look them up where the file comes from. Where they are meant, give --allow-doubtful.',
    { errors: shared },
  );
}
