import { type Command, Option } from 'commander';
import type { ConnectionView } from '../../connections/view.js';
import { given } from '../../given.js';
import type { CancelReport } from '../../lifecycle/cancel.js';
import type { RetryReport } from '../../lifecycle/retry.js';
import type { ErrorGroup } from '../../reading/errors.js';
import type { OperationView } from '../../reading/operation-view.js';
import type { RequestDetail } from '../../reading/views.js';
import { answerOutcomes } from '../../requests/states.js';
import type { SystemSummary } from '../../systems/summary.js';
import type { HostClient } from '../client.js';
import { demandYes, peopleText, reachLine, yesHelp } from '../confirm.js';
import { CliError, ExitCode } from '../exit.js';
import { collect, hostCommand, runs, time, wholeNumber } from '../shared.js';
import { connectionNames } from './connections.js';
import { sendFiles } from './files.js';
import { dueText } from './request-text.js';
import { readIdentifiers } from './submit.js';

interface RetryFlags {
  readonly task?: number;
  readonly all?: boolean;
  readonly connection?: string;
  readonly code?: string;
  readonly since?: string;
  readonly until?: string;
  readonly yes?: boolean;
}

const requestPath = (requestId: string) => `/api/v1/requests/${encodeURIComponent(requestId)}`;

