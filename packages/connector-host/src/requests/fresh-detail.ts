/** A request that was stored just now, as it is shown: from what was written, without reading it again. Pure. */
import { shownDetail } from './detail.js';
import type { GroupMember, StoredRequest } from './group-intake.js';
import { maskIdentifiers } from './identifiers.js';
import type { Reader } from './list.js';
import type { RequestBody } from './request-body.js';
import { composeTimeline } from './timeline-of.js';
import type { RequestDetail } from './views.js';

const noVendors: ReadonlyMap<string, string> = new Map();

/** Shows it as `reader` may see it. */
export function freshDetail(
  { identifiers }: RequestBody,
  member: GroupMember,
  stored: StoredRequest,
  reader: Reader,
): RequestDetail {
  const { createdAt, receivedAt, dueAt, ...columns } = member.request;
  const at = new Date(createdAt);
  const due = new Date(dueAt);
  const request = {
    ...columns,
    id: stored.id,
    digest: none,
    identifiers: none,
    fingerprints: [],
    createdAt: at,
    receivedAt: new Date(receivedAt),
    dueAt: due,
    corrects: null,
    extension: null,
    concludedAt: null,
    settledAt: null,
    closed: null,
    purgedAt: null,
  };
  const tasks = member.tasks.map(({ concludedAt, ...task }) => ({
    ...task,
    id: stored.tasks[task.connection] ?? 0,
    request: stored.id,
    basis: null,
    leftOver: null,
    ownEnded: null,
    answer: null,
    operation: null,
    fault: null,
    dueAt: due,
    expectedBy: null,
    createdAt: at,
    concludedAt: concludedAt === null ? null : new Date(concludedAt),
  }));
  const events = member.events.map(({ kind, actor = null, data = {} }) => ({
    id: stored.events[kind] ?? 0,
    at,
    kind,
    request: stored.id,
    task: null,
    operation: null,
    connection: null,
    work: null,
    actor,
    data,
  }));
  const timeline = composeTimeline(request, tasks, events, [], noVendors);
  const shown = reader.identify ? identifiers : maskIdentifiers(identifiers);
  return shownDetail({ request, tasks, operations: [] }, [], timeline, shown, createdAt);
}

const none = Buffer.alloc(0);
