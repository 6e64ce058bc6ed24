/** Makes requests durable, many at a time: once `store` has answered, they survive a crash of the host and of the machine. */
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { CopyBuffer } from './copy-rows.js';
import { sealIdentifiers } from './identifiers.js';
import type { Offer } from './offers.js';
import { canonicalText, type RequestBody, Right } from './request-body.js';

/** A request ready to be stored: what a person is known by is sealed and fingerprinted by now. */
export interface IntakeRow {
  readonly requestId: string;
  readonly right: Right;
  readonly digest: Buffer;
  readonly sealed: Buffer;
  readonly fingerprints: readonly bigint[];
  /** Connections it goes to. */
  readonly targets: readonly string[];
  /** Of these, the ones that erase the whole person. */
  readonly wholeRecord: readonly string[];
  readonly dueAt: Date;
}

/** What became of stored rows. Positions are those in the list that was given. */
export interface IntakeResult {
  readonly accepted: number;
  /** The same request was there already. */
  readonly duplicates: readonly number[];
  /** Another request stands under that id. */
  readonly different: readonly number[];
}

/** A connection was removed since the offers were read: nothing was stored; read them again. */
export class OffersChanged extends Error {}

/** By when a person must be served where the sender does not say: a month, as GDPR article 12(3) asks. */
export const DEFAULT_DUE_MS = 30 * 24 * 3_600_000;

/** Seals one request for the table. */
export function intakeRow(body: RequestBody, targets: readonly Offer[], people: PeopleKeys, now: number): IntakeRow {
  return {
    requestId: body.requestId,
    right: body.right,
    digest: people.digest(canonicalText(body)),
    sealed: sealIdentifiers(people, body.requestId, body.identifiers),
    fingerprints: body.identifiers.map(({ kind, value }) => people.fingerprint(kind, value)),
    targets: targets.map(({ connection }) => connection),
    wholeRecord: targets.filter(({ wholeRecord }) => wholeRecord).map(({ connection }) => connection),
    dueAt: body.dueAt === undefined ? new Date(now + DEFAULT_DUE_MS) : new Date(body.dueAt),
  };
}

const stage = `create temp table if not exists intake_stage (
  n integer, request_id text collate "C", "right" text, digest bytea, identifiers bytea, fingerprints bigint[],
  targets text[], whole_record text[], due_at timestamptz) on commit delete rows`;

const copy = 'copy intake_stage from stdin (format binary)';

// A person whose task ends at acceptance (an access request to a named contact) is concluded with it.
const accept = `with fresh as (
  insert into connector_host.requests (request_id, "right", state, digest, identifiers, fingerprints, created_at, concluded_at)
  select request_id, "right", case "right" when 'deletion' then 'processing' else 'complete' end, digest, identifiers,
    fingerprints, $1::timestamptz, case "right" when 'deletion' then null else $1::timestamptz end
  from intake_stage order by n
  on conflict (request_id) do nothing
  returning id, request_id
), given as (
  insert into connector_host.tasks (request, connection, "right", state, access_step, due_at, created_at, concluded_at)
  select fresh.id, target, s."right", case s."right" when 'deletion' then 'pending' else 'complete' end,
    case when s."right" <> 'deletion' then 'direct_contact' when target = any (s.whole_record) then 'access_skipped' end,
    s.due_at, $1::timestamptz, case s."right" when 'deletion' then null else $1::timestamptz end
  from fresh join intake_stage s using (request_id) cross join unnest(s.targets) target
  order by s.n
)
select count(*)::int as accepted, min(id) as first from fresh`;

// Rows this transaction wrote carry its own id; the others were there before, whoever wrote them.
const clashes = `select s.n, r.digest = s.digest as same from intake_stage s join connector_host.requests r using (request_id)
  where r.xmin <> pg_current_xact_id()::xid order by s.n`;

// Held until commit, so that a connection cannot be removed between the choice of targets and the tasks for it.
const holdConnections = `select id from connector_host.connections where id = any ($1) and state <> 'removed' order by id for share`;

/** What {@link Intake.store} does in the same transaction: told how many are new, the lowest of their row ids, and the time. */
export type Alongside = (client: PoolClient, accepted: number, first: number, now: Date) => Promise<void>;

/** One database connection that stores requests. Release it when done. */
export class Intake {
  private broken = false;

  private constructor(private readonly client: PoolClient) {}

  /** Takes a connection from the pool. */
  static async open(db: Database): Promise<Intake> {
    const client = await db.pool.connect();
    try {
      await client.query(stage);
      return new Intake(client);
    } catch (error) {
      client.release(error instanceof Error ? error : true);
      throw error;
    }
  }

  /**
   * Stores rows with distinct request ids, and their tasks, in one transaction that is on disk when this answers.
   * @param alongside what else belongs into the transaction, once the rows are in.
   * @throws OffersChanged where a target is gone.
   */
  async store(rows: readonly IntakeRow[], now: Date, alongside?: Alongside): Promise<IntakeResult> {
    try {
      await this.client.query('begin; set local synchronous_commit = on');
      const targets = [...new Set(rows.flatMap((row) => row.targets))];
      const held = await this.client.query(holdConnections, [targets]);
      if (held.rowCount !== targets.length) throw new OffersChanged();
      await this.fill(rows);
      const answer = await this.client.query<{ accepted: number; first: string | null }>(accept, [now]);
      const { accepted = 0, first = null } = answer.rows[0] ?? {};
      const known =
        accepted === rows.length ? [] : (await this.client.query<{ n: number; same: boolean }>(clashes)).rows;
      if (alongside && accepted > 0) await alongside(this.client, accepted, Number(first), now);
      await this.client.query('commit');
      return {
        accepted,
        duplicates: known.filter(({ same }) => same).map(({ n }) => n),
        different: known.filter(({ same }) => !same).map(({ n }) => n),
      };
    } catch (error) {
      await this.client.query('rollback').catch(() => {
        this.broken = true;
      });
      throw error;
    }
  }

  /** Lets the planner know how much there is now: until the server finds out by itself, lists would be read in a slow way. */
  async analyze(): Promise<void> {
    await this.client.query('analyze connector_host.requests, connector_host.tasks');
  }

  /** Gives the connection back to the pool. */
  release(): void {
    this.client.release(this.broken);
  }

  private async fill(rows: readonly IntakeRow[]): Promise<void> {
    const buffer = new CopyBuffer();
    rows.forEach((row, n) => {
      const { requestId, right, digest, sealed, fingerprints, targets, wholeRecord, dueAt } = row;
      buffer.add([n, requestId, right, digest, sealed, fingerprints, targets, wholeRecord, dueAt]);
    });
    const into = this.client.query(copyFrom(copy));
    await new Promise<void>((resolve, reject) => {
      into.once('finish', resolve).once('error', reject);
      into.end(buffer.finish());
    });
  }
}
