import type { FaultData } from 'connector-contract';
import type { ConnectionView } from '../../connections/view.js';
import type { LifecycleParts } from '../parts.js';
import { backOff } from './back-off.js';
import { noteFailure } from './circuit.js';

/**
 * Until when the hold of a connection bars a call; undefined where it does not. A hold for the quota's sake bars submissions only: what
 * the vendor has is followed, and what was lost is looked for.
 */
export function heldUntil({ held }: Pick<ConnectionView, 'held'>, call: 'submission' | 'look'): Date | undefined {
  if (held === undefined || (call === 'look' && held.code === 'QUOTA_EXHAUSTED')) return undefined;
  return new Date(held.until);
}

/**
 * Lets a connection rest after a call failed for reasons of the vendor or the network; longer each time in a row.
 * @param began when the call began.
 * @returns until when nothing is submitted.
 */
export async function rest(parts: LifecycleParts, connection: string, fault: FaultData, began?: Date): Promise<Date> {
  const now = new Date(parts.clock.now());
  const failures = await noteFailure(parts.db.orm, connection, began ?? now, now);
  const until = new Date(now.getTime() + backOff(failures, fault.retryAfterMs));
  await parts.connections.hold(connection, until, fault.code);
  return until;
}
