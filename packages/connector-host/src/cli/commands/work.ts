import { type Command, Option } from 'commander';
import { type Evidence, type WorkOutcome, workKinds, workOutcomes, workStates } from '../../work/kinds.js';
import type { WorkDetail } from '../../work/list.js';
import { type AskView, dueWords, type WorkView } from '../../work/view.js';
import { CliError, ExitCode } from '../exit.js';
import type { Output } from '../output.js';
import { collect, group, hostCommand, runs, time, wholeNumber } from '../shared.js';
import { visibleLine } from '../visible.js';
import { daysOf } from '../zone.js';
import { intoFlag, saveAs, sendFiles, showFiles } from './files.js';

/** `connector-host work`: what only people can do. */
export function workCommand(): Command {
  return group('work', 'list the work that only people can do, give it to somebody, and say how it ended')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(assignCommand())
    .addCommand(peopleCommand())
    .addCommand(closeCommand())
    .addCommand(filesCommand())
    .addCommand(reopenCommand());
}

const path = (id: number) => `/api/v1/work/${id}`;
const id = wholeNumber(1);

interface ListFlags {
  readonly kind?: string;
  readonly state: string;
  readonly owner?: string;
  readonly due?: string;
  readonly connection?: string;
}

function listCommand(): Command {
  return hostCommand('list', 'the work, with what is due first on top')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(workKinds))
    .addOption(
      new Option('--state <state>', 'only in this state').choices([...workStates, 'ended', 'all']).default('open'),
    )
    .option('--owner <who>', 'name or e-mail of its owner; me: of this token, none: of nobody')
    .option('--due <when>', `${dueWords.join(', ')}, or the last day on which it is due (2026-01-31)`)
    .option('--connection <id>', 'only at this connection')
    .action(
      runs(async (client, output, { state, ...rest }: ListFlags) => {
        const { kind, owner, due, connection } = rest;
        const given = { kind, owner, due, connection, state: state === 'all' ? undefined : state };
        const query = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
        const items: WorkView[] = [];
        for (let cursor: string | undefined; ; ) {
          const more: [string, string][] = cursor === undefined ? [] : [['cursor', cursor]];
          const search = new URLSearchParams([...query, ['limit', '1000'], ...more]);
          const page = await client.get<{ items: readonly WorkView[]; nextCursor?: string }>(`/api/v1/work?${search}`);
          items.push(...page.items);
          cursor = page.nextCursor;
          if (cursor === undefined) break;
        }
        const dayOf = await daysOf(client);
        output.result({ items, total: items.length }, () => workText(items, output, dayOf));
        return undefined;
      }),
    );
}

type DayOf = (time: string) => string;

/** How a piece of work stands, in a few words. */
function standing({ state, due, dueAt, owner, ended }: WorkView, dayOf: DayOf): string {
  const when = dueAt === undefined ? 'no date' : `${due === 'overdue' ? 'overdue since' : 'due'} ${dayOf(dueAt)}`;
  const how = state === 'open' ? when : [state, ...(ended === undefined ? [] : [dayOf(ended.at)])].join(' ');
  return `${how}, ${owner === undefined ? 'nobody has it' : owner.name}`;
}

/** The list, two lines for each. @param dayOf tells the day of a time by the host's zone. */
export function workText(items: readonly WorkView[], output: Output, dayOf: DayOf): string {
  if (items.length === 0) return 'No work.';
  return items.flatMap((item) => [`${item.id}  ${standing(item, dayOf)}`, output.paragraph(item.text)]).join('\n');
}

function showCommand(): Command {
  return hostCommand('show', 'one piece of work, with what is to be done and what happened')
    .argument('<id>', 'as "work list" shows it', id)
    .action(
      runs(async (client, output, item: number) => {
        const found = await client.get<WorkDetail>(path(item));
        const dayOf = await daysOf(client);
        output.result(found, () => detailText(found, output, dayOf));
        return undefined;
      }),
    );
}

