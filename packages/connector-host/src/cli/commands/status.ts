import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ConnectionView } from '../../connections/view.js';
import type { RequestDetail, RequestSummary } from '../../reading/views.js';
import type { HostClient } from '../client.js';
import { ExitCode } from '../exit.js';
import type { Output } from '../output.js';
import { progressBar } from '../progress.js';
import { hostCommand, runs, wholeNumber } from '../shared.js';
import { daysOf } from '../zone.js';
import { connectionNames } from './connections.js';
import { requestText } from './request-text.js';
import { waitsFor } from './waits-for.js';

interface Flags {
  readonly state?: string;
  readonly timing?: string;
  readonly sort?: string;
  readonly limit: number;
  readonly follow?: boolean;
}

interface RequestPage {
  readonly items: readonly RequestSummary[];
  readonly total: number;
  readonly counts: Readonly<Record<string, number>>;
}

const followEveryMs = 1000;

/** States that ask for somebody. */
const incomplete: ReadonlySet<string> = new Set(['waiting_for_person', 'left_over', 'error']);

/** States of a request whose deletions the vendors took. */
const erased: ReadonlySet<string> = new Set(['complete', 'complete_with_exceptions', 'left_over']);

/** `connector-host status`: how far one request is, or how many are in each state. */
export function statusCommand(): Command {
  return hostCommand(
    'status',
    'how far a request is and what happened to it; without an id, how many are in each state',
  )
    .argument('[requestId]', 'the request')
    .option('--state <state>', 'only requests in this state')
    .option('--timing <timing>', 'only requests that are not settled and on_time, due_soon or late by the law')
    .option('--sort <order>', 'newest first, or due: the most urgent first', 'newest')
    .option('--limit <number>', 'how many requests to list; 0 for the counts alone', wholeNumber(0, 1000), 10)
    .option(
      '--follow',
      'wait until the request is concluded or waits for a person; without an id, until every one does',
    )
    .action(
      runs(async (client, output, requestId: string | undefined, flags: Flags) => {
        if (flags.follow === true) await noteWaiting(client, output);
        if (requestId !== undefined) {
          const path = `/api/v1/requests/${encodeURIComponent(requestId)}`;
          const request = await (flags.follow === true ? followOne(client, path) : client.get<RequestDetail>(path));
          const names = await connectionNames(client);
          const { items } = await client.get<{ items: readonly ConnectionView[] }>('/api/v1/connections');
          const waits = new Map(items.map((one) => [one.id, waitsFor(one)]));
          output.result(request, () => requestText(request, names, waits));
          return incomplete.has(request.state) ? ExitCode.incomplete : ExitCode.ok;
        }
        if (flags.follow === true) await follow(client);
        const page = await client.get<RequestPage>(listPath(flags.limit, flags));
        const dayOf = await daysOf(client);
        output.result(page, () => (flags.limit === 0 ? countsText(page) : pageText(page, dayOf, output)));
        const asks = [...incomplete].some((state) => (page.counts[state] ?? 0) > 0);
        return asks && flags.follow === true ? ExitCode.incomplete : ExitCode.ok;
      }),
    );
}

function listPath(limit: number, { state, timing, sort }: Omit<Flags, 'limit'> = {}): string {
  const query = { limit: String(Math.max(1, limit)), status: state, timing, sort };
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `/api/v1/requests?${new URLSearchParams(given)}`;
}

/** Says what connections wait for: of what waits there, nothing can be seen to go on. */
async function noteWaiting(client: HostClient, output: Output): Promise<void> {
  const { items } = await client.get<{ items: readonly ConnectionView[] }>('/api/v1/connections');
  for (const one of items) {
    const reason = waitsFor(one);
    if (reason !== '') output.note(`${one.name} waits for: ${reason}`);
  }
}

async function follow(client: HostClient): Promise<void> {
  let bar: ReturnType<typeof progressBar> | undefined;
  for (;;) {
    const { counts } = await client.get<RequestPage>(listPath(1));
    const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
    const open = (counts['pending'] ?? 0) + (counts['processing'] ?? 0);
    const waiting = counts['waiting_for_person'] ?? 0;
    bar ??= progressBar('Concluded', all, 'requests');
    // Those that wait for a person are not concluded; nobody waits here for them.
    bar.update(all - open - waiting, `(${counts['error'] ?? 0} in error, ${waiting} wait for a person)`);
    if (open === 0) break;
    await delay(followEveryMs);
  }
  bar.stop();
}

/** Looks until the request is concluded, or waits for a person: that may take days. */
async function followOne(client: HostClient, path: string): Promise<RequestDetail> {
  let bar: ReturnType<typeof progressBar> | undefined;
  for (;;) {
    const request = await client.get<RequestDetail>(path);
    const { state, tasks } = request;
    bar ??= progressBar('Concluded', tasks.length, 'tasks');
    bar.update(tasks.filter(({ concludedAt }) => concludedAt !== undefined).length);
    if (state !== 'pending' && state !== 'processing') {
      bar.stop();
      return request;
    }
    await delay(followEveryMs);
  }
}

/** @param dayOf tells the day of a time by the host's zone: that one on which a request is due. */
function pageText({ items, counts, total }: RequestPage, dayOf: (time: string) => string, output: Output): string {
  if (items.length === 0) return countsText({ counts });
  const rows = items.map(({ requestId, right, state, tasks, dueAt, timing }) => {
    const how = erased.has(state) && tasks.some(({ basis }) => basis === 'submission') ? ' on submission' : '';
    return [requestId, right, `${state}${how}`, dayOf(dueAt), timing];
  });
  const table = output.table(['request', 'right', 'state', 'due', 'timing'], rows);
  return [countsText({ counts }), table, ...(total > items.length ? [`${items.length} of ${total} shown.`] : [])].join(
    '\n',
  );
}

function countsText({ counts }: Pick<RequestPage, 'counts'>): string {
  const states = Object.entries(counts).filter(([, count]) => count > 0);
  return states.map(([state, count]) => `${count} ${state}`).join(' · ') || 'No requests.';
}
