/** Gives work to somebody. */
import type { FieldIssue } from 'connector-contract';
import { eq } from 'drizzle-orm';
import type { Actor } from '../access/roles.js';
import { noWorkItem } from '../not-there.js';
import { HostProblem } from '../problem.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database, Queryable } from '../store/database.js';
import { workItems } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { tellAssigned, workEvent } from './items.js';
import type { Owner } from './kinds.js';
import { namesInWork } from './naming.js';

/** Longest texts that are kept, in characters. */
export const workLimits = { name: 200, email: 254, note: 1_000, why: 2_000, text: 4_000, link: 2_000 } as const;

/** Who is to do it. */
export interface Assignment {
  /** `null`: nobody. */
  readonly owner: Owner | null;
  readonly note?: string;
  /** ISO 8601 time; only ever earlier than it is due now. */
  readonly dueAt?: string;
}

/** An open item, locked. Throws NOT_FOUND; STATE_FORBIDS where it has ended. */
export async function openItem(tx: Queryable, id: number): Promise<typeof workItems.$inferSelect> {
  const [row] = await tx.select().from(workItems).where(eq(workItems.id, id)).for('update');
  if (row === undefined) throw noWorkItem();
  if (row.state !== 'open') {
    const remedy = 'Open it again first, or look at how it ended.';
    throw new HostProblem('STATE_FORBIDS', 'This work has ended already.', { remedy });
  }
  return row;
}

/** Throws REQUEST_INVALID where there is something wrong. */
export function demandNoIssues(issues: readonly FieldIssue[]): void {
  const message = issues.map((issue) => issue.message).join(' ');
  if (issues.length > 0) throw new HostProblem('REQUEST_INVALID', message, { errors: issues });
}

function issuesOf({ owner, dueAt }: Assignment, latest: Date | null): FieldIssue[] {
  const issues: FieldIssue[] = [];
  if (owner !== null && owner.name.trim() === '') {
    issues.push({ field: 'owner.name', code: 'REQUIRED', message: 'The owner needs a name.' });
  }
  if (owner?.email !== undefined && !/^[^\s@<>]+@[^\s@<>]+$/.test(owner.email)) {
    issues.push({ field: 'owner.email', code: 'INVALID', message: 'This is not an e-mail address.' });
  }
  if (dueAt !== undefined && latest !== null && Date.parse(dueAt) > latest.getTime()) {
    const message = `The work cannot be due later than ${latest.toISOString()}: the law, or what was decided, asks for it by then.`;
    issues.push({ field: 'dueAt', code: 'TOO_LATE', message, remedy: 'Name an earlier time.' });
  }
  return issues;
}

/** Gives an open item to somebody, or to nobody. Throws HostProblem NOT_FOUND, STATE_FORBIDS, REQUEST_INVALID. */
export async function assignWork(
  db: Database,
  id: number,
  wish: Assignment,
  { people, actor, at }: { readonly people: PeopleKeys; readonly actor: Actor; readonly at: Date },
): Promise<void> {
  await db.orm.transaction(async (tx) => {
    const row = await openItem(tx, id);
    demandNoIssues(issuesOf(wish, row.dueAt));
    const { owner, note, dueAt } = wish;
    demandNoIssues(await namesInWork(tx, people, row, { note, 'owner.name': owner?.name }));
    const [ownerName, ownerEmail] = [owner?.name.trim() ?? null, owner?.email ?? null];
    const due = dueAt === undefined ? {} : { dueAt: new Date(dueAt) };
    await tx
      .update(workItems)
      .set({ ownerName, ownerEmail, ...due })
      .where(eq(workItems.id, id));
    const same = ownerEmail === row.ownerEmail && ownerName === row.ownerName;
    if (ownerName !== null && !same) await tellAssigned(tx, [{ ...row, ownerEmail, ...due }], at);
    const noted = same && dueAt === undefined && note !== undefined && note.trim() !== '';
    const kind = noted ? 'work.noted' : owner === null ? 'work.unassigned' : 'work.assigned';
    const data = { owner: ownerName ?? undefined, note: note?.trim() || undefined };
    await appendEvents(tx, [workEvent(row, { at, kind, actor: actor.id, data })]);
  });
}
