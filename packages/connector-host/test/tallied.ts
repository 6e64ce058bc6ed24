/** Holds the counts that the database keeps against counting. */
import { expect } from '@jest/globals';
import { sql } from 'drizzle-orm';
import type { Queryable } from '../src/store/database.js';

const quarter = (column: string) => `to_timestamp(floor(extract(epoch from ${column}) / 900) * 900)`;
const never = `'-infinity'::timestamptz`;
const ms = `greatest(round(extract(epoch from concluded_at - created_at) * 1000), 0)`;

const counted = [
  `select 'state', state, ${never}, count(*), 0 from connector_host.requests group by 2`,
  `select 'due', state, due_at, count(*), 0 from connector_host.requests where settled_at is null group by 2, 3`,
  `select 'accepted', '', ${quarter('created_at')}, count(*), 0 from connector_host.requests group by 3`,
  `select 'concluded', state, ${quarter('concluded_at')}, count(*), 0 from connector_host.requests where concluded_at is not null group by 2, 3`,
  `select 'waiting', connection, coalesce(due_at, 'infinity'), count(*), 0 from connector_host.tasks where state = 'pending' and "right" = 'deletion' group by 2, 3`,
  `select 'open', connection, coalesce(due_at, 'infinity'), count(*), 0 from connector_host.tasks where concluded_at is null group by 2, 3`,
  `select 'expected', connection, expected_by, count(*), 0 from connector_host.tasks where concluded_at is null and expected_by is not null group by 2, 3`,
  `select 'errors', connection, ${never}, count(*), 0 from connector_host.tasks where state = 'error' group by 2`,
  `select 'took', '', date_trunc('day', concluded_at at time zone 'UTC') at time zone 'UTC', count(*), sum(${ms}) from connector_host.tasks
    where "right" = 'deletion' and state in ('complete', 'complete_with_exceptions') and concluded_at is not null group by 3`,
].join('\nunion all\n');

/** Fails where a count that is kept is not what there is. */
export async function expectTallied(db: Queryable): Promise<void> {
  const { rows } = await db.execute(sql`
    with counted (what, key, at, n, ms) as (${sql.raw(counted)}),
    kept as (
      select what, case what when 'took' then '' else key end as key, at, sum(n) as n, sum(ms) as ms from connector_host.tallies group by 1, 2, 3
    )
    select what, key, at, kept.n as kept, counted.n as counted, kept.ms as "keptMs", counted.ms as "countedMs"
      from kept full join counted using (what, key, at)
     where coalesce(kept.n, 0) <> coalesce(counted.n, 0) or coalesce(kept.ms, 0) <> coalesce(counted.ms, 0)`);
  expect(rows).toEqual([]);
}
