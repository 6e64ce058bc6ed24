import type { FaultData } from 'connector-contract';
import { backOff } from './back-off.js';
import { noteFailure } from './circuit.js';
import type { Setting } from './setting.js';

/**
 * Lets a connection rest after a call failed for reasons of the vendor or the network; longer each time in a row.
 * @param began when the call began.
 * @returns until when nothing is submitted.
 */
export async function rest(setting: Setting, connection: string, fault: FaultData, began?: Date): Promise<Date> {
  const now = new Date(setting.clock.now());
  const failures = await noteFailure(setting.database.orm, connection, began ?? now, now);
  const until = new Date(now.getTime() + backOff(failures, fault.retryAfterMs));
  await setting.connections.hold(connection, until, fault.code);
  return until;
}