/** Who was asked, how often, and what comes next. */
function askText({ reference, contact, messages, taken, answerBy, nextAt, silentAt }: AskView): string {
  const who = contact === undefined ? 'a contact' : `${contact.name} <${contact.email}>`;
  const lost = messages - taken;
  const which = taken === 0 ? 'none of which' : `${lost} of which`;
  const untaken = lost === 0 ? '' : `, ${which} the mail server ${taken === 0 ? 'took' : 'did not take'}`;
  const count = `${messages === 1 ? '1 message' : `${messages} messages`}${untaken}`;
  const then = silentAt !== undefined ? `no answer by ${silentAt}` : `answer due ${answerBy}`;
  return `${reference} to ${who}: ${count}, ${then}${nextAt === undefined ? '' : `, next ${nextAt}`}`;
}

function evidenceText({ text, link, files }: Evidence, item: number): string {
  const sent = files === undefined ? undefined : `${files} ${files === 1 ? 'file' : 'files'}: work files ${item}`;
  return [text, link, sent].filter((line) => line !== undefined).join('\n');
}

function detailText(item: WorkDetail, output: Output, dayOf: DayOf): string {
  const { ask, ended, instructions } = item;
  const where = [item.systemName, item.connectionName].filter((name) => name !== undefined).join(', ');
  const done =
    ended?.doneBy === undefined ? '' : ` by ${ended.doneBy}, ${ended.doneAt === undefined ? '' : dayOf(ended.doneAt)}`;
  return [
    item.text,
    `  ${item.kind}, ${standing(item, dayOf)}`,
    ...(where === '' ? [] : [`  ${where}`]),
    ...(item.system === undefined ? [] : [`  ${item.system}`]),
    ...(item.requestId === undefined ? [] : [`  request ${item.requestId}`]),
    ...(ask === undefined ? [] : [output.paragraph(askText(ask))]),
    ...(item.operation === undefined ? [] : [`  batch ${item.operation}`]),
    ...(item.listedAt === undefined
      ? []
      : [output.paragraph(`The list of people was closed at ${item.listedAt}; nobody joins it any more.`)]),
    ...(item.kind !== 'erase-elsewhere' || item.state !== 'open' || item.readAt !== undefined
      ? []
      : [
          output.paragraph(
            `Nobody has downloaded the list of people yet, so it cannot be closed as done: work people ${item.id} --to FILE`,
          ),
        ]),
    ...(instructions === undefined ? [] : ['Instructions', output.paragraph(instructions)]),
    ...(ended === undefined
      ? []
      : [`Ended: ${item.state}${done}`, output.paragraph(ended.why ?? 'It ended by itself.')]),
    ...(ended?.evidence === undefined ? [] : [output.paragraph(evidenceText(ended.evidence, item.id))]),
    ...(item.history.length === 0 ? [] : ['History (UTC)']),
    ...item.history.map(({ at, text }) => output.paragraph(`${at.replace('T', ' ').slice(0, 19)}: ${text}`)),
  ].join('\n');
}

interface AssignFlags {
  readonly to?: string;
  readonly email?: string;
  readonly nobody?: boolean;
  readonly note?: string;
  readonly due?: string;
}

function assignCommand(): Command {
  return hostCommand('assign', 'give work to somebody, or to nobody')
    .argument('<id>', 'as "work list" shows it', id)
    .option('--to <name>', 'a person or a group')
    .option('--email <address>', 'theirs: a token with this e-mail finds the work as its own')
    .option('--nobody', 'take it from whoever has it')
    .option('--note <text>', 'stands in the history; names no person of a request')
    .option('--due <time>', 'only ever earlier than it is due now', time)
    .action(
      runs(async (client, output, item: number, { to, email, nobody = false, note, due: dueAt }: AssignFlags) => {
        if (nobody === (to !== undefined)) {
          throw new CliError('Who is to have it?', ExitCode.usage, 'Give either --to NAME or --nobody.');
        }
        const owner = to === undefined ? null : { name: to, email };
        const given = await client.post<WorkDetail>(`${path(item)}/assign`, { owner, note, dueAt });
        const dayOf = await daysOf(client);
        output.result(given, () => `Work ${given.id}: ${standing(given, dayOf)}.`);
        return undefined;
      }),
    );
}

