/** Makes requests durable, many at a time: once `store` has answered, they survive a crash of the host and of the machine. */
import type { PoolClient, QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Database } from '../store/database.js';
import { diskFull } from '../store/disk-full.js';
import { transact } from '../store/transact.js';
import { batchColumns, type IntakeBatch } from './intake-batch.js';

/** What became of a batch. Positions are those in which its requests were added. */
export interface IntakeResult {
  readonly accepted: number;
  /** The same request was there already. */
  readonly duplicates: readonly number[];
  /** Another request stands under that id. */
  readonly different: readonly number[];
}

/** What the batch was made of is no more: a connection was made or removed, or the key replaced. Nothing was stored; read both and make it again. */
export class BatchOutdated extends Error {}

const into = (tables: { readonly requests: string; readonly tasks: string }) => ({
  requests: `copy ${tables.requests} (${batchColumns.requests}) from stdin (format binary)`,
  tasks: `copy ${tables.tasks} (${batchColumns.tasks}) from stdin (format binary)`,
});

const copyToTables = into({ requests: 'connector_host.requests', tasks: 'connector_host.tasks' });
const copyToStage = into({ requests: 'intake_requests', tasks: 'intake_tasks' });

const stage = ['requests', 'tasks']
  .map(
    (table) => `create temp table if not exists intake_${table} on commit delete rows as
      select ${batchColumns[table as keyof typeof batchColumns]} from connector_host.${table} limit 0`,
  )
  .join(';');

// Statistics of a temporary table are not at hand: without them the server may compare each row with each. By request id, so that two
// uploads of the same people in another order wait for each other in one direction only.
const acceptNew = `set local enable_nestloop = off; with fresh as (
  insert into connector_host.requests (${batchColumns.requests}) overriding system value
  select ${batchColumns.requests} from intake_requests order by request_id on conflict (request_id) do nothing returning id
), given as (
  insert into connector_host.tasks (${batchColumns.tasks})
  select ${batchColumns.tasks} from intake_tasks where request in (select id from fresh) order by request
)
select count(*)::int as accepted, min(id)::float8 as first from fresh`;

const clashes = `select s.id::float8 as id, r.digest is not distinct from s.digest as same
  from intake_requests s join connector_host.requests r using (request_id) where r.id <> s.id`;

/** How often a batch is stored again after a deadlock. Each has to do with another sender's batch, so that one seldom meets a second. */
const DEADLOCKS = 10;

/** What of a batch is in the tables now. */
export interface Stored {
  /** How many are new. */
  readonly accepted: number;
  /** The lowest of their row ids. */
  readonly first: number;
  /** Requests of the batch of which something is doubtful. */
  readonly doubtful: number;
  /** Requests of the batch for which a person is waited for. */
  readonly waiting: number;
  readonly now: Date;
}

/** What {@link Intake.store} does in the same transaction. */
export type Alongside = (client: PoolClient, stored: Stored) => Promise<void>;

/**
 * Stores the requests of one sender. Holds a connection of the pool only while a transaction runs, so that many senders cannot wait for
 * each other's; several batches may be stored at once.
 */
export class Intake {
  /** Whether the last batch held what was there already; the next one may, too. */
  private known = false;

  constructor(private readonly db: Pick<Database, 'pool' | 'shortage'>) {}

  /**
   * Stores a batch in one transaction that is on disk when this answers.
   *
   * Its rows go straight into the tables. Where some of the requests are there already the server refuses that, and the batch goes by a
   * temporary table, from which only the new ones are taken over.
   * @param alongside what else belongs into the transaction, once the rows are in.
   * @throws BatchOutdated where a target is gone, a connection is new, or the key that sealed it is replaced; HostProblem DISK_FULL where it would take the
   *   room that is left to conclude what was accepted.
   */
  async store(batch: IntakeBatch, alongside?: Alongside): Promise<IntakeResult> {
    const shortage = await this.db.shortage();
    if (shortage) throw diskFull(shortage);
    let write = this.known ? storeSome : storeNew;
    for (let deadlocks = 0; ; ) {
      try {
        const result = await this.transaction(batch, write, alongside);
        if (write === storeSome) this.known = result.accepted < batch.size;
        return result;
      } catch (error) {
        const { code, schema } = error as { code?: string; schema?: string };
        const known = write === storeNew && code === '23505' && schema === 'connector_host';
        // Of uploads of the same people that wait for each other the server lets one fail: what it wrote is undone, and it may begin again.
        if (code === '40P01') deadlocks += 1;
        if (!(known || (code === '40P01' && deadlocks <= DEADLOCKS))) throw error;
        write = storeSome;
      }
    }
  }

