import { statSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { clientFrom, type HostClient } from './client.js';
import { CliError, ExitCode } from './exit.js';
import { Output } from './output.js';

/** Flags that every command which talks to a running host takes. */
export interface SharedFlags {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

/** A command that talks to a running host, with the shared flags. */
export function hostCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--url <url>', 'the host (CONNECTOR_HOST_URL; default http://127.0.0.1:4600)')
    .option('--token-file <file>', 'file with the access token (otherwise CONNECTOR_HOST_TOKEN)')
    .option('--json', 'print JSON');
}

/** A command that only gathers others under its name. */
export function group(name: string, description: string): Command {
  return new Command(name).description(description);
}

/** Wraps a command's work: client and output made, errors shown, exit code set. */
export function runs<Rest extends unknown[]>(
  work: (client: HostClient, output: Output, ...rest: Rest) => Promise<ExitCode | undefined>,
): (this: Command, ...rest: Rest) => Promise<void> {
  return async function (this: Command, ...rest: Rest) {
    const flags = this.opts<SharedFlags>();
    const output = new Output(flags.json === true);
    await settle(output, () => work(clientFrom(flags), output, ...rest));
  };
}

/** Runs work and turns how it ends into an exit code; a {@link CliError} is shown, anything else is a defect and shown as one. */
export async function settle(output: Output, work: () => Promise<ExitCode | undefined>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? ExitCode.ok;
  } catch (error) {
    const problem = error instanceof CliError ? error : new CliError(await toldOf(error), ExitCode.failure);
    output.problem(problem);
    process.exitCode = problem.exitCode;
  }
}

/** What an unforeseen error says, and what it came from: the cause says more than a failed query. */
async function toldOf(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  // Loaded only here: commands start faster without a log.
  const { safeError } = await import('../log.js');
  const { message, cause } = safeError(error);
  return cause === undefined ? message : `${message} (${cause.message})`;
}

/** Parses a whole number of a flag, within bounds. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < minimum || value > maximum) {
      throw new InvalidArgumentError(
        `Give a whole number from ${minimum}${maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`}.`,
      );
    }
    return value;
  };
}

const isoTime = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Parses a time of a flag, ISO 8601 with a zone, or a date, which is its midnight in UTC. Answers it as ISO 8601. */
export function time(text: string): string {
  const [, date = '', clock = 'T00:00:00Z'] = isoTime.exec(text.toUpperCase()) ?? [];
  const [day, found] = [new Date(`${date}T00:00:00Z`), new Date(`${date}${clock}`)];
  const known = !Number.isNaN(day.getTime()) && !Number.isNaN(found.getTime());
  // The 30th of February would become a day in March.
  if (!known || !day.toISOString().startsWith(date)) {
    throw new InvalidArgumentError('Give a time such as 2026-01-31T08:00:00Z, or a date such as 2026-01-31.');
  }
  return found.toISOString();
}

/** @throws CliError where a folder that `--root` names is not there. */
export function demandFolders(roots: readonly string[]): void {
  for (const root of roots) {
    if (statSync(root, { throwIfNoEntry: false })?.isDirectory() === true) continue;
    throw new CliError(`--root: there is no folder ${root}.`, ExitCode.usage, 'Name the folder of a project.');
  }
}

/** Collects a flag that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
