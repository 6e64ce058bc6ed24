/** Work items, read: a page of them, one with its history. What is open and due first stands first. */
import { type SQL, sql } from 'drizzle-orm';
import { filled } from '../given.js';
import { HostProblem } from '../problem.js';
import { endOfDay } from '../requests/zoned-days.js';
import type { Database, Queryable } from '../store/database.js';
import {
  countedTo,
  countTo,
  cursorAfter,
  type Page,
  type PageQuery,
  placeOfCursor,
  type Total,
  totalOf,
  usualPage,
} from '../store/page.js';
import { connections, contactAsks, events, requests, systems, tasks, workItems } from '../store/schema.js';
import { timelineText } from '../timeline.js';
import type { WorkKind, WorkState } from './kinds.js';
import { type DueWord, SOON_MS, type WorkRow, type WorkView, workView } from './view.js';

/** Which items; every condition that is given must hold. */
export interface WorkFilter extends PageQuery {
  readonly kind?: WorkKind;
  /** `ended`: however. */
  readonly state?: WorkState | 'ended';
  readonly connection?: string;
  /** As {@link WorkView.system} has it. */
  readonly system?: string;
  /** Row id of a task that waits for an answer. */
  readonly task?: number;
  /** E-mail of the owner, or the name, whatever the case; `none` for those of nobody. */
  readonly owner?: string;
  /** A word, or the last day (ISO 8601 date) on which it is due, by the host's zone. */
  readonly due?: DueWord | string;
}

/** When a list is asked for (milliseconds since the epoch), and the zone in which the host counts days. */
export interface Asked {
  readonly now: number;
  readonly zone: string;
}

/** Something that happened to an item. */
export interface WorkEvent {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: string;
  /** Plain words. */
  readonly text: string;
  /** Id of who did it; absent for the host itself. */
  readonly actor?: string;
}

/** An item with its history, oldest first. */
export interface WorkDetail extends WorkView {
  readonly history: readonly WorkEvent[];
}

/** What stands in the cursor for an item that is never due: after all others. */
const NEVER = 999_999_999_999_999;

const time = (column: SQL) => sql`floor(extract(epoch from ${column}) * 1000)::float8`;

/** When an item is due, as the indexes have it: what is never due comes after all others. */
const dueBy = sql`coalesce(due_at, timestamptz 'infinity')`;

/** What a list is ordered by; one of open items alone has an index of its own. */
function order(open: boolean): SQL {
  return open ? sql`${dueBy}, id` : sql`(state <> 'open'), ${dueBy}, id`;
}

function rows(
  db: Queryable,
  where: SQL,
  { limit, open = false }: { readonly limit: number; readonly open?: boolean },
): Promise<{ readonly rows: readonly WorkRow[] }> {
  return db.execute<WorkRow>(sql`
    select w.id::float8 as id, w.kind, w.state, w.connection, w.system, w.about::float8 as about, w.name, w.owner_name, w.owner_email,
      ${time(sql`w.due_at`)} as due, w.people::float8 as people, ${time(sql`w.opened_at`)} as opened, ${time(sql`w.listed_at`)} as listed,
      ${time(sql`w.read_at`)} as read,
      w.ended, c.name as connection_name, r.request_id,
      case when a.task is not null then jsonb_build_object('contact', a.contact, 'asked', ${time(sql`a.asked_at`)},
        'by', ${time(sql`a.answer_by`)}, 'messages', a.messages,
        'taken', (select count(*) from ${events} e where e.task = a.task and e.kind = 'task.contact_asked'), 'written', ${time(sql`a.taken_at`)},
        'next', ${time(sql`a.next_at`)}, 'silent', ${time(sql`a.silent_at`)}) end as ask, s.treatment ->> 'kind' as treatment,
      case when s.treatment ->> 'kind' = 'by-hand' then s.treatment ->> 'instructions' end as instructions
    from (select * from ${workItems} w where ${where}
      order by ${order(open)} limit ${limit}) w
      left join ${connections} c on c.id = w.connection
      left join ${tasks} t on w.kind = 'direct-contact' and t.id = w.about
      left join ${requests} r on r.id = t.request
      left join ${contactAsks} a on w.kind = 'direct-contact' and a.work = w.id
      left join ${systems} s on w.kind in ('erase-elsewhere', 'decide-system') and s.connection = w.connection and s.key = w.system
    order by (w.state <> 'open'), coalesce(w.due_at, timestamptz 'infinity'), w.id`);
}

const overdue = (now: number) => sql`${dueBy} <= ${new Date(now).toISOString()}::timestamptz`;

