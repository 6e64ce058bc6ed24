/**
 * What an operation did not do, written down when it is concluded: for the operation, not for each person in it. One statement, whatever
 * the number of people and systems.
 */
import type { ConnectorConfig, ConnectorManifest } from 'connector-contract';
import { sql } from 'drizzle-orm';
import { lookSettings } from '../../connections/look-settings.js';
import { codeOfCoverage, leaves, leavingKinds } from '../../requests/leftover-codes.js';
import { standing } from '../../requests/leftover-standing.js';
import type { LeftOver } from '../../requests/states.js';
import { counts, endOfLeftover } from '../../requests/treatment.js';
import { caseOf } from '../../store/case-of.js';
import type { Queryable } from '../../store/database.js';
import { connections, detections, leftovers, operations, systems } from '../../store/schema.js';
import type { OperationRow } from '../members.js';
import { speaksOfPeople } from './results.js';

/** States of an operation that did something: only then can something be left over. */
const doing: ReadonlySet<string> = new Set(['accepted', 'completed', 'completed_with_exceptions']);

/** Why the whole of a connection is left over: nobody looked, or what was seen then need not hold for this deletion. */
const NOT_LOOKED =
  'The systems behind this connection are not known to have been looked through under the settings that this was sent under, so nobody knows for certain which of them it does not reach.';

/** What is known of an operation once its leftovers are written down. */
interface Opened extends Record<string, unknown> {
  readonly left: LeftOver | null;
  readonly single: boolean;
}

const NOTHING: Opened = { left: null, single: false };

/**
 * Writes down the leftovers of an operation that has ended: the vendor's exceptions, and the systems that a deletion is not known to
 * reach as they are now, also those that are connected no longer. An exception that may be about one of several systems is left over in all
 * of them. Why a system is not reached is known better by the map than by a vendor that tried.
 * @param manifest of its connector. Where that finds systems and has not, or last did under other settings than the operation was sent under,
 *   that is left over beside what is known.
 * @returns how they stand together, `null` where the operation did nothing; and whether the vendor spoke of single people of it.
 */
export async function openLeftovers(
  tx: Queryable,
  row: OperationRow,
  now: Date,
  manifest: ConnectorManifest | undefined,
): Promise<Opened> {
  const single = speaksOfPeople(row);
  if (!doing.has(row.state)) {
    const { rows } = await tx.execute<Opened>(sql`select null as left, ${single} as single`);
    return rows[0] ?? NOTHING;
  }
  const exceptions = row.state === 'completed_with_exceptions' ? (row.exceptions ?? []) : [];
  const at = sql`${now.toISOString()}::timestamptz`;
  const looksThrough = manifest?.systemDetection !== undefined;
  const sent = manifest && row.settings !== null ? lookSettings(manifest, row.settings as ConnectorConfig) : null;
  const treated = sql`coalesce(${caseOf(sql`treatment ->> 'kind'`, endOfLeftover)}, 'open')`;
  const { rows } = await tx.execute<Opened>(sql`
    with there as (
      select key, system ->> 'name' as name, coverage_state, system -> 'coverage' ->> 'reason' as reason,
        case when ${counts(sql`treatment`, sql`${row.id}::bigint`)} then treatment end as treatment,
        array[lower(system ->> 'name'), lower(system -> 'vendor' ->> 'name'), lower(system -> 'vendor' ->> 'slug')] as names,
        system -> 'unlisted' is null as one, system ->> 'vendorId' as vendor_id, state = 'active' as fed, ${leaves(sql`s`)} as leaves
      from ${systems} as s where connection = ${row.connection}
        and system ->> 'kind' = any(${`{${leavingKinds.join(',')}}`}::text[])
    ), found as (
      select coalesce(s.key, e.key, e.system) as system, coalesce(s.name, e.system) as name, 'VENDOR_EXCEPTION' as code,
        case when s.coverage_state = 'not-reached' then s.reason else e.reason end as reason, s.treatment, 1 as rank
      from jsonb_to_recordset(${JSON.stringify(exceptions)}::jsonb) as e (id text, key text, system text, reason text)
        left join there s on s.key = e.key or e.key is null and s.one and s.fed
          and (e.id is null or s.vendor_id is null) and lower(e.system) = any(s.names)
      union all
      select key, name, ${caseOf(sql`coverage_state`, codeOfCoverage)}, reason, treatment, 2
      from there where leaves
      union all
      select '', c.name, 'COVERAGE_UNKNOWN', ${NOT_LOOKED}, null, 3
      from ${connections} c left join lateral (
        select settings from ${detections} where connection = c.id and state = 'complete' order by id desc limit 1) d on true
      where c.id = ${row.connection} and ${looksThrough} and (d.settings = ${JSON.stringify(sent)}::jsonb) is not true
    ), opened as (
      insert into ${leftovers} (operation, connection, system, name, code, reason, state, ended, opened_at)
      select distinct on (system) ${row.id}::bigint, ${row.connection}, system, name, code, reason, ${treated},
        case when ${treated} <> 'open' then jsonb_build_object('at', ${now.toISOString()}::text, 'by', treatment ->> 'by',
          'why', treatment ->> 'reason', 'treatment', treatment ->> 'kind') end, ${at}
      from found order by system, rank
      returning state
    )
    update ${operations} set left_over = (select ${standing(sql`state`)} from opened) where id = ${row.id}
    returning left_over as left, ${single} as single`);
  return rows[0] ?? NOTHING;
}