function retriedText({ retried, unsettled, unsendable }: RetryReport): string {
  const left = (count: number, why: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? 'is' : 'are'} left: ${why}`];
  return [
    retried === 1 ? '1 task waits for a batch again.' : `${retried} tasks wait for a batch again.`,
    ...left(
      unsettled,
      'the vendor may have the deletion already. Settle the operation first (connector-host settle --help).',
    ),
    ...left(
      unsendable,
      'the connection was removed, the identifiers were purged, or a person answered so. Close the error (connector-host close --help).',
    ),
  ].join('\n');
}

/** Whom a retry would be about, at the most: where they are, the causes, what sending them again costs, and which systems it misses. */
async function costOf(client: HostClient, filter: { readonly connection?: string; readonly code?: string }) {
  const { items } = await client.get<{ items: readonly ErrorGroup[] }>('/api/v1/errors');
  const connections = await client.get<{ items: readonly ConnectionView[] }>('/api/v1/connections');
  const { connection, code } = filter;
  const meant = items.filter(
    (one) => (connection ?? one.connection) === one.connection && (code ?? one.code) === one.code,
  );
  const lines: string[] = [];
  for (const id of new Set(meant.map((one) => one.connection))) {
    const there = meant.filter((one) => one.connection === id);
    const { name = id, quota } = connections.items.find((one) => one.id === id) ?? {};
    const query = new URLSearchParams({ connection: id });
    const { total, reached } = await client.get<SystemSummary>(`/api/v1/systems/summary?${query}`);
    const [people, identifiers] = [sum(there, 'retryable'), sum(there, 'identifiers')];
    const missed = total === 0 ? undefined : total - reached;
    lines.push(reachLine({ name, people, identifiers, quotaLeft: quota?.remaining, missed }));
    lines.push(...there.map((one) => `    ${one.code}: ${peopleText(one.retryable)}. ${one.error.message}`));
  }
  return { people: sum(meant, 'retryable'), told: lines.join('\n') };
}

function sum(groups: readonly ErrorGroup[], of: 'retryable' | 'identifiers'): number {
  return groups.reduce((all, group) => all + group[of], 0);
}

/** `connector-host retry`: sends what is in error again: one request, or all that fit a filter. */
export function retryCommand(): Command {
  return hostCommand('retry', 'send what is in error again: one request, or all that fit a filter')
    .argument('[requestId]', 'the request')
    .option('--task <id>', 'only this task of the request', wholeNumber(1))
    .option('--all', 'everything in error, as far as the next flags do not narrow it')
    .option('--connection <id>', 'everything in error at this connection')
    .option('--code <code>', 'everything in error with this code')
    .option('--since <time>', 'only what went into error since then (ISO 8601; a date is its midnight, UTC)', time)
    .option('--yes', yesHelp('send'))
    .option('--until <time>', 'only what went into error until then (ISO 8601; a date is its midnight, UTC)', time)
    .action(
      runs(async (client, output, requestId: string | undefined, flags: RetryFlags) => {
        const { task, all, connection, code, since, until } = flags;
        const filter = {
          ...given({ connection, code, concludedFrom: since, concludedUntil: until }),
        };
        const many = all === true || Object.keys(filter).length > 0;
        if (many === (requestId !== undefined)) {
          throw new CliError(
            'Which requests are to be retried?',
            ExitCode.usage,
            'Name one request, or give --all or a filter.',
          );
        }
        if (requestId === undefined) {
          const look = 'what is in error (status --state error)';
          await demandYes(client, output, { ...(await costOf(client, filter)), yes: flags.yes === true, look });
          const done = await client.post<RetryReport>('/api/v1/requests/retry', filter);
          output.result(done, () => retriedText(done));
        } else {
          const body = task === undefined ? {} : { task };
          const request = await client.post<RequestDetail>(`${requestPath(requestId)}/retry`, body);
          output.result(request, () => `${request.requestId} is ${request.state}.`);
        }
        return undefined;
      }),
    );
}

type Cancelled = RequestDetail & Partial<Pick<CancelReport, 'refused'>>;

function cancelledText(
  { requestId, state, tasks, refused = [] }: Cancelled,
  names: ReadonlyMap<string, string>,
): string {
  const where = (id: number) => {
    const { connection = '' } = tasks.find((one) => one.id === id) ?? {};
    return names.get(connection) ?? connection;
  };
  const kept = refused.map(({ task, message }) => `  Not taken back at ${where(task)}: ${message}`);
  return [`${requestId} is ${state}.`, ...kept].join('\n');
}

/** `connector-host cancel`: takes a request back, as far as that is possible. */
export function cancelCommand(): Command {
  return hostCommand('cancel', 'take a request back, as far as it was not submitted')
    .argument('<requestId>', 'the request')
    .option('--task <id>', 'only this task of the request', wholeNumber(1))
    .action(
      runs(async (client, output, requestId: string, { task }: { readonly task?: number }) => {
        const body = task === undefined ? {} : { task };
        const request = await client.post<Cancelled>(`${requestPath(requestId)}/cancel`, body);
        const names = await connectionNames(client);
        output.result(request, () => cancelledText(request, names));
        return request.refused === undefined ? ExitCode.ok : ExitCode.incomplete;
      }),
    );
}

/** `connector-host allow`: says that the doubtful identifiers of a request are meant. */
export function allowCommand(): Command {
  return hostCommand('allow', 'say that the doubtful identifiers of a request are meant: you have looked at them')
    .argument('<requestId>', 'the request')
    .action(
      runs(async (client, output, requestId: string) => {
        const request = await client.post<RequestDetail>(`${requestPath(requestId)}/allow`, {});
        output.result(request, () => `${request.requestId} is ${request.state}.`);
        return undefined;
      }),
    );
}

/** `connector-host extend`: extends the time that the law gives for a request. */
export function extendCommand(): Command {
  return hostCommand('extend', 'extend the time that the law gives for a request, once and before it has passed')
    .argument('<requestId>', 'the request')
    .requiredOption('--until <time>', 'by when the person must be served then: a date, or a time with its zone')
    .requiredOption('--reason <text>', 'why; names no person')
    .action(
      runs(async (client, output, requestId: string, { until, reason }: { until: string; reason: string }) => {
        const request = await client.post<RequestDetail>(`${requestPath(requestId)}/extend`, { until, reason });
        output.result(request, () => dueText(request));
        return undefined;
      }),
    );
}

interface AnswerFlags {
  readonly by: string;
  readonly said?: string;
  readonly outcome: string;
  readonly at?: string;
  readonly task?: number;
  readonly file?: readonly string[];
}

/** `connector-host answer`: writes down what somebody answered who had to be asked. */
export function answerCommand(): Command {
  return hostCommand('answer', 'write down what somebody answered who had to be asked about a request')
    .argument('<requestId>', 'the request')
    .requiredOption('--by <who>', 'who answered')
    .option('--said <text>', 'what they said; without identifiers of the person, and left out once these are purged')
    .addOption(
      new Option('--outcome <outcome>', 'done; not_needed: nothing is held about the person; could_not')
        .choices(answerOutcomes)
        .default('done'),
    )
    .option('--at <time>', 'when they did: a date, or a time with its zone; now where absent')
    .option('--task <id>', 'the task, where several wait for an answer', wholeNumber(1))
    .option('--file <file>', 'done: a file that they sent; up to ten, each with a flag of its own', collect)
    .action(
      runs(async (client, output, requestId: string, { by, said, outcome, at, task, file }: AnswerFlags) => {
        const of = task === undefined ? '' : `?task=${task}`;
        const sent = await sendFiles(client, `${requestPath(requestId)}/files${of}`, '--file', file);
        const request = await client.post<RequestDetail>(`${requestPath(requestId)}/answer`, {
          outcome,
          answeredBy: by,
          ...given({ said, answeredAt: at, task }),
          ...sent,
        });
        output.result(request, () => `${request.requestId} is ${request.state}.`);
        return undefined;
      }),
    );
}

/** `connector-host close`: closes the error of a request, with a reason. */
export function closeCommand(): Command {
  return hostCommand('close', 'close the error of a request: nothing more is to be done about it')
    .argument('<requestId>', 'the request')
    .requiredOption('--reason <text>', 'why; names no person')
    .action(
      runs(async (client, output, requestId: string, { reason }: { reason: string }) => {
        const request = await client.post<RequestDetail>(`${requestPath(requestId)}/close`, { reason });
        output.result(request, () => `The error of ${request.requestId} is closed.`);
        return undefined;
      }),
    );
}

/** `connector-host correct`: hands the person of a request in again. */
export function correctCommand(): Command {
  return hostCommand('correct', 'hand the person of a request in again, with other identifiers')
    .argument('<requestId>', 'the request: one in error, or whose person a vendor could not know (NO_KNOWN_USER_ID)')
    .argument('<newRequestId>', 'your id for the new request')
    .option(
      '--identifiers <file>',
      'file with one kind=value a line (email=..., user_id=...); "-" is standard input',
      '-',
    )
    .action(
      runs(async (client, output, requestId: string, newRequestId: string, flags: { readonly identifiers: string }) => {
        const body = { requestId: newRequestId, identifiers: await readIdentifiers(flags.identifiers) };
        const request = await client.post<RequestDetail>(`${requestPath(requestId)}/correct`, body);
        output.result(request, () => `${request.requestId} corrects ${requestId}; it is ${request.state}.`);
        return undefined;
      }),
    );
}

/** `connector-host settle`: decides about a submission of which nobody could find out whether the vendor has it. */
export function settleCommand(): Command {
  return hostCommand('settle', 'decide about a submission of which nobody could find out whether the vendor has it')
    .argument('<operation>', 'number of the operation, as "status REQUEST" shows it', wholeNumber(1))
    .option('--resubmit', 'the vendor does not have it, or a repeat does no harm: send it again')
    .option('--confirm <reference>', 'the vendor has it under this reference')
    .action(
      runs(async (client, output, operation: number, flags: { resubmit?: boolean; confirm?: string }) => {
        const { resubmit = false, confirm: reference } = flags;
        if (resubmit === (reference !== undefined)) {
          throw new CliError('What is decided?', ExitCode.usage, 'Give either --resubmit or --confirm REFERENCE.');
        }
        const body = reference === undefined ? { decision: 'resubmit' } : { decision: 'confirm', reference };
        const path = `/api/v1/operations/${operation}/settle`;
        const settled = await client.post<OperationView>(path, body);
        output.result(settled, () => `Operation ${settled.id} is ${settled.state}.`);
        return undefined;
      }),
    );
}
