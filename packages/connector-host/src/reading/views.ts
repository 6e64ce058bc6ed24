/** Requests and tasks as they are shown. All times are ISO 8601. */
import type { FaultData, FieldIssue, Identifier } from 'connector-contract';
import { filled, given } from '../given.js';
import type { Answer } from '../requests/answer.js';
import type { Closing } from '../requests/closing.js';
import type { Extension } from '../requests/extend.js';
import type { Jurisdiction } from '../requests/legal-clock.js';
import type { Right } from '../requests/request-body.js';
import {
  type Basis,
  type LeftOver,
  type RequestState,
  requestStateOf,
  type TaskStanding,
  type TaskState,
  type WaitsFor,
} from '../requests/states.js';
import { isSlow, type Timing, timingOf } from '../requests/timing.js';
import type { requests, tasks } from '../store/schema.js';
import { toldFault, type Way, waysOut } from './advice.js';
import type { LeftoverView } from './leftovers.js';
import type { OperationView } from './operation-view.js';

/** What is done for a person at one connection. */
export interface TaskView {
  readonly id: number;
  readonly connection: string;
  readonly state: TaskState;
  /** How the access step reads. */
  readonly accessStep?: 'access_skipped' | 'direct_contact';
  /** Id of the operation that it was put into; where that was divided, the request's `operations` tell by their `parent` which part carries it. */
  readonly operation?: number;
  /** Why, for `error` and `waiting_for_person`. */
  readonly error?: FaultData;
  /** The ways out of an `error` that help. */
  readonly ways?: readonly Way[];
  /** What a person has to do, for `waiting_for_person`: answer, decide about a submission, or about an identifier. */
  readonly waitsFor?: WaitsFor;
  /** On whose word it is concluded; for the complete states. */
  readonly basis?: Basis;
  /** How its leftovers stand together; absent while it is not complete, and where they were not recorded. */
  readonly leftOver?: LeftOver;
  /** What somebody answered, where a person had to be asked. */
  readonly answer?: Answer;
  /** When the vendor is expected to be done: its own word, or what its connector says it takes. */
  readonly expectedBy?: string;
  /** That has passed, and it is not. */
  readonly slow: boolean;
  readonly concludedAt?: string;
}

/** A request in a list. */
export interface RequestSummary {
  readonly requestId: string;
  readonly right: Right;
  readonly state: RequestState;
  /** When the person asked. */
  readonly receivedAt: string;
  readonly jurisdiction: Jurisdiction;
  /** Days that the jurisdiction `other` gives. */
  readonly days?: number;
  /** By when the law wants the person served, an extension included. */
  readonly dueAt: string;
  readonly extension?: Extension;
  /** By `dueAt` alone. Of a request that is settled: whether it was so in time. */
  readonly timing: Timing;
  /** Values are masked for those who may not see them; empty once purged. */
  readonly identifiers: readonly Identifier[];
  readonly acceptedAt: string;
  readonly expectedBy?: string;
  readonly concludedAt?: string;
  /** When nothing was left to be done about it. */
  readonly settledAt?: string;
  /** The request that it corrects: one in error, or of which a vendor did not know the person. */
  readonly corrects?: string;
  /** How its error was closed: it stays in error, and nothing is to be done any more. */
  readonly closed?: Closing;
  /** How many things are left over, each counted once for the request. */
  readonly openLeftovers: number;
  /** When the identifiers were purged. */
  readonly purgedAt?: string;
  readonly tasks: readonly TaskView[];
}

/** One line of a timeline. */
export interface TimelineEntry {
  /** Absent for what follows from the rows alone. */
  readonly id?: number;
  readonly at: string;
  readonly kind: string;
  /** Plain words. */
  readonly text: string;
  readonly connection?: string;
  readonly task?: number;
  readonly operation?: number;
  /** Id of who did it; absent for the host itself. */
  readonly actor?: string;
}

/** Why identifiers nearly always are damage, and whether a person has said that they are meant. */
export interface DoubtfulView {
  readonly reasons: readonly FieldIssue[];
  readonly allowed: boolean;
}

