/**
 * The last look before a call goes out. A process that was suspended, or cut off from the database, between its intent and its call
 * comes back later than others waited for it; by then they may have found nothing at the vendor and sent the operation themselves.
 */
import {
  CALL_BEGINS_WITHIN_MS,
  type ConnectorContext,
  ConnectorFault,
  type FaultData,
  faultData,
} from 'connector-contract';
import { sql } from 'drizzle-orm';
import { operations } from '../store/schema.js';
import type { Attempt } from './begin.js';
import type { OpenConnection } from './setting.js';

/**
 * A submission is handed to the connector within this time after its intent, in milliseconds, or not at all: half of what the contract
 * gives it, the rest is for machines whose clocks differ.
 */
const BEGIN_WITHIN = CALL_BEGINS_WITHIN_MS / 2;

/** Why an attempt must not be handed to the connector any more, or `undefined` where it may. */
export function overtaken({ age }: Attempt, signal: AbortSignal): FaultData | undefined {
  return age() > BEGIN_WITHIN || signal.aborted ? faultData(tooLate()) : undefined;
}

/**
 * The context of a submission: after a request has had its turn, however long that took, it goes out only while the attempt still is
 * the one that counts.
 */
export function vigilant(
  { ctx, turn, runner }: OpenConnection,
  { row, age }: Attempt,
  signal: AbortSignal,
): ConnectorContext {
  const { timeoutMs } = runner.manifest.limits;
  const attemptedAt = row.attemptedAt?.toISOString() ?? null;
  const counts = sql`exists (select from ${operations} as o
    where o.id = ${row.id} and o.state = 'submitting' and o.attempted_at = ${attemptedAt}::timestamptz)`;
  const pace = async (limit: string): Promise<void> => {
    if (!(await turn(limit, counts)) || signal.aborted || age() > CALL_BEGINS_WITHIN_MS + timeoutMs) throw tooLate();
  };
  return { ...ctx, pace };
}

/** Nothing was sent, because too much time had passed since the intent. */
function tooLate(): ConnectorFault {
  return ConnectorFault.of('ABORTED', 'The host was held up just before the submission.');
}
