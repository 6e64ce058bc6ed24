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
import { eq } from 'drizzle-orm';
import { operations } from '../../store/schema.js';
import type { LifecycleParts } from '../parts.js';
import type { Attempt } from './begin.js';

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
 * @param timeoutMs the manifest's: a connector begins the request that creates within this time after it was called.
 */
export function vigilant(
  parts: LifecycleParts,
  ctx: ConnectorContext,
  { row, age }: Attempt,
  signal: AbortSignal,
  timeoutMs: number,
): ConnectorContext {
  const pace = async (limit: string): Promise<void> => {
    await ctx.pace(limit);
    const counts = await stillCounts(parts, row).catch(() => false);
    if (!counts || signal.aborted || age() > CALL_BEGINS_WITHIN_MS + timeoutMs) throw tooLate();
  };
  return { ...ctx, pace };
}

async function stillCounts(parts: LifecycleParts, { id, attemptedAt }: Attempt['row']): Promise<boolean> {
  const [now] = await parts.db.orm
    .select({ state: operations.state, attemptedAt: operations.attemptedAt })
    .from(operations)
    .where(eq(operations.id, id));
  return now?.state === 'submitting' && now.attemptedAt?.getTime() === attemptedAt?.getTime();
}

/** Nothing was sent, because too much time had passed since the intent. */
function tooLate(): ConnectorFault {
  return ConnectorFault.of('ABORTED', 'The host was held up just before the submission.');
}
