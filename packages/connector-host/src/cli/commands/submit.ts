import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { Identifier } from 'connector-contract';
import type { ConnectionView } from '../../connections/view.js';
import { given } from '../../given.js';
import type { ConnectionPlan, DryRun } from '../../intake/dry-run.js';
import type { RequestDetail } from '../../reading/views.js';
import { atTerminal, demandYes, notKnownText, planLines } from '../confirm.js';
import { CliError, ExitCode } from '../exit.js';
import { exitCodeFor, type Output } from '../output.js';
import { collect, hostCommand, runs, wholeNumber } from '../shared.js';
import { dueText } from './request-text.js';
import { waitsFor } from './waits-for.js';

interface Flags {
  readonly right: string;
  readonly identifiers: string;
  readonly connection?: readonly string[];
  readonly received?: string;
  readonly due?: string;
  readonly jurisdiction?: string;
  readonly days?: number;
  readonly dryRun?: boolean;
  readonly allowDoubtful?: boolean;
  readonly yes?: boolean;
}

/** `connector-host submit`: one person's request, its identifiers read from standard input or a file. */
export function submitCommand(): Command {
  return hostCommand('submit', "hand in one person's request; the same request id again gives the same request")
    .argument('<requestId>', 'your id for the request')
    .option('--right <right>', 'deletion or access', 'deletion')
    .option(
      '--identifiers <file>',
      'file with one kind=value a line (email=..., user_id=...); "-" is standard input',
      '-',
    )
    .option('--connection <id>', 'only to this connection (repeatable); otherwise to all that offer it', collect)
    .option('--received <time>', 'when the person asked: a date, or a time with its zone (default: now)')
    .option(
      '--due <time>',
      'by when they must be served: a date, or a time with its zone (default: by the jurisdiction)',
    )
    .option('--jurisdiction <law>', 'gdpr, ccpa or other (default: a setting of the host)')
    .option('--days <number>', 'days that the jurisdiction "other" gives', wholeNumber(1, 3_650))
    .option('--allow-doubtful', 'send doubtful identifiers too: you have looked at them, and they are meant')
    .option('--yes', 'do not ask at the terminal whether the person is to be erased')
    .option('--dry-run', 'say what would be sent, and send nothing')
    .action(
      runs(async (client, output, requestId: string, flags: Flags) => {
        const body = {
          requestId,
          right: flags.right,
          identifiers: await readIdentifiers(flags.identifiers),
          ...given({
            connections: flags.connection,
            receivedAt: flags.received,
            dueAt: flags.due,
            jurisdiction: flags.jurisdiction,
            days: flags.days,
          }),
          ...(flags.allowDoubtful === true ? { allowDoubtful: true } : {}),
        };
        if (flags.dryRun === true) {
          const plan = await client.post<DryRun>('/api/v1/requests/plan', { requests: [body] });
          const { items } = await client.get<{ items: readonly ConnectionView[] }>('/api/v1/connections');
          output.result(plan, () => (flags.right === 'access' ? byHand : planText(plan, items, output)));
          return exitCodeFor(plan.connections.flatMap(({ rejected }) => rejected).length);
        } else {
          const yes = flags.yes === true || flags.right !== 'deletion';
          if (!yes && atTerminal()) {
            const plan = await client.post<DryRun>('/api/v1/requests/plan', { requests: [body] });
            await demandYes(client, output, { people: plan.subjects, told: planLines(plan), yes });
          }
          const request = await client.post<RequestDetail>('/api/v1/requests', body);
          const { items } = await client.get<{ items: readonly ConnectionView[] }>('/api/v1/connections');
          const pending = request.tasks.filter(({ state }) => state === 'pending').map(({ connection }) => connection);
          const waiting = items.filter((view) => pending.includes(view.id) && waitsFor(view) !== '');
          output.result(request, () =>
            [
              `${request.requestId} is accepted: ${request.state}, ${request.tasks.length === 1 ? '1 task' : `${request.tasks.length} tasks`}.`,
              ...doubtLines(request),
              dueText(request),
              ...waiting.map(waitingLine),
            ].join('\n'),
          );
        }
        return undefined;
      }),
    );
}

