/**
 * A request that was stored just now, as it is shown: from what was written, without reading it again. Pure. Columns are named one by
 * one: to copy objects by rest and spread took much of the time of accepting a request.
 */
import { shownDetail } from '../reading/detail.js';
import type { Reader } from '../reading/list.js';
import { composeTimeline } from '../reading/timeline-of.js';
import type { RequestDetail } from '../reading/views.js';
import { maskIdentifiers } from '../requests/identifiers.js';
import type { RequestBody } from '../requests/request-body.js';
import type { GroupMember, StoredRequest } from './group-intake.js';

const noVendors: ReadonlyMap<string, string> = new Map();

/** Shows it as `reader` may see it. */
export function freshDetail(
  { identifiers }: RequestBody,
  member: GroupMember,
  stored: StoredRequest,
  reader: Reader,
): RequestDetail {
  const made = member.request;
  const at = new Date(made.createdAt);
  const due = new Date(made.dueAt);
  const request = {
    id: stored.id,
    requestId: made.requestId,
    right: made.right,
    state: made.state,
    jurisdiction: made.jurisdiction,
    jurisdictionDays: made.jurisdictionDays,
    doubts: made.doubts,
    digest: none,
    identifiers: none,
    fingerprints: [],
    createdAt: at,
    receivedAt: new Date(made.receivedAt),
    dueAt: due,
    corrects: null,
    extension: null,
    concludedAt: null,
    settledAt: null,
    closed: null,
    purgedAt: null,
  };
  const tasks = member.tasks.map(({ connection, right, state, accessStep, ownLeftover, concludedAt }) => ({
    id: stored.tasks[connection] ?? 0,
    request: stored.id,
    connection,
    right,
    state,
    accessStep,
    ownLeftover,
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
  return shownDetail({ request, tasks, operations: [] }, [], timeline, shown, made.createdAt);
}

const none = Buffer.alloc(0);
