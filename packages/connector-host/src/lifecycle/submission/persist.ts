import type { Logger } from '../../log.js';
import { isTransient } from '../../store/database-errors.js';

/** Pauses between tries, in milliseconds: a bit more than a minute in all. */
const PAUSES = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/**
 * Writes down what the vendor answered even where the database is away for a moment: an answer that is lost here can be unknowable
 * later. Waits in real time, whatever clock the host has.
 * @throws what `write` threw last: where it does not pass, or lasts longer than all pauses.
 */
export async function persist<T>(write: () => Promise<T>, log: Logger): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await write();
    } catch (error) {
      if (!isTransient(error)) throw error;
      log.warn({ err: error }, 'An outcome could not be written down yet');
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return write();
}
