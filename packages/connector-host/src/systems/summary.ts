import type { CoverageState, SystemKind } from 'connector-contract';
import { sql } from 'drizzle-orm';
import { askedFor } from '../requests/treatment.js';
import type { Database } from '../store/database.js';

/**
 * Numbers for the headline "a deletion reaches 14 of 25 systems; 6 need you". They count the systems that keep people's records beside
 * the vendor: destinations, warehouses, and those sources that a deletion does not reach. A source that only brings data in is none of
 * them. Whether a system is archived makes no difference.
 */
export interface SystemSummary {
  /** Systems that are there, archived or not. */
  readonly total: number;
  /** Those that a deletion gets to: `reached` and `forwarded`. */
  readonly reached: number;
  /** Those that ask for a person, since nobody decided about them yet or it is to be looked at again: `needs-setup` and `not-reached`. */
  readonly needYou: number;
  /** Those about which somebody decided, and it is not to be looked at again yet. */
  readonly decided: number;
  /** Those that no rule knows, and about which a decision is asked for. */
  readonly unknown: number;
  readonly byCoverage: Readonly<Record<CoverageState, number>>;
  /** `total` counts every system of the kind that is there, event sources too. */
  readonly byKind: Readonly<
    Record<SystemKind, { readonly total: number; readonly reached: number; readonly needYou: number }>
  >;
  readonly gone: number;
  readonly archived: number;
}

interface Row {
  readonly kind: SystemKind;
  readonly coverage: CoverageState;
  readonly gone: boolean;
  readonly archived: boolean;
  readonly decided: boolean;
  readonly count: number;
}

const reaching: readonly CoverageState[] = ['reached', 'forwarded'];
const asking: readonly CoverageState[] = ['needs-setup', 'not-reached'];

/** Counts the inventory of one connection, or of all that are not removed. */
export async function summarise(db: Database, connection?: string): Promise<SystemSummary> {
  const { rows } = await db.orm.execute(sql`
    select s.system ->> 'kind' as kind, s.coverage_state as coverage, s.state = 'gone' as gone, s.archived,
           not ${askedFor(sql`s.treatment`)} as decided, count(*)::int as count
      from connector_host.systems s join connector_host.connections c on c.id = s.connection and c.state <> 'removed'
     where (s.state = 'active' or s.system -> 'unlisted' is null) and ${connection === undefined ? sql`true` : sql`s.connection = ${connection}`}
     group by 1, 2, 3, 4, 5`);
  return summaryOf(rows as unknown as readonly Row[]);
}

/** Whether it is a place of its own where people's records are: what runs within the vendor's account is not. */
function keepsRecords({ kind, coverage }: Row): boolean {
  return kind === 'destination' || kind === 'warehouse' || (kind === 'source' && !reaching.includes(coverage));
}

/** Adds counted groups up. */
export function summaryOf(rows: readonly Row[]): SystemSummary {
  const there = rows.filter((row) => !row.gone);
  const reached = ({ kind, coverage }: Row) => kind !== 'source' && reaching.includes(coverage);
  // What is connected no longer counts until somebody decides about it: what it was fed before may still be there.
  const counts = (row: Row) => !row.gone || (!row.decided && !reaching.includes(row.coverage));
  const keeping = rows.filter((row) => keepsRecords(row) && counts(row));
  const undecided = keeping.filter((row) => !row.decided);
  const needing = undecided.filter(({ coverage }) => asking.includes(coverage));
  const ofKind = (kind: SystemKind) => {
    const is = (row: Row) => row.kind === kind;
    return {
      total: sum(there, is),
      reached: sum(keeping, (row) => is(row) && reached(row)),
      needYou: sum(needing, is),
    };
  };
  const covered = (state: CoverageState) => sum(keeping, ({ coverage }) => coverage === state);
  return {
    total: sum(keeping),
    reached: sum(keeping, reached),
    needYou: sum(needing),
    decided: sum(keeping, ({ decided }) => decided),
    unknown: sum(undecided, ({ coverage }) => coverage === 'unknown'),
    byCoverage: {
      reached: covered('reached'),
      forwarded: covered('forwarded'),
      'needs-setup': covered('needs-setup'),
      'not-reached': covered('not-reached'),
      unknown: covered('unknown'),
    },
    byKind: {
      source: ofKind('source'),
      destination: ofKind('destination'),
      warehouse: ofKind('warehouse'),
      model: ofKind('model'),
      function: ofKind('function'),
      space: ofKind('space'),
    },
    gone: sum(rows, ({ gone }) => gone),
    archived: sum(there, ({ archived }) => archived),
  };
}

function sum(rows: readonly Row[], which: (row: Row) => boolean = () => true): number {
  return rows.filter(which).reduce((all, { count }) => all + count, 0);
}
