/** A host's lifecycle on a real database with a scripted vendor and a clock that the test moves. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConnectorConfig, FaultData, Identifier, QuotaReading } from 'connector-contract';
import { eq } from 'drizzle-orm';
import { demandReconnect, holdBack, keepQuota } from '../../src/connections/condition.js';
import { viewOf } from '../../src/connections/view.js';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import { type ConnectionDoor, Lifecycle, type OpenConnection } from '../../src/lifecycle/lifecycle.js';
import type { ConnectorRunner } from '../../src/plugins/runner.js';
import { sealIdentifiers } from '../../src/requests/identifiers.js';
import { Keyring } from '../../src/sealing/keyring.js';
import type { Database } from '../../src/store/database.js';
import { connections, events, operations, requests, tasks } from '../../src/store/schema.js';
import { testContext } from '../plugins/context.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { expectTallied } from '../tallied.js';
import { VirtualClock } from '../virtual-clock.js';
import { ScriptedVendor, type Terms } from './scripted-vendor.js';

export const minutes = 60_000;
export const hours = 60 * minutes;
export const days = 24 * hours;

/** Connections whose connectors are given, with their condition in the real table. */
export class GivenConnections implements ConnectionDoor {
  readonly runners = new Map<string, ConnectorRunner>();
  config: ConnectorConfig = {};

  constructor(
    private readonly db: Database,
    private readonly now: () => number,
  ) {}

  async add(id: string, runner: ConnectorRunner): Promise<void> {
    this.runners.set(id, runner);
    const row = { id, connector: runner.manifest.id, name: id, state: 'active', capabilities: ['deletion'] };
    await this.db.orm
      .insert(connections)
      .values({ ...row, config: {}, facts: {} })
      .onConflictDoNothing();
  }

  async open(id: string, signal: AbortSignal): Promise<OpenConnection | undefined> {
    const [row] = await this.db.orm.select().from(connections).where(eq(connections.id, id));
    const runner = this.runners.get(id);
    if (row?.state !== 'active' || runner === undefined) return undefined;
    const ctx = testContext(this.config, { signal });
    const reconnect = (fault: FaultData) => demandReconnect(this.db, id, fault, new Date(this.now()), row.secrets);
    return { view: viewOf(row, this.now()), runner, config: this.config, ctx, reconnect };
  }

  async hold(id: string, until: Date, code: string): Promise<void> {
    await holdBack(this.db, id, until, code, new Date(this.now()));
  }

  async noteQuota(id: string, reading: QuotaReading, group = ''): Promise<void> {
    await keepQuota(this.db, id, reading, group, new Date(this.now()));
  }

  async setState(id: string, state: string): Promise<void> {
    await this.db.orm.update(connections).set({ state }).where(eq(connections.id, id));
  }
}

/** How a stage is set up. */
export interface StageOptions {
  readonly terms?: Terms;
  readonly config?: ConnectorConfig;
  readonly planWindowMs?: number;
  readonly pollIntervalMs?: number;
  /** Operations that are submitted at a time. */
  readonly submitters?: number;
}

/** Everything a test of the lifecycle needs. */
export class Stage {
  private closed: Promise<void> | undefined;

  private constructor(
    private readonly database: TestDatabase,
    readonly dataDir: string,
    readonly keyring: Keyring,
    readonly clock: VirtualClock,
    readonly connections: GivenConnections,
    readonly vendor: ScriptedVendor,
    private readonly options: StageOptions,
    public engine: PgBossEngine,
    public lifecycle: Lifecycle,
  ) {}

  get db(): Database {
    return this.database.db;
  }

  get url(): string {
    return this.database.url;
  }

