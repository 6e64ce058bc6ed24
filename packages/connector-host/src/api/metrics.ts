/** Figures of the whole host, read from the database when asked for: the same whichever process answers. */
import { and, count, inArray, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { slowCondition, timings, unsettledCondition } from '../requests/timing.js';
import { detections, events, operations, requests, tasks } from '../store/schema.js';
import type { EventKind } from '../timeline.js';
import type { ApiParts } from './parts.js';

const prefix = 'connector_host_';

type Labels = Readonly<Record<string, string>>;

/** What became of the submissions that are over, by the state of their operation. */
const outcomes: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  processing: 'accepted',
  completed: 'accepted',
  completed_with_exceptions: 'accepted',
  failed: 'accepted',
  expired: 'accepted',
  refused: 'refused',
  divided: 'refused',
  uncertain: 'uncertain',
  undecided: 'uncertain',
};

/** Events that tell what a call came to that leaves no other trace; of a check the event itself says its status. */
const told: { readonly [K in EventKind]?: Readonly<{ call: string; outcome?: string }> } = {
  'operation.found': { call: 'reconcile', outcome: 'found' },
  'operation.absent': { call: 'reconcile', outcome: 'absent' },
  'operation.undecided': { call: 'reconcile', outcome: 'undecided' },
  'operation.repeated': { call: 'reconcile', outcome: 'undecided' },
  'connection.created': { call: 'check' },
  'connection.checked': { call: 'check' },
  'connection.check_failed': { call: 'check' },
  'connection.check_refused': { call: 'check' },
};

/** The host's figures in Prometheus' format. */
export class Metrics {
  private readonly registry = new Registry();
  private reading: Promise<string> | undefined;
  private readonly gauges: Readonly<Record<keyof typeof helps, Gauge>>;

  constructor(
    private readonly parts: Pick<ApiParts, 'db' | 'engine' | 'connections' | 'clock' | 'clocks' | 'processes'>,
  ) {
    collectDefaultMetrics({ register: this.registry, prefix });
    const make = ([name, [help, ...labelNames]]: [string, readonly string[]]) =>
      [name, new Gauge({ name: prefix + name, help: help ?? name, labelNames, registers: [this.registry] })] as const;
    this.gauges = Object.fromEntries(Object.entries(helps).map(make)) as Record<keyof typeof helps, Gauge>;
  }

