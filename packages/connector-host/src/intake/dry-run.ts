/** What would be sent, if it were sent now: batches, vendor calls, quota, and the systems that it would not reach. Changes nothing. */
import type { ConnectorManifest, FaultData, FieldIssue, Operation, Subject } from 'connector-contract';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Connections } from '../connections/connections.js';
import { lookedAsSet } from '../connections/look-settings.js';
import type { ConnectionView } from '../connections/view.js';
import { given } from '../given.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import { type UnreachedSystem, unreached } from '../requests/unreached.js';
import type { Database } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';

/** A batch that would be sent. */
export interface PlannedBatch {
  readonly subjects: number;
  readonly identifiers: number;
  /** UTF-8 bytes of the request body; absent in an estimate. */
  readonly bytes?: number;
}

/** What would happen at one connection. */
export interface ConnectionPlan {
  readonly connection: string;
  readonly name: string;
  readonly subjects: number;
  readonly identifiers: number;
  /** How many batches. */
  readonly operations: number;
  /** Calls to the vendor that submit them. */
  readonly vendorCalls: number;
  /** The first {@link mostBatches} of the batches. */
  readonly batches: readonly PlannedBatch[];
  /** Counted from the batch limits of the manifest, without opening anybody's identifiers. */
  readonly estimated: boolean;
  /** Identifiers that the vendor still takes this period, where anything is known of that. */
  readonly quotaLeft?: number;
  /** ISO 8601. */
  readonly quotaResetsAt?: string;
  /** Why nothing would go out right now: `paused`, `reconnect`, `CONNECTOR_UNAVAILABLE`, or the code it is held for. */
  readonly waits?: string;
  readonly rejected: readonly { readonly requestId: string; readonly error: FaultData }[];
  /** People of whom nothing is sent by which the vendor knows people: once it is done, they are left over (`NO_KNOWN_USER_ID`). */
  readonly notKnown: number;
  /** Names of the detected systems that the deletion would not reach. */
  readonly notReached: readonly string[];
  /** The same systems, with the reason. */
  readonly systemsNotReached: readonly Omit<UnreachedSystem, 'archived'>[];
  /** When systems were last looked for (ISO 8601). Absent where they never were under the settings of now, so that none in the list says nothing. */
  readonly systemsAsOf?: string;
  /** What a deletion by this connector never reaches, in plain words of the manifest. */
  readonly limits: readonly string[];
}

/** The answer of a dry run. */
export interface DryRun {
  readonly subjects: number;
  readonly vendorCalls: number;
  readonly connections: readonly ConnectionPlan[];
  /** Requests that would be kept back until a person says that their identifiers are meant; they are not counted above. */
  readonly doubtful: readonly DoubtfulRequest[];
}

/** A request with identifiers that nearly always are damage. */
export interface DoubtfulRequest {
  readonly requestId: string;
  readonly reasons: readonly FieldIssue[];
}

/** Batches listed one by one. */
const mostBatches = 100;

/** What a dry run stands on. */
export interface DryRunParts {
  readonly db: Database;
  readonly connections: Pick<Connections, 'get' | 'open'>;
  readonly registry: Pick<ConnectorRegistry, 'manifest' | 'runner'>;
}

type Counted = Pick<
  ConnectionPlan,
  'subjects' | 'identifiers' | 'operations' | 'vendorCalls' | 'batches' | 'estimated' | 'rejected'
>;

type NotKnown = Pick<ConnectionPlan, 'notKnown'>;

/** Batches for so many people, where each batch is filled to the limits of the manifest; none where that is gone. */
function estimateBatches(manifest: ConnectorManifest | undefined, subjects: number, identifiers: number): Counted {
  const people = { subjects, identifiers, estimated: true, rejected: [] };
  if (manifest === undefined) return { ...people, operations: 0, vendorCalls: 0, batches: [] };
  const { maxSubjects = Number.POSITIVE_INFINITY, maxIdentifiers = Number.POSITIVE_INFINITY } =
    manifest.deletion?.batch ?? {};
  const calls = Math.max(
    Math.ceil(subjects / maxSubjects),
    Math.ceil(identifiers / maxIdentifiers),
    subjects > 0 ? 1 : 0,
  );
  const share = (all: number, at: number) => Math.floor((all * (at + 1)) / calls) - Math.floor((all * at) / calls);
  const batches = Array.from({ length: Math.min(calls, mostBatches) }, (_, at) => ({
    subjects: share(subjects, at),
    identifiers: share(identifiers, at),
  }));
  return { ...people, operations: calls, vendorCalls: calls, batches };
}

function countBatches(
  subjects: readonly Subject[],
  operations: readonly Operation[],
  rejected: Counted['rejected'],
): Counted {
  const batches = operations.slice(0, mostBatches).map((one) => ({
    subjects: one.subjects.length,
    identifiers: one.identifierCount,
    bytes: one.bytes,
  }));
  return {
    subjects: subjects.length,
    identifiers: operations.reduce((sum, one) => sum + one.identifierCount, 0),
    operations: operations.length,
    vendorCalls: operations.length,
    batches,
    estimated: false,
    rejected,
  };
}