function dueCondition(due: string, { now, zone }: Asked): SQL {
  const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
  switch (due) {
    case 'overdue':
      return overdue(now);
    case 'soon':
      return sql`${dueBy} > ${at(now)} and ${dueBy} <= ${at(now + SOON_MS)}`;
    case 'later':
      return sql`${dueBy} > ${at(now + SOON_MS)}`;
    default: {
      const day = /^\d{4}-\d{2}-\d{2}$/.test(due) ? Date.parse(due) : Number.NaN;
      if (!Number.isNaN(day)) return sql`${dueBy} <= ${at(endOfDay(due, zone))}`;
      const message = 'due must be overdue, soon, later, or a day such as 2026-01-31.';
      throw new HostProblem('INPUT_INVALID', message, { errors: [{ field: 'due', code: 'INVALID', message }] });
    }
  }
}

function conditions({ kind, state, connection, system, task, owner, due }: WorkFilter, asked: Asked): SQL {
  const all: SQL[] = [sql`true`];
  if (kind !== undefined) all.push(sql`kind = ${kind}`);
  if (state !== undefined) all.push(state === 'ended' ? sql`state <> 'open'` : sql`state = ${state}`);
  if (connection !== undefined) all.push(sql`connection = ${connection}`);
  if (system !== undefined) all.push(sql`system = ${system}`);
  if (task !== undefined) all.push(sql`kind = 'direct-contact' and system = '' and about = ${task}`);
  if (owner === 'none') all.push(sql`owner_name is null`);
  else if (owner?.includes('@')) all.push(sql`lower(coalesce(owner_email, owner_name)) = lower(${owner}::text)`);
  else if (owner !== undefined) all.push(sql`lower(owner_name) = lower(${owner}::text)`);
  if (due !== undefined) all.push(dueCondition(due, asked));
  return sql.join(all, sql` and `);
}

/** A page of items. Throws HostProblem CURSOR_INVALID, INPUT_INVALID. */
export async function listWork(db: Database, filter: WorkFilter, asked: Asked): Promise<Page<WorkView>> {
  const limit = filter.limit ?? usualPage;
  const where = conditions(filter, asked);
  let after = sql`true`;
  if (filter.cursor !== undefined) {
    const [closed = 0, due = 0, id = 0] = placeOfCursor(filter.cursor, 3);
    const from = due === NEVER ? sql`timestamptz 'infinity'` : sql`${new Date(due).toISOString()}::timestamptz`;
    after =
      filter.state === 'open'
        ? sql`(${order(true)}) > (${from}, ${id}::bigint)`
        : sql`(${order(false)}) > (${closed === 1}::boolean, ${from}, ${id}::bigint)`;
  }
  const { rows: found } = await rows(db.orm, sql`${where} and ${after}`, {
    limit: limit + 1,
    open: filter.state === 'open',
  });
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => workView(row, asked.now)),
    ...(found.length > limit && last !== undefined
      ? { nextCursor: cursorAfter(last.state === 'open' ? 0 : 1, last.due ?? NEVER, last.id) }
      : {}),
    ...(await totalOf(db.orm, workItems, where)),
  };
}

/** One item with its history; `undefined` where there is none. */
export async function workDetail(db: Database, id: number, now: number): Promise<WorkDetail | undefined> {
  const [row] = (await rows(db.orm, sql`id = ${id}`, { limit: 1 })).rows;
  if (row === undefined) return undefined;
  const { rows: told } = await db.orm.execute<{ at: number; kind: string; actor: string | null; data: unknown }>(sql`
    select ${time(sql`at`)} as at, kind, actor, data from ${events} where work = ${id} order by id`);
  const history = told.map(
    (event): WorkEvent => ({
      at: new Date(event.at).toISOString(),
      kind: event.kind,
      text: timelineText(event),
      ...filled({ actor: event.actor }),
    }),
  );
  return { ...workView(row, now), history };
}

/** How much is open, and of that overdue; and of somebody's own. */
export interface WorkCounts extends Pick<Total, 'countedTo'> {
  readonly open: number;
  readonly overdue: number;
  readonly mine: number;
}

/** Counts what is open. @param email of whom `mine` is, where it is known. */
export async function countWork(db: Database, email: string | undefined, now: number): Promise<WorkCounts> {
  const open = (which: SQL) => countTo(sql`from ${workItems} where state = 'open' and ${which}`);
  const { rows: found } = await db.orm.execute<WorkCounts & Record<string, unknown>>(sql`
    select ${open(sql`true`)} as open, ${open(overdue(now))} as overdue,
      ${open(sql`lower(coalesce(owner_email, owner_name)) = lower(${email ?? null}::text)`)} as mine`);
  const counts = found[0] ?? { open: 0, overdue: 0, mine: 0 };
  return { ...counts, ...countedTo(counts.open, counts.overdue, counts.mine) };
}
