/** Ends work in systems that deletions left over, and opens it again. What is left over follows at once, or in the job where it is much. */
import type { FieldIssue } from 'connector-contract';
import { eq } from 'drizzle-orm';
import type { Actor } from '../../access/roles.js';
import { noWorkItem } from '../../not-there.js';
import { HostProblem } from '../../problem.js';
import { attachFiles, removeEvidence } from '../../requests/files.js';
import { workItems } from '../../store/schema.js';
import { appendEvents } from '../../timeline.js';
import { demandNoIssues, openItem } from '../../work/assign.js';
import { workEvent } from '../../work/items.js';
import type { EndOfWork, Evidence, WorkKind, WorkOutcome } from '../../work/kinds.js';
import { namesInWork } from '../../work/naming.js';
import type { LifecycleParts } from '../parts.js';
import { followWork } from './follow-work.js';

/** How somebody says that work ended. */
export interface WorkEnd {
  readonly outcome: WorkOutcome;
  /** How it was done, or why it was not. */
  readonly reason: string;
  /** For `done`: who did it, and when (ISO 8601); whoever it belongs to, and now, where absent. */
  readonly doneBy?: string;
  readonly doneAt?: string;
  readonly evidence?: Omit<Evidence, 'files'>;
  /** Files that were sent for it. */
  readonly files?: readonly number[];
}

/** What has to happen instead, for work that ends by itself with what it is about. */
const insteadOf: Readonly<Partial<Record<WorkKind, string>>> = {
  'decide-submission': 'Say whether the vendor has the batch: POST /api/v1/operations/{id}/settle.',
  reconnect: 'Give the connection a credential that works, or check it again.',
  'decide-system': 'Decide how people are treated in the system, or archive it.',
  'doubtful-identifiers': 'Say of each request whether its identifiers are meant, or cancel it.',
};

/** Why work is not done yet, and what to do first. */
const UNREAD = 'Nobody has downloaded the list of the people in this work, so nobody can know whom to erase.';
const READ_IT =
  'Download it first, then erase them: “Download the people” in the console, connector-host work people ID --to FILE, or GET /api/v1/work/{id}/people. not_needed and could_not need no list.';

function isPage(link: string): boolean {
  return URL.canParse(link) && /^https?:$/.test(new URL(link).protocol);
}

/** What is wrong with an end. Pure. */
function workEndIssues({ outcome, reason, doneBy, doneAt, evidence }: WorkEnd, now: number): FieldIssue[] {
  const issues: FieldIssue[] = [];
  if (reason.trim() === '') {
    const message = outcome === 'done' ? 'Say how it was done.' : 'Say why.';
    issues.push({ field: 'reason', code: 'REQUIRED', message });
  }
  if (outcome !== 'done') {
    for (const [field, value] of Object.entries({ doneBy, doneAt })) {
      if (value === undefined) continue;
      const message = `${field} goes with the outcome done alone.`;
      issues.push({ field, code: 'INVALID', message, remedy: 'Leave it out.' });
    }
  } else if (doneAt !== undefined && Date.parse(doneAt) > now) {
    issues.push({ field: 'doneAt', code: 'INVALID', message: 'doneAt is still to come.' });
  }
  if (evidence?.link !== undefined && !isPage(evidence.link)) {
    const message = 'The link is no address of a page.';
    issues.push({ field: 'evidence.link', code: 'INVALID', message, remedy: 'It begins with https:// or http://.' });
  }
  return issues;
}

/**
 * Ends an item of `erase-elsewhere`.
 * @throws HostProblem NOT_FOUND; STATE_FORBIDS where it has ended, ends with what it is about, or would be done for people whom nobody was
 * shown; REQUEST_INVALID.
 */