/** A request with everything that is known of it. */
export interface RequestDetail extends RequestSummary {
  /** What the deletion did not do, by name; how each ended stays. */
  readonly leftovers: readonly LeftoverView[];
  /** Concluded by a host that did not record leftovers: that there are none here says nothing. */
  readonly leftoversRecorded: boolean;
  /** What is doubtful of its identifiers, without their values; absent where nothing is. */
  readonly doubtful?: DoubtfulView;
  readonly timeline: readonly TimelineEntry[];
  readonly operations: readonly OperationView[];
}

/** Shows a task. */
export function taskView(row: typeof tasks.$inferSelect, now: number): TaskView {
  const { expectedBy, concludedAt } = row;
  return {
    id: row.id,
    connection: row.connection,
    state: row.state as TaskState,
    ...filled({ accessStep: row.accessStep as 'access_skipped' | null, operation: row.operation }),
    ...errorOf(row),
    ...(row.state === 'waiting_for_person' ? { waitsFor: waitsForOf(row) } : {}),
    ...filled({
      basis: row.basis as Basis | null,
      leftOver: row.leftOver as LeftOver | null,
      answer: row.answer as Answer | null,
    }),
    slow: isSlow(row, now),
    ...given({ expectedBy: expectedBy?.toISOString(), concludedAt: concludedAt?.toISOString() }),
  };
}

function errorOf({ state, fault }: Pick<typeof tasks.$inferSelect, 'state' | 'fault'>) {
  if (state !== 'error' && fault === null) return {};
  const error = toldFault(fault as FaultData | null);
  return state === 'error' ? { error, ways: waysOut(error) } : { error };
}

/** What of a task its request's state depends on. */
function standingOf({ state, leftOver }: TaskView): TaskStanding {
  return { state, leftOver: leftOver ?? null };
}

function waitsForOf({ accessStep, operation }: typeof tasks.$inferSelect): WaitsFor {
  if (accessStep === 'direct_contact') return 'answer';
  return operation === null ? 'identifier' : 'decision';
}

/**
 * Shows a request with its tasks.
 * @param identifiers those that may be shown.
 */
export function summaryView(
  row: Omit<typeof requests.$inferSelect, 'digest' | 'identifiers' | 'fingerprints'>,
  tasks: readonly TaskView[],
  identifiers: readonly Identifier[],
  now: number,
  openLeftovers: number,
): RequestSummary {
  // The last of the vendors decides when the person can expect to be done.
  const expectedBy = tasks
    .flatMap((task) => task.expectedBy ?? [])
    .sort()
    .at(-1);
  return {
    requestId: row.requestId,
    right: row.right as Right,
    state: row.state === 'processing' ? requestStateOf(tasks.map(standingOf)) : (row.state as RequestState),
    receivedAt: row.receivedAt.toISOString(),
    jurisdiction: row.jurisdiction as Jurisdiction,
    ...filled({ days: row.jurisdictionDays }),
    dueAt: row.dueAt.toISOString(),
    ...filled({ extension: row.extension as Extension | null }),
    timing: timingOf(row, now),
    identifiers,
    acceptedAt: row.createdAt.toISOString(),
    ...filled({
      expectedBy,
      concludedAt: row.concludedAt?.toISOString(),
      settledAt: row.settledAt?.toISOString(),
      corrects: row.corrects,
      closed: row.closed as Closing | null,
    }),
    openLeftovers,
    ...given({ purgedAt: row.purgedAt?.toISOString() }),
    tasks: tasks.map((task) => (task.ways === undefined ? task : { ...task, ways: waysLeft(task.ways, row) })),
  };
}

/** What is closed is closed no second time, and nobody whose identifiers were purged is sent again. */
function waysLeft(
  ways: readonly Way[],
  { closed, purgedAt }: Pick<typeof requests.$inferSelect, 'closed' | 'purgedAt'>,
) {
  return ways.filter((way) => (way === 'retry' ? purgedAt === null : closed === null));
}
