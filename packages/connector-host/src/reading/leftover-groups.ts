/** What is left over and open, by connection, system and code: what somebody may end together, and of how many people. */
import { sql } from 'drizzle-orm';
import { filled } from '../given.js';
import { type LeftoverCode, leftoverCodes } from '../requests/leftover-codes.js';
import { notKnown } from '../requests/not-known.js';
import type { TreatmentKind } from '../requests/treatment.js';
import type { Database } from '../store/database.js';
import { leftovers, operations, systems, tasks } from '../store/schema.js';

/** Open leftovers that a filter of code, connection and system ends together. */
export interface LeftoverGroup {
  readonly connection: string;
  /** As {@link LeftoverView.system} has it. */
  readonly system?: string;
  readonly name: string;
  readonly code: LeftoverCode;
  /** Plain words: the newest reason, as an example. */
  readonly reason: string;
  /** People of the deletions that left it over. */
  readonly people: number;
  /** How many leftovers: a system's counts once for an operation. */
  readonly leftovers: number;
  /** When the first of them was opened, ISO 8601. */
  readonly since: string;
  /** What is decided about the system; `by-hand` leaves them open. */
  readonly treatment?: TreatmentKind;
}

type Row = Omit<LeftoverGroup, 'system' | 'since' | 'treatment'> & {
  readonly system: string;
  readonly since: Date;
  readonly treatment: TreatmentKind | null;
};

/** Reads all groups, those of the most people first. @param connection only there. */
export async function groupLeftovers(db: Database, connection?: string): Promise<readonly LeftoverGroup[]> {
  const at = (column: ReturnType<typeof sql>) =>
    connection === undefined ? sql`true` : sql`${column} = ${connection}`;
  const { rows } = await db.orm.execute<Row & Record<string, unknown>>(sql`
    select g.*, s.treatment ->> 'kind' as treatment from (
      select l.connection, l.system, l.code, (array_agg(l.name order by l.id desc))[1] as name,
        (array_agg(l.reason order by l.id desc))[1] as reason, sum(o.subjects)::float8 as people, count(*)::float8 as leftovers,
        to_jsonb(min(l.opened_at)) as since
      from ${leftovers} l join ${operations} o on o.id = l.operation
      where l.state = 'open' and ${at(sql`l.connection`)} group by 1, 2, 3
      union all
      select t.connection, '', 'NO_KNOWN_USER_ID', 'The person', ${leftoverCodes.NO_KNOWN_USER_ID}, count(*)::float8, count(*)::float8,
        to_jsonb(min(t.concluded_at))
      from ${tasks} t where ${notKnown} and ${at(sql`t.connection`)} group by 1
    ) g left join ${systems} s on s.connection = g.connection and s.key = g.system
    order by people desc, g.connection, name, code`);
  return rows.map(({ system, since, treatment, ...row }) => ({
    ...row,
    ...(system === '' ? {} : { system }),
    since: new Date(since).toISOString(),
    ...filled({ treatment }),
  }));
}
