/** What a correction ended, and what becomes of it where nothing comes of the request that was to take the place. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { requests, tasks } from '../store/schema.js';
import { appendEvents } from '../timeline.js';

/**
 * Takes back what requests ended that correct others, as far as they were taken back or failed: what is left over of the person is open
 * again where their task did nothing. An error that was closed is open again where it was taken back; where it failed it is in error itself.
 * @param successors ids of requests that correct others.
 * @returns the ids of requests whose states are to follow.
 */
export async function reopenCorrected(tx: Queryable, successors: readonly number[], at: Date): Promise<number[]> {
  const pairs = sql`${requests} s join ${requests} p on p.request_id = s.corrects join ${tasks} n on n.request = s.id
    join ${tasks} o on o.request = p.id and o.connection = n.connection
    where s.id = any((select ${sql.param([...successors])}::bigint[])::bigint[])`;
  const { rows: left } = await tx.execute<{ task: number; request: number; by: string }>(sql`
    update ${tasks} t set own_leftover = 'open', own_ended = null, left_over = 'open' from (
      select o.id, s.request_id as by from ${pairs} and n.state in ('cancelled', 'error')
        and o.left_over is not null and o.own_ended ->> 'correctedBy' = s.request_id
    ) w where t.id = w.id returning t.id::float8 as task, t.request::float8 as request, w.by`);
  const { rows: closed } = await tx.execute<{ request: number; by: string }>(sql`
    update ${requests} r set closed = null from (
      select distinct p.id, s.request_id as by from ${pairs} and n.state = 'cancelled' and o.state = 'error'
        and p.closed ->> 'correctedBy' = s.request_id
    ) w where r.id = w.id returning r.id::float8 as request, w.by`);
  await appendEvents(tx, [
    ...left.map(({ task, by }) => ({ at, kind: 'task.leftover_reopened', task, data: { by } }) as const),
    ...closed.map(({ request, by }) => ({ at, kind: 'request.reopened', request, data: { by } }) as const),
  ]);
  return [...new Set([...left, ...closed].map(({ request }) => request))];
}