async function planned(
  parts: DryRunParts,
  id: string,
  manifest: ConnectorManifest,
  subjects: readonly Subject[],
): Promise<Counted> {
  const open = await parts.connections.open(id, AbortSignal.timeout(10_000));
  if (open === undefined) {
    return estimateBatches(
      manifest,
      subjects.length,
      subjects.reduce((sum, one) => sum + one.identifiers.length, 0),
    );
  }
  const plan = await open.runner.plan(subjects, open.config);
  const rejected = plan.rejected.map(({ subjectId, fault }) => ({ requestId: subjectId, error: fault }));
  return countBatches(subjects, plan.operations, rejected);
}

/** Counts people who already wait, without opening their identifiers. */
async function waiting(db: Database, connection: string | undefined) {
  return db.orm
    .select({
      connection: tasks.connection,
      subjects: sql<number>`count(*)::int`,
      identifiers: sql<number>`sum(cardinality(${requests.fingerprints}))::int`,
      notKnown: sql<number>`count(*) filter (where ${tasks.ownLeftover} = 'open')::int`,
    })
    .from(tasks)
    .innerJoin(requests, eq(requests.id, tasks.request))
    .where(
      and(
        eq(tasks.state, 'pending'),
        isNull(tasks.operation),
        eq(tasks.right, 'deletion'),
        connection === undefined ? undefined : eq(tasks.connection, connection),
      ),
    )
    .groupBy(tasks.connection)
    .orderBy(asc(tasks.connection));
}

function waits(view: ConnectionView, { registry }: DryRunParts): string | undefined {
  if (view.state !== 'active') return view.state;
  return registry.runner(view.connector) === undefined ? 'CONNECTOR_UNAVAILABLE' : view.held?.code;
}

/** @param covered as {@link unreached} has it. */
async function connectionPlan(
  parts: DryRunParts,
  view: ConnectionView,
  counted: Counted & NotKnown,
  covered?: (by: string) => boolean,
): Promise<ConnectionPlan> {
  const reason = waits(view, parts);
  const { remaining, resetsAt } = view.quota ?? {};
  const manifest = parts.registry.manifest(view.connector);
  const { systems, looked } = await unreached(parts.db.orm, view.id, covered);
  // What was found under other settings says nothing of what would be sent under those of now.
  const counts = manifest && looked && lookedAsSet(manifest, looked.settings, view.config);
  return {
    connection: view.id,
    name: view.name,
    ...counted,
    ...given({ quotaLeft: remaining, quotaResetsAt: resetsAt, waits: reason }),
    notReached: systems.map(({ name }) => name),
    systemsNotReached: systems,
    ...(counts ? { systemsAsOf: looked.at.toISOString() } : {}),
    limits: manifest?.deletion?.notReached ?? [],
  };
}

function together(connections: readonly ConnectionPlan[], subjects: number): DryRun {
  const vendorCalls = connections.reduce((sum, one) => sum + one.vendorCalls, 0);
  return { subjects, vendorCalls, connections, doubtful: [] };
}

/** Somebody who would be sent to a connection. `known`: by something that is sent there and by which its vendor knows people. */
export interface PlannedSubject {
  readonly subject: Subject;
  readonly known: boolean;
}

/** What would be sent for people who are not accepted yet. `wanted` by connection id; a subject's id is its request id. */
export async function planSubjects(
  parts: DryRunParts,
  wanted: ReadonlyMap<string, readonly PlannedSubject[]>,
): Promise<DryRun> {
  const subjects = new Map([...wanted].map(([id, people]) => [id, people.map(({ subject }) => subject)]));
  const plans: ConnectionPlan[] = [];
  for (const [id, people] of subjects) {
    const view = await parts.connections.get(id);
    const manifest = view && parts.registry.manifest(view.connector);
    const covered = (by: string) => {
      const there = new Set(subjects.get(by)?.map((one) => one.id));
      return people.every((one) => there.has(one.id));
    };
    if (view === undefined || manifest === undefined) continue;
    const notKnown = wanted.get(id)?.filter(({ known }) => !known).length ?? 0;
    const counted = { ...(await planned(parts, id, manifest, people)), notKnown };
    plans.push(await connectionPlan(parts, view, counted, covered));
  }
  return together(plans, new Set([...subjects.values()].flat().map((one) => one.id)).size);
}

/** How many people, and how many identifiers of theirs. */
export interface Waiting {
  readonly subjects: number;
  readonly identifiers: number;
  /** As {@link ConnectionPlan} has it. */
  readonly notKnown: number;
}

/** What would be sent for so many people, by connection id. `subjects`: all of them together, each counted once. */
export async function planCounts(
  parts: DryRunParts,
  counts: ReadonlyMap<string, Waiting>,
  subjects: number,
): Promise<DryRun> {
  const plans: ConnectionPlan[] = [];
  for (const [id, people] of counts) {
    const view = await parts.connections.get(id);
    const manifest = view && parts.registry.manifest(view.connector);
    if (view === undefined) continue;
    const counted = estimateBatches(manifest, people.subjects, people.identifiers);
    plans.push(await connectionPlan(parts, view, { ...counted, notKnown: people.notKnown }));
  }
  return together(plans, subjects);
}

/** What would be sent for people who wait already: everywhere, or at one connection. */
export async function planWaiting(parts: DryRunParts, connection?: string): Promise<DryRun> {
  const rows = await waiting(parts.db, connection);
  const counts = new Map(rows.map((row) => [row.connection, row]));
  return planCounts(
    parts,
    counts,
    rows.reduce((sum, one) => sum + one.subjects, 0),
  );
}
