/** Asking before people are erased: in a terminal by a question, elsewhere by `--yes` where there are many. */
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { ReadStream } from 'node:tty';
import type { HostSettings } from '../api/parts.js';
import type { DryRun } from '../requests/dry-run.js';
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
  { people, told, yes }: Confirmation,
): Promise<void> {
  if (yes || people === 0) return;
  const { confirmAbove } = await client.get<HostSettings>('/api/v1/settings');
  const many = people > confirmAbove;
  if (!atTerminal()) {
    if (!many) return;
    const remedy = 'Look at the dry run, then give --yes.';
    throw new CliError(`${people} people would be erased, and nobody was asked.`, ExitCode.usage, remedy);
  }
  output.note(told);
  const wanted = many ? String(people) : 'yes';
  const answer = await ask(
    many ? `Type the number of people to erase them (${people}): ` : 'Erase them? Type yes to go on: ',
  );
  if (answer.toLowerCase() !== wanted) throw new CliError('Nothing was sent.', ExitCode.usage);
}

/** What a dry run says, in a few lines. */
export function planLines({ subjects, connections }: DryRun): string {
  const lines = connections.map(({ name, subjects: people, identifiers, quotaLeft, notReached, waits }) => {
    const quota = quotaLeft === undefined ? 'quota not known' : `${quotaLeft} of the quota left`;
    const missed = notReached.length === 0 ? '' : `; not reached: ${notReached.length} systems`;
    return `  ${name}: ${people} people, ${identifiers} identifiers, ${quota}${missed}${waits ? '; sends nothing now' : ''}`;
  });
  return [`${subjects} people would be erased.`, ...lines].join('\n');
}