  /** Sets the stage with one connection, `c1`. */
  static async open(options: StageOptions = {}): Promise<Stage> {
    const database = await testDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'connector-host-stage-'));
    const keyring = await Keyring.open(database.db, { dataDir });
    const clock = new VirtualClock();
    const door = new GivenConnections(database.db, () => clock.now());
    const vendor = new ScriptedVendor(options.terms);
    door.config = options.config ?? {};
    await door.add('c1', vendor);
    const [engine, lifecycle] = parts(database.db, keyring, clock, door, options);
    const stage = new Stage(database, dataDir, keyring, clock, door, vendor, options, engine, lifecycle);
    await stage.start();
    return stage;
  }

  /** Another process on the same database; the one before is forgotten, not stopped. */
  async restart(): Promise<void> {
    await this.lifecycle.stop(0);
    [this.engine, this.lifecycle] = parts(this.db, this.keyring, this.clock, this.connections, this.options);
    await this.start();
  }

  /** A second process on the same database, beside the first; its stop is answered. */
  async another(): Promise<() => Promise<void>> {
    const [, lifecycle] = parts(this.db, this.keyring, this.clock, this.connections, this.options);
    await lifecycle.start({ plan: 1, submit: this.options.submitters ?? 4, follow: 4 });
    return () => lifecycle.stop(0);
  }

  private async start(): Promise<void> {
    await this.lifecycle.start({ plan: 1, submit: this.options.submitters ?? 4, follow: 4 });
  }

  /** Ends it; may be called twice. */
  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    await this.lifecycle.stop(0);
    // Whatever a test did, the counts that the database keeps are what there is.
    await expectTallied(this.database.db.orm).finally(async () => {
      await this.database.drop();
      await rm(this.dataDir, { recursive: true, force: true });
    });
  }

  /** Stores deletion requests as an intake does, and wakes the lifecycle. */
  async addPeople(
    people: Readonly<Record<string, readonly string[]>>,
    more: { dueAt?: Date; on?: readonly string[] } = {},
  ): Promise<void> {
    const keys = await this.keyring.people();
    const now = new Date(this.clock.now());
    const dueAt = more.dueAt ?? new Date(now.getTime() + 30 * days);
    const on = more.on ?? ['c1'];
    const all = Object.entries(people);
    const sealed = all.map(([requestId, values]) => sealIdentifiers(keys, requestId, values.map(identifier)));
    await this.db.pool.query(
      `with fresh as (
        insert into connector_host.requests (request_id, "right", state, digest, identifiers, fingerprints, created_at, received_at, due_at)
        select id, 'deletion', 'processing', '', sealed, '{}', $3, $3, $4 from unnest($1::text[], $2::bytea[]) as p (id, sealed)
        returning id
      )
      insert into connector_host.tasks (request, connection, "right", state, due_at, created_at)
      select fresh.id, c, 'deletion', 'pending', $4, $3 from fresh cross join unnest($5::text[]) as c order by fresh.id`,
      [all.map(([requestId]) => requestId), sealed, now, dueAt, on],
    );
    for (const connection of on) await this.lifecycle.wake(connection);
  }

  /** Lets everything happen that is due, until nothing is. Time moves by what the engine's polling needs, some seconds. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      await this.clock.engine.tick(2_000);
      quiet = (await this.unfinished()) === 0 ? quiet + 1 : 0;
    }
  }

  /**
   * Jobs that are ready or at work. Handlers wait for the vendor and the database, which live in real time: while one is at work the
   * clock stands still, or a busy machine would let minutes of it go by; unless somebody waits for the clock itself.
   */
  private async unfinished(): Promise<number> {
    for (; ; await pause(2)) {
      const depths = Object.values(await this.engine.depths());
      const active = depths.reduce((sum, depth) => sum + depth.active, 0);
      if (active === 0 || this.clock.sleepers > 0) {
        return depths.reduce((sum, { ready }) => sum + ready, active + (await this.comingBack()));
      }
    }
  }

  /**
   * Jobs that are done again within seconds: they failed, as where a busy machine let a lease be lost, or were put off by a second, as where
   * the one before had not given up its lease yet.
   */
  private async comingBack(): Promise<number> {
    const { rows } = await this.db.pool.query<{ soon: number }>(
      `select count(*)::int as soon from connector_host_jobs.job
       where state in ('created', 'retry') and start_after > $1::timestamptz
         and start_after <= $1::timestamptz + (case state when 'retry' then 10 else 1 end) * interval '1 second'`,
      [new Date(this.clock.now())],
    );
    return rows[0]?.soon ?? 0;
  }

  /** Moves the clock, and lets everything happen that is due then. */
  async pass(ms: number): Promise<void> {
    await this.clock.engine.setTime(this.clock.now() + ms);
    await this.idle();
  }

  async operations(): Promise<(typeof operations.$inferSelect)[]> {
    return this.db.orm.select().from(operations).orderBy(operations.id);
  }

  /** States of tasks by request. */
  async task(requestId: string, connection = 'c1'): Promise<typeof tasks.$inferSelect> {
    const [found] = await this.db.orm
      .select({ task: tasks, connection: tasks.connection })
      .from(tasks)
      .innerJoin(requests, eq(requests.id, tasks.request))
      .where(eq(requests.requestId, requestId))
      .then((all) => all.filter((one) => one.connection === connection));
    if (found === undefined) throw new Error(`There is no task of ${requestId}`);
    return found.task;
  }

  async request(requestId: string): Promise<typeof requests.$inferSelect> {
    const [found] = await this.db.orm.select().from(requests).where(eq(requests.requestId, requestId));
    if (found === undefined) throw new Error(`There is no request ${requestId}`);
    return found;
  }

  /** What was kept of one kind of event, in order. */
  async eventsOf(kind: string): Promise<(typeof events.$inferSelect)[]> {
    return this.db.orm.select().from(events).where(eq(events.kind, kind)).orderBy(events.id);
  }

  /** Kinds of all events so far, in order. */
  async kinds(): Promise<string[]> {
    return (await this.db.orm.select({ kind: events.kind }).from(events).orderBy(events.id)).map(({ kind }) => kind);
  }
}

function parts(
  database: Database,
  keyring: Keyring,
  clock: VirtualClock,
  door: GivenConnections,
  { planWindowMs = minutes, pollIntervalMs }: StageOptions,
): [PgBossEngine, Lifecycle] {
  const engine = new PgBossEngine({ db: database, log: testLog, clock: clock.engine });
  const setting = {
    db: database,
    engine,
    connections: door,
    manifestOf: () => door.runners.values().next().value?.manifest,
    people: () => keyring.people(),
    offers: async () => new Map(),
    clock,
    zone: 'UTC',
    log: testLog,
    planWindowMs,
  };
  return [engine, new Lifecycle({ ...setting, ...(pollIntervalMs === undefined ? {} : { pollIntervalMs }) })];
}

function identifier(text: string): Identifier {
  return text.includes('@') ? { kind: 'email', value: text } : { kind: 'user_id', value: text };
}

/** `count` people, each known by one user id. */
export function crowd(count: number, prefix = 'u'): Record<string, readonly string[]> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}-${i}`, [`${prefix}${i}`]]));
}
