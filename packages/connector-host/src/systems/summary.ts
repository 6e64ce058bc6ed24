import type { CoverageState, DetectedSystem } from 'connector-contract';
import { sql } from 'drizzle-orm';
import type { Database } from '../store/database.js';

/** Numbers for the headline "a deletion reaches 14 of 25 systems; 6 need you". */
export interface SystemSummary {
  /** Systems that are there and not archived. */
  readonly total: number;
  /** Those that a deletion gets to: `reached` and `forwarded`. */
  readonly reached: number;
  /** Those that ask for a person: `needs-setup` and `not-reached`. */
  readonly needYou: number;
  /** Those that no rule knows. */
  readonly unknown: number;
  readonly byCoverage: Readonly<Record<CoverageState, number>>;
  readonly byKind: Readonly<
    Record<DetectedSystem['kind'], { readonly total: number; readonly reached: number; readonly needYou: number }>
  >;
  readonly gone: number;
  readonly archived: number;
}

interface Row {
  readonly kind: DetectedSystem['kind'];
  readonly coverage: CoverageState;
  readonly state: 'active' | 'gone' | 'archived';
  readonly count: number;
}

const reaching: readonly CoverageState[] = ['reached', 'forwarded'];
const asking: readonly CoverageState[] = ['needs-setup', 'not-reached'];

/** Counts the inventory of one connection, or of all that are not removed. */
export async function summarise(db: Database, connection?: string): Promise<SystemSummary> {
  const { rows } = await db.orm.execute(sql`
    select s.system ->> 'kind' as kind, s.coverage_state as coverage,
           case when s.archived then 'archived' else s.state end as state, count(*)::int as count
      from connector_host.systems s join connector_host.connections c on c.id = s.connection and c.state <> 'removed'
     where ${connection === undefined ? sql`true` : sql`s.connection = ${connection}`}
     group by 1, 2, 3`);
  return summaryOf(rows as unknown as readonly Row[]);
}

/** Adds counted groups up. */
export function summaryOf(rows: readonly Row[]): SystemSummary {
  const active = rows.filter((row) => row.state === 'active');
  const counted = (of: readonly Row[], states?: readonly CoverageState[]) =>
    of.filter((row) => states === undefined || states.includes(row.coverage)).reduce((sum, row) => sum + row.count, 0);
  const part = (of: readonly Row[]) => ({
    total: counted(of),
    reached: counted(of, reaching),
    needYou: counted(of, asking),
  });
  const ofKind = (kind: DetectedSystem['kind']) => part(active.filter((row) => row.kind === kind));
  return {
    ...part(active),
    unknown: counted(active, ['unknown']),
    byCoverage: {
      reached: counted(active, ['reached']),
      forwarded: counted(active, ['forwarded']),
      'needs-setup': counted(active, ['needs-setup']),
      'not-reached': counted(active, ['not-reached']),
      unknown: counted(active, ['unknown']),
    },
    byKind: { source: ofKind('source'), destination: ofKind('destination'), warehouse: ofKind('warehouse') },
    gone: counted(rows.filter((row) => row.state === 'gone')),
    archived: counted(rows.filter((row) => row.state === 'archived')),
  };
}
