import { mayPass } from '../store/passing.js';
import { outcomeUnrecorded } from './faults.js';
import type { OperationRow } from './members.js';
import { persist } from './persist.js';
import { recordUndecided } from './record.js';
import type { Setting } from './setting.js';

/**
 * Writes down what came of a call to the vendor. Where the database will never take it, a person is told and decides: the same again would
 * fail for ever, and nobody would know. Where its trouble passes but lasts, the operation is left as one whose answer was lost, and is
 * looked for at the vendor.
 * @throws the trouble that lasts.
 */
export async function writeDown(setting: Setting, row: OperationRow, write: () => Promise<unknown>): Promise<void> {
  try {
    await persist(write, setting.log);
  } catch (error) {
    if (mayPass(error)) throw error;
    setting.log.error({ err: error, operation: row.id }, 'An outcome cannot be written down: a person has to decide');
    await persist(() => recordUndecided(setting, row, outcomeUnrecorded()), setting.log);
  }
}