  /** Media type of {@link read}. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** Reads all figures afresh; whoever comes meanwhile gets the same. */
  read(): Promise<string> {
    this.reading ??= this.readAfresh().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readAfresh(): Promise<string> {
    for (const gauge of Object.values(this.gauges)) gauge.reset();
    await Promise.all([
      this.readRequests(),
      this.readTasks(),
      this.readOperations(),
      this.readOtherCalls(),
      this.readQueues(),
      this.readConnections(),
      this.readClocks(),
    ]);
    return this.registry.metrics();
  }

  private set(name: keyof typeof helps, labels: Labels, value: number): void {
    this.gauges[name].set(labels, value);
  }

  private async readRequests(): Promise<void> {
    const { db, clock } = this.parts;
    for (const timing of timings) {
      this.set(
        'requests_unsettled',
        { timing },
        await db.orm.$count(requests, unsettledCondition(timing, clock.now())),
      );
    }
  }

  private async readTasks(): Promise<void> {
    const now = new Date(this.parts.clock.now());
    const rows = await this.parts.db.orm
      .select({
        connection: tasks.connection,
        state: tasks.state,
        count: count(),
        oldest: sql<number>`extract(epoch from ${now.toISOString()}::timestamptz - min(${tasks.createdAt}))::float8`,
        slow: sql<number>`count(*) filter (where ${slowCondition(now.getTime())})::int`,
      })
      .from(tasks)
      .where(isNull(tasks.concludedAt))
      .groupBy(tasks.connection, tasks.state);
    const slow = new Map<string, number>();
    for (const { connection, state, ...row } of rows) {
      this.set('tasks_open', { connection, state }, row.count);
      if (state === 'pending') this.set('oldest_pending_seconds', { connection }, Math.max(0, row.oldest));
      slow.set(connection, (slow.get(connection) ?? 0) + row.slow);
    }
    for (const [connection, value] of slow) this.set('tasks_slow', { connection }, value);
  }

  private async readOperations(): Promise<void> {
    const rows = await this.parts.db.orm
      .select({
        connection: operations.connection,
        state: operations.state,
        count: count(),
        polls: sql<number>`coalesce(sum(${operations.polls}), 0)::int`,
        attempts: sql<number>`coalesce(sum(${operations.attempts}), 0)::int`,
      })
      .from(operations)
      .groupBy(operations.connection, operations.state);
    const calls = new Map<string, { labels: Labels; value: number }>();
    const add = (labels: Labels, value: number) => {
      const key = Object.values(labels).join(' ');
      calls.set(key, { labels, value: (calls.get(key)?.value ?? 0) + value });
    };
    for (const { connection, state, polls, attempts, ...row } of rows) {
      this.set('operations', { connection, state }, row.count);
      const outcome = outcomes[state];
      if (outcome !== undefined) add({ connection, call: 'submit', outcome }, row.count);
      // Each call before the last one was not taken, or its answer was lost; of one that is planned again, the last one too.
      const earlier = outcome === undefined ? (state === 'planned' ? attempts : 0) : Math.max(0, attempts - row.count);
      if (earlier > 0) add({ connection, call: 'submit', outcome: 'not_taken' }, earlier);
      if (polls > 0) add({ connection, call: 'status', outcome: 'answered' }, polls);
    }
    for (const { labels, value } of calls.values()) this.set('vendor_calls', labels, value);
  }

  /** Calls that are not counted in an operation: those that looked for a lost submission, checks of a connection, and detections. */
  private async readOtherCalls(): Promise<void> {
    const { orm } = this.parts.db;
    const status = sql<string | null>`${events.data} ->> 'status'`;
    const found = await orm
      .select({ connection: events.connection, kind: events.kind, status, count: count() })
      .from(events)
      .where(and(isNotNull(events.connection), inArray(events.kind, Object.keys(told))))
      .groupBy(events.connection, events.kind, status);
    for (const { connection, kind, status, count } of found) {
      const { call = '', outcome = status ?? 'unknown' } = told[kind as EventKind] ?? {};
      this.gauges.vendor_calls.inc({ connection: connection ?? '', call, outcome }, count);
    }
    const looks = await orm
      .select({ connection: detections.connection, outcome: detections.state, count: count() })
      .from(detections)
      .where(ne(detections.state, 'running'))
      .groupBy(detections.connection, detections.state);
    for (const { connection, outcome, count } of looks)
      this.set('vendor_calls', { connection, call: 'detect', outcome }, count);
  }

  private async readQueues(): Promise<void> {
    for (const [job, depth] of Object.entries(await this.parts.engine.depths())) {
      for (const [state, value] of Object.entries(depth)) this.set('jobs', { job, state }, value as number);
    }
  }

  /** Of this process, unlike the others. */
  private async readClocks(): Promise<void> {
    for (const { name, aheadMs } of (await this.parts.processes?.list()) ?? [])
      this.set('process_clock_ahead_seconds', { process: name }, aheadMs / 1000);
    const standing = this.parts.clocks?.standing();
    if (standing === undefined) return;
    this.set('clock_ahead_seconds', { of: 'machine' }, standing.aheadMs / 1000);
    for (const [id, ms] of standing.vendors) this.set('clock_ahead_seconds', { of: id }, ms / 1000);
  }

  private async readConnections(): Promise<void> {
    for (const { id, state, quota, held } of await this.parts.connections.list()) {
      this.set('connection_active', { connection: id }, state === 'active' ? 1 : 0);
      this.set('connection_held', { connection: id }, held === undefined ? 0 : 1);
      if (quota?.remaining !== undefined) this.set('quota_left', { connection: id }, quota.remaining);
    }
  }
}

/** Help, then labels, by name. */
const helps = {
  tasks_open: ['Tasks that are not concluded', 'connection', 'state'],
  oldest_pending_seconds: ['Age of the oldest task that waits for a batch', 'connection'],
  requests_unsettled: ['Requests that are not settled, by the time that the law gives', 'timing'],
  tasks_slow: ["Open tasks past the vendor's own estimate", 'connection'],
  operations: ['Operations', 'connection', 'state'],
  vendor_calls: ['Calls to the vendor that were answered, or whose answer was lost', 'connection', 'call', 'outcome'],
  jobs: ['Jobs of the durable engine', 'job', 'state'],
  connection_active: ['1 where a connection is active', 'connection'],
  connection_held: ['1 where a connection is held back', 'connection'],
  process_clock_ahead_seconds: ["How far the clock of each process's machine is ahead of the database's", 'process'],
  clock_ahead_seconds: [
    "How far a clock is ahead of the database's, by this process: its machine's, or a vendor's by connection",
    'of',
  ],
  quota_left: ['Subjects the vendor still takes this period', 'connection'],
} as const;
