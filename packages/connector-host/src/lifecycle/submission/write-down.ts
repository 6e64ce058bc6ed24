import { isTransient } from '../../store/database-errors.js';
import { outcomeUnrecorded } from '../faults.js';
import type { OperationRow } from '../members.js';
import type { LifecycleParts } from '../parts.js';
import { persist } from './persist.js';
import { recordUndecided } from './record.js';

/**
 * Writes down what came of a call to the vendor. Where the database will never take it, a person is told and decides: the same again would
 * fail for ever, and nobody would know. Where its trouble passes but lasts, the operation is left as one whose answer was lost, and is
 * looked for at the vendor.
 * @throws the trouble that lasts.
 */
export async function writeDown(
  parts: LifecycleParts,
  row: OperationRow,
  write: () => Promise<unknown>,
): Promise<void> {
  try {
    await persist(write, parts.log);
  } catch (error) {
    if (isTransient(error)) throw error;
    parts.log.error({ err: error, operation: row.id }, 'An outcome cannot be written down: a person has to decide');
    await persist(() => recordUndecided(parts, row, outcomeUnrecorded()), parts.log);
  }
}