function peopleCommand(): Command {
  return hostCommand('people', 'download the list of people whom work is about, as CSV; from then on nobody joins it')
    .argument('<id>', 'as "work list" shows it', id)
    .requiredOption(
      '--to <file>',
      'a file that is not there yet; it names people, and the download is in the audit log',
    )
    .action(
      runs(async (client, output, item: number, { to }: { readonly to: string }) => {
        await saveAs(client, `${path(item)}/people`, to, 'Name a file that is not there yet, in a folder that is.');
        output.result({ saved: to }, () => `The people of work ${item} are in ${visibleLine(to)}.`);
        return undefined;
      }),
    );
}

interface CloseFlags {
  readonly outcome: WorkOutcome;
  readonly reason: string;
  readonly doneBy?: string;
  readonly doneAt?: string;
  readonly evidence?: string;
  readonly link?: string;
  readonly evidenceFile?: readonly string[];
}

function closeCommand(): Command {
  return hostCommand('close', 'say how work ended: what was left over of everybody in it ends with it')
    .argument('<id>', 'as "work list" shows it', id)
    .addOption(new Option('--outcome <outcome>', 'how it ended').choices(workOutcomes).makeOptionMandatory())
    .requiredOption('--reason <text>', 'how it was done, or why it was not; names no person of a request')
    .option('--done-by <name>', 'done: who did it (default: its owner)')
    .option('--done-at <time>', 'done: when (default: now)', time)
    .option('--evidence <text>', 'what shows it, such as the number of a ticket')
    .option('--link <address>', 'a page that shows it')
    .option(
      '--evidence-file <file>',
      'a file that shows it, or that was answered with; up to ten, each with a flag of its own',
      collect,
    )
    .action(
      runs(async (client, output, item: number, { evidence: text, link, evidenceFile, ...end }: CloseFlags) => {
        const sent = await sendFiles(client, `${path(item)}/files`, '--evidence-file', evidenceFile);
        const { outcome, reason, doneBy, doneAt } = end;
        const evidence = text === undefined && link === undefined ? undefined : { text, link };
        const closed = await client.post<WorkDetail>(`${path(item)}/close`, {
          outcome,
          reason,
          doneBy,
          doneAt,
          evidence,
          ...sent,
        });
        output.result(closed, () => `Work ${closed.id} ended: ${closed.state}. The requests follow within moments.`);
        return undefined;
      }),
    );
}

function filesCommand(): Command {
  return hostCommand('files', 'the files that show how work was done')
    .argument('<id>', 'as "work list" shows it', id)
    .option(...intoFlag)
    .action(
      runs(async (client, output, item: number, flags: { readonly into?: string }) =>
        showFiles(client, output, `${path(item)}/files`, flags),
      ),
    );
}

function reopenCommand(): Command {
  return hostCommand(
    'reopen',
    'open work again that somebody ended: what it ended is left over again, its files are removed',
  )
    .argument('<id>', 'as "work list" shows it', id)
    .requiredOption('--reason <text>', 'why; names no person of a request')
    .action(
      runs(async (client, output, item: number, { reason }: { readonly reason: string }) => {
        const opened = await client.post<WorkDetail>(`${path(item)}/reopen`, { reason });
        const dayOf = await daysOf(client);
        output.result(
          opened,
          () => `Work ${opened.id} is open again: ${standing(opened, dayOf)}. The requests follow within moments.`,
        );
        return undefined;
      }),
    );
}
