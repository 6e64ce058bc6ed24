import { outcomeUnrecorded } from './faults.js';
import type { OperationRow } from './members.js';
import { persist } from './persist.js';
import { recordUndecided } from './record.js';
import type { Setting } from './setting.js';

/**
 * Writes down what came of a call to the vendor. Where the database takes it not now and not later, a person is told and decides: the
 * same again would fail for ever, and nobody would know.
 */
export async function writeDown(setting: Setting, row: OperationRow, write: () => Promise<unknown>): Promise<void> {
  try {
    await persist(write, setting.log);
  } catch (error) {
    setting.log.error({ err: error, operation: row.id }, 'An outcome cannot be written down: a person has to decide');
    await persist(() => recordUndecided(setting, row, outcomeUnrecorded()), setting.log);
  }
}
