import { createReadStream, fstatSync, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { ImportReport } from '../../intake/import.js';
import type { ImportPlan } from '../../intake/import-plan.js';
import type { ProblemDetails } from '../../problem.js';
import { demandOwnValues, demandYes, importLines, planLines, yesHelp } from '../confirm.js';
import { CliError, ExitCode } from '../exit.js';
import { progressBar } from '../progress.js';
import { hostCommand, runs } from '../shared.js';

/** `connector-host import`: hands in a file of requests of any size. */
export function importCommand(): Command {
  return hostCommand(
    'import',
    'hand in a CSV or NDJSON file of requests; after an interruption, send the same file again',
  )
    .argument('<file>', 'a .csv or .ndjson file; "-" is standard input')
    .option('--format <format>', 'csv or ndjson, where the name does not tell')
    .option('--ignore-columns', 'skip columns of a CSV file that hold no identifier')
    .option('--allow-doubtful', 'take doubtful identifiers too: you have looked at them, and they are meant')
    .option('--yes', yesHelp('erase the people of the file'))
    .option('--dry-run', 'say what would be taken and sent, and keep nothing')
    .action(
      runs(async (client, output, file: string, flags: Flags) => {
        const format = flags.format ?? (/\.(ndjson|jsonl)$/i.test(file) ? 'ndjson' : 'csv');
        const guessed = flags.format === undefined && !/\.(csv|ndjson|jsonl)$/i.test(file);
        if (format !== 'csv' && format !== 'ndjson')
          throw new CliError(`--format: "${format}" is not known.`, ExitCode.usage, 'Give csv or ndjson.');
        const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
        const explained = (error: unknown) => {
          throw guessed ? orNdjson(error) : error;
        };
        const planOf = (body: Readable) =>
          client.upload<ImportPlan>(`/api/v1/requests/import/plan${queryOf(flags)}`, body, type).catch(explained);
        if (flags.dryRun === true) {
          const plan = await planOf(open(file).body);
          output.result(plan, () => `${importText(plan, 'would be accepted')}\n${planLines(plan.plan)}`);
          return exitOf(plan);
        }
        const whole = file === '-' && flags.yes !== true ? await readWhole(process.stdin) : undefined;
        const source = () => (whole === undefined ? open(file) : { body: Readable.from([whole]), size: whole.length });
        const { yes = false, allowDoubtful = false } = flags;
        // To say --yes is to know how many people there are, and no word about whether their identifiers are meant.
        if (!(yes && (allowDoubtful || file === '-'))) {
          const plan = await planOf(source().body);
          demandOwnValues(plan);
          await demandYes(client, output, { people: plan.plan.subjects, told: importLines(plan), yes, look: DRY_RUN });
        }
        const { body, size } = source();
        const bar = progressBar('Importing', size, 'bytes');
        const report = await client
          .upload<ImportReport>(
            `/api/v1/requests/import${queryOf(flags)}`,
            Readable.from(counted(file, body, (read) => bar.update(read))),
            type,
          )
          .catch(explained)
          .finally(() => bar.stop());
        output.result(report, () => importText(report, 'accepted'));
        return exitOf(report);
      }),
    );
}

/** Where somebody looks who is to say `--yes`. */
const DRY_RUN = 'the dry run (import --dry-run)';

/** The most that is read of standard input to count people in it; what is larger has to be meant with `--yes`. */
const MOST_COUNTED = 1024 * 1024;

/** Standard input as a whole, since it can be read only once and is sent twice: to be counted, and to be taken in. */
async function readWhole(input: AsyncIterable<Buffer | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of input) {
    parts.push(Buffer.from(part));
    size += part.length;
    if (size > MOST_COUNTED) {
      const remedy = 'Give --yes, or name a file.';
      throw new CliError('How many people standard input holds cannot be told beforehand.', ExitCode.usage, remedy);
    }
  }
  return Buffer.concat(parts);
}

/** A header that is refused may be the first line of NDJSON, where nothing told the format. */
function orNdjson(error: unknown): unknown {
  if (!(error instanceof CliError) || (error.data as Partial<ProblemDetails>)?.code !== 'INPUT_INVALID') return error;
  const remedy = 'The file was taken for CSV. If it is NDJSON, give --format ndjson.';
  return new CliError(error.message, error.exitCode, remedy, { ...(error.data as ProblemDetails), remedy });
}

function open(file: string): { body: Readable; size: number } {
  if (file === '-') return { body: process.stdin, size: 0 };
  try {
    // Opened before anything is sent: a stream would find out only in the middle of the call.
    const fd = openSync(file, 'r');
    const found = fstatSync(fd);
    if (!found.isDirectory())
      return { size: found.size, body: createReadStream(file, { fd, highWaterMark: 256 * 1024 }) };
  } catch (error) {
    throw unreadable(file, (error as NodeJS.ErrnoException).code);
  }
  throw unreadable(file, 'a folder');
}

function unreadable(file: string, why = 'unreadable'): CliError {
  return new CliError(
    `Cannot read ${file} (${why}).`,
    ExitCode.usage,
    'Name a file that exists and that you may read.',
  );
}

async function* counted(file: string, body: Readable, onRead: (bytes: number) => void): AsyncIterable<Buffer> {
  let read = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      yield chunk;
      read += chunk.length;
      onRead(read);
    }
  } catch (error) {
    throw unreadable(file, (error as NodeJS.ErrnoException).code);
  }
}

function exitOf({ rejected, doubtful }: ImportReport): ExitCode {
  return rejected + doubtful > 0 ? ExitCode.incomplete : ExitCode.ok;
}

function importText(report: ImportReport, taken: 'accepted' | 'would be accepted'): string {
  const { accepted, duplicates, rejected, doubtful, errors, mendings } = report;
  const listed = errors.map(
    ({ line, message, doubtful }) => `  line ${line}${doubtful ? ' (doubtful)' : ''}: ${message}`,
  );
  const more = rejected + doubtful - errors.length;
  if (more > 0) listed.push(`  and ${more} more`);
  if (doubtful > 0)
    listed.push('Doubtful lines are kept back. Where they are meant, import the file with --allow-doubtful.');
  return [
    `${accepted} ${taken}, ${duplicates} duplicates, ${rejected} rejected, ${doubtful} doubtful.`,
    ...mendings.map(({ message, count }) => `  mended${count > 1 ? ` (${count} times)` : ''}: ${message}`),
    ...listed,
  ].join('\n');
}

interface Flags {
  readonly format?: string;
  readonly ignoreColumns?: boolean;
  readonly allowDoubtful?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

function queryOf({ ignoreColumns, allowDoubtful }: Flags): string {
  const query = new URLSearchParams();
  if (ignoreColumns === true) query.set('ignoreColumns', 'true');
  if (allowDoubtful === true) query.set('allowDoubtful', 'true');
  return query.size === 0 ? '' : `?${query}`;
}