  /**
   * Lets the planner know how much there is now: until the server finds out by itself, lists would be read in a slow way. Only columns by
   * which rows are chosen: the wide ones would take most of the time, and the sender waits for it.
   */
  async analyze(): Promise<void> {
    await this.db.pool.query(`analyze connector_host.requests (id, state),
      connector_host.tasks (request, connection, state, operation, due_at)`);
  }

  private async transaction(
    batch: IntakeBatch,
    write: typeof storeNew,
    alongside: Alongside | undefined,
  ): Promise<IntakeResult> {
    return transact(this.db.pool, async (client) => {
      const ids = await begin(client, batch);
      const { first, ...result } = await write(client, batch, ids);
      if (alongside && result.accepted > 0) {
        const { doubtful, waiting, now } = batch;
        await alongside(client, { accepted: result.accepted, first, doubtful, waiting, now: new Date(now) });
      }
      await client.query('commit');
      return result;
    });
  }
}

/**
 * Begins a transaction and draws row ids. The connections are held until commit, so that none can be removed between the choice of
 * targets and the tasks for it, and none that is new by then is left out; the key is, so that whoever replaces it then finds what it
 * sealed. One message: while rows are read and sealed, each answer of the server is a wait.
 */
async function begin(client: PoolClient, batch: IntakeBatch): Promise<readonly number[]> {
  const answers = (await client.query(`begin; set local synchronous_commit = on;
    select id from connector_host.connections where state <> 'removed' order by id for key share;
    select id from connector_host.data_keys where id = ${client.escapeLiteral(batch.sealingKey)} and retired_at is null for share;
    select array_agg(nextval('connector_host.requests_id_seq')::float8) as ids from generate_series(1, ${batch.size})`)) as unknown as QueryResult[];
  const [held, key, drawn] = answers.slice(-3) as [QueryResult<{ id: string }>, QueryResult, QueryResult];
  const there = new Set(held.rows.map(({ id }) => id));
  const same = [...there].every((id) => batch.connections.has(id)) && [...batch.targets].every((id) => there.has(id));
  if (!same || key.rowCount !== 1) throw new BatchOutdated();
  const [{ ids }] = drawn.rows as [{ ids: number[] }];
  return ids;
}

/** What became of a batch, and the lowest row id of the requests that are new. */
type Written = IntakeResult & { readonly first: number };

async function storeNew(client: PoolClient, batch: IntakeBatch, ids: readonly number[]): Promise<Written> {
  const rows = batch.rows(ids);
  await copy(client, copyToTables.requests, rows.requests);
  await copy(client, copyToTables.tasks, rows.tasks);
  return { accepted: batch.size, duplicates: [], different: [], first: ids[0] ?? 0 };
}

async function storeSome(client: PoolClient, batch: IntakeBatch, ids: readonly number[]): Promise<Written> {
  const rows = batch.rows(ids);
  await client.query(stage);
  await copy(client, copyToStage.requests, rows.requests);
  await copy(client, copyToStage.tasks, rows.tasks);
  const answers = (await client.query(acceptNew)) as unknown as QueryResult[];
  const [{ accepted, first }] = (answers.at(-1) as QueryResult).rows as [{ accepted: number; first: number | null }];
  const places = new Map(ids.map((id, at) => [id, at]));
  const known = accepted === batch.size ? [] : (await client.query<{ id: number; same: boolean }>(clashes)).rows;
  const of = (same: boolean) =>
    known
      .filter((one) => one.same === same)
      .map(({ id }) => places.get(id) ?? 0)
      .sort((a, b) => a - b);
  return { accepted, duplicates: of(true), different: of(false), first: first ?? 0 };
}

async function copy(client: PoolClient, statement: string, rows: Buffer): Promise<void> {
  const stream = client.query(copyFrom(statement));
  await new Promise<void>((resolve, reject) => {
    // For good: where the server ends it while rows are going out, a second error follows the first.
    stream.once('finish', resolve).on('error', reject);
    stream.end(rows);
  });
}