function doubtLines({ requestId, doubtful }: RequestDetail): string[] {
  if (doubtful === undefined || doubtful.allowed) return [];
  const reasons = doubtful.reasons.map(({ message, remedy }) => `  ${[message, remedy].filter(Boolean).join(' ')}`);
  return [
    'It waits, since what is given may be damage:',
    ...reasons,
    `Where it is meant: connector-host allow ${requestId}`,
  ];
}

/** Identifiers from lines `kind=value`. They are not taken from the command line, which other users of the machine can read. */
export async function readIdentifiers(file: string): Promise<Identifier[]> {
  const { createReadStream } = await import('node:fs');
  const input = file === '-' ? process.stdin : createReadStream(file);
  const identifiers: Identifier[] = [];
  let number = 0;
  try {
    for await (const read of createInterface({ input })) {
      number += 1;
      // Editors of some systems begin a file with a byte order mark.
      const line = number === 1 ? read.replace(/^\ufeff/, '') : read;
      const at = line.indexOf('=');
      if (line === '') continue;
      if (at < 1)
        throw new CliError(
          `--identifiers: line ${number} is not of the form kind=value.`,
          ExitCode.usage,
          'Write for example email=person@example.com.',
        );
      identifiers.push({ kind: line.slice(0, at), value: line.slice(at + 1) });
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      `--identifiers: cannot read ${file}.`,
      ExitCode.usage,
      'Name a file that exists, or - for standard input.',
    );
  }
  if (identifiers.length === 0)
    throw new CliError(
      '--identifiers: no identifier was given.',
      ExitCode.usage,
      'Give at least one line such as email=person@example.com.',
    );
  return identifiers;
}

/** The dry run of an access request. */
const byHand =
  'Nothing would be sent: an access request is answered by hand. The contact of a connection is asked by mail; where none is named, somebody here has to ask.';

function planText({ connections, doubtful }: DryRun, views: readonly ConnectionView[], output: Output): string {
  const rows = connections.map((each) => [
    each.name,
    String(each.subjects),
    String(each.identifiers),
    String(each.vendorCalls),
    each.quotaLeft === undefined ? 'not known' : String(each.quotaLeft),
    notReachedText(each),
  ]);
  const head = ['connection', 'people', 'identifiers', 'vendor calls', 'quota left', 'not reached'];
  const waiting = views.filter(({ id }) => connections.some(({ connection, waits }) => connection === id && waits));
  return [
    output.table(head, rows),
    ...doubtful.flatMap(({ requestId, reasons }) =>
      reasons.map(({ message }) => `${requestId} would wait: ${message}`),
    ),
    ...waiting.map(waitingLine),
    ...connections.flatMap(({ name, notKnown }) => (notKnown === 0 ? [] : [`${name}: ${notKnownText(notKnown)}.`])),
    ...connections.flatMap(refusedLines),
  ].join('\n');
}

/** What was found under other settings says nothing for certain of what would be sent now. */
function notReachedText({ notReached, systemsAsOf }: ConnectionPlan): string {
  const names = notReached.join(', ');
  if (systemsAsOf !== undefined) return names || '-';
  return names === '' ? 'not known' : `not known; as it was set before: ${names}`;
}

/** What has to happen before a connection sends anything, as a line. */
function waitingLine(view: ConnectionView): string {
  const what = waitsFor(view) || 'its connector, which cannot be used (connectors says why)';
  return `${view.name} sends nothing now. It waits for: ${what}`;
}

function refusedLines({ name, rejected }: ConnectionPlan): string[] {
  return rejected.flatMap(({ requestId, error: { code, message, remedy } }) => [
    `${name} cannot erase ${requestId}. ${code}: ${message}`,
    ...(remedy === undefined ? [] : [`  What to do: ${remedy}`]),
  ]);
}