export async function endWorkItem(parts: LifecycleParts, id: number, end: WorkEnd, actor: Actor): Promise<void> {
  const at = new Date(parts.clock.now());
  demandNoIssues(workEndIssues(end, at.getTime()));
  const people = await parts.people();
  await parts.db.orm.transaction(async (tx) => {
    const row = await openItem(tx, id);
    const instead = insteadOf[row.kind as WorkKind];
    if (instead !== undefined) {
      throw new HostProblem('STATE_FORBIDS', 'This work ends by itself, with what it is about.', { remedy: instead });
    }
    if (row.kind !== 'erase-elsewhere') throw new HostProblem('STATE_FORBIDS', 'This work ends with an answer.');
    // Nobody can have erased people whom nobody was shown.
    if (end.outcome === 'done' && row.readAt === null)
      throw new HostProblem('STATE_FORBIDS', UNREAD, { remedy: READ_IT });
    const why = end.reason.trim();
    const { reason, doneBy, evidence: { text, link } = {} } = end;
    demandNoIssues(
      await namesInWork(tx, people, row, { reason, doneBy, 'evidence.text': text, 'evidence.link': link }),
    );
    const { files = [] } = end;
    await attachFiles(tx, { work: id }, files, at);
    const evidence: Evidence = { ...end.evidence, ...(files.length === 0 ? {} : { files: files.length }) };
    const ended: EndOfWork = {
      at: at.toISOString(),
      by: actor.id,
      why,
      ...(end.outcome === 'done'
        ? { doneBy: end.doneBy?.trim() || row.ownerName || actor.name, doneAt: end.doneAt ?? at.toISOString() }
        : {}),
      ...(Object.keys(evidence).length === 0 ? {} : { evidence }),
    };
    await tx
      .update(workItems)
      .set({ state: end.outcome, ended, lagging: true, listedAt: row.listedAt ?? at })
      .where(eq(workItems.id, id));
    await followWork(tx, row.connection, at, id);
    await parts.engine.send('leftovers', { connection: row.connection }, {}, tx);
    const data = { outcome: end.outcome, reason: why, files: evidence.files };
    await appendEvents(tx, [workEvent(row, { at, kind: 'work.closed', actor: actor.id, data })]);
  });
}

/**
 * Opens an item again that somebody ended: what is left over in it is so again, and what showed its end is gone.
 * @throws HostProblem NOT_FOUND; STATE_FORBIDS where nobody ended it by hand; REQUEST_INVALID without a reason.
 */
export async function reopenWorkItem(parts: LifecycleParts, id: number, reason: string, actor: Actor): Promise<void> {
  const at = new Date(parts.clock.now());
  if (reason.trim() === '')
    demandNoIssues([{ field: 'reason', code: 'REQUIRED', message: 'Say why it is opened again.' }]);
  const people = await parts.people();
  await parts.db.orm.transaction(async (tx) => {
    const [row] = await tx.select().from(workItems).where(eq(workItems.id, id)).for('update');
    if (row === undefined) throw noWorkItem();
    const ended = row.ended as EndOfWork | null;
    if (row.kind !== 'erase-elsewhere' || ended === null || ended.by === undefined || row.listedAt === null) {
      throw new HostProblem('STATE_FORBIDS', 'Only work that somebody ended by hand can be opened again.');
    }
    if (ended.treatment !== undefined) {
      const remedy = 'Take the decision back, or make another.';
      throw new HostProblem('STATE_FORBIDS', 'A decision about the system ended this work.', { remedy });
    }
    demandNoIssues(await namesInWork(tx, people, row, { reason }));
    await removeEvidence(tx, id);
    await tx.update(workItems).set({ state: 'open', ended: null, lagging: true }).where(eq(workItems.id, id));
    await followWork(tx, row.connection, at, id);
    await parts.engine.send('leftovers', { connection: row.connection }, {}, tx);
    const data = { reason: reason.trim() };
    await appendEvents(tx, [workEvent(row, { at, kind: 'work.reopened', actor: actor.id, data })]);
  });
}
