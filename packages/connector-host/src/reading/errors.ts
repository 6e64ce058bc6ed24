/** What is in error and not closed, by cause: how many people each is about, and what trying them again would cost. */
import type { FaultData } from 'connector-contract';
import { sql } from 'drizzle-orm';
import { connectionFaultCodes } from '../connections/faults.js';
import type { Database } from '../store/database.js';
import { connections, requests, tasks } from '../store/schema.js';
import { toldFault } from './advice.js';

/** Errors of one cause at one connection. */
export interface ErrorGroup {
  readonly connection: string;
  readonly code: string;
  /** The newest of them, as an example: message and remedy. */
  readonly error: FaultData;
  readonly people: number;
  /** Of these, who can be tried again: they are known still, and the connection is there. */
  readonly retryable: number;
  /** Identifiers that trying those again would send, which is what counts against the vendor's quota. */
  readonly identifiers: number;
}

/** Of people at a connection that was removed, some may have been submitted and others not: what is said of one does not hold for all. */
const ofAllRemoved: FaultData = {
  code: 'CONNECTION_REMOVED',
  kind: 'config',
  retryable: false,
  message: `${connectionFaultCodes.CONNECTION_REMOVED} Each request says whether it had been submitted.`,
  remedy:
    'Look at each request. Connect the system again and send a new request where it was not carried out; then close the error.',
};

/** Reads all groups, the largest first. */
export async function groupErrors(db: Database): Promise<readonly ErrorGroup[]> {
  const { rows } = await db.orm.execute<Omit<ErrorGroup, 'error'> & { fault: FaultData | null }>(sql`
    with failed as (
      select t.id, t.request, t.connection, t.fault, coalesce(t.fault ->> 'code', '') as code,
        cardinality(r.fingerprints) as identifiers, r.identifiers is not null and c.state <> 'removed' as again
      from ${tasks} t join ${requests} r on r.id = t.request join ${connections} c on c.id = t.connection
      where t.state = 'error' and r.closed is null
    )
    select g.*, f.fault from (
      select connection, code, count(distinct request)::int as people,
        count(distinct request) filter (where again)::int as retryable,
        coalesce(sum(identifiers) filter (where again), 0)::int as identifiers, max(id) as newest
      from failed group by connection, code
    ) g join failed f on f.id = g.newest
    order by g.people desc, g.connection, g.code`);
  return rows.map(({ connection, people, retryable, identifiers, fault }) => {
    const error = toldFault(fault?.code === 'CONNECTION_REMOVED' ? ofAllRemoved : fault);
    return { connection, code: error.code, error, people, retryable, identifiers };
  });
}
