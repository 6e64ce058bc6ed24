/**
 * The shared pace of a connection: every request to the vendor takes a place in a row of the database, wherever it comes from, so that
 * all processes together keep to the manifest's limit. One round trip a request (GCRA, the generic cell rate algorithm).
 */
import { type Clock, ConnectorFault, type ConnectorManifest } from 'connector-contract';
import { eq, sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { paces } from '../store/schema.js';

/**
 * No turn lies further ahead than so many intervals, or a minute where that is more: as many requests as could wait at once. What lies
 * further ahead was put there by a wrong clock.
 */
const LONGEST_QUEUE = 200;

/** How a limit is spread over time. */
export interface Rhythm {
  /** Milliseconds between two requests in the long run. */
  readonly intervalMs: number;
  /** Requests that may go at once after a rest. */
  readonly burst: number;
}

/**
 * Spreads a limit so that no window of `perSeconds` ever holds more than `requests * share` requests: what may go at once is taken
 * off what comes evenly. A burst of a twenty-fifth leaves 96 % of the rate for the long run.
 */
export function rhythmOf(limit: { readonly requests: number; readonly perSeconds: number }, share: number): Rhythm {
  const shared = limit.requests * share;
  const allowed = shared >= 1 ? Math.floor(shared) : shared;
  const windowMs = limit.perSeconds * 1000;
  const ahead = Math.floor(allowed / 25);
  return { intervalMs: windowMs / (allowed - ahead), burst: ahead + 1 };
}

/**
 * Waits for the turn of one request.
 * @param limit an id of the manifest's `limits.rate`.
 * @throws ConnectorFault `ABORTED` where the signal aborts first; `CONNECTOR_BUG` for a limit that the manifest does not have.
 */
export async function takeTurn(
  db: Queryable,
  clock: Clock,
  limits: ConnectorManifest['limits'],
  place: { readonly connection: string; readonly limit: string },
  signal: AbortSignal,
): Promise<void> {
  const rate = limits.rate.find((one) => one.id === place.limit);
  if (rate === undefined) {
    throw ConnectorFault.of('CONNECTOR_BUG', 'The connector asked for a limit that its manifest does not declare.');
  }
  if (signal.aborted) throw calledOff();
  const { intervalMs, burst } = rhythmOf(rate, limits.share);
  const now = clock.now();
  const latest = now + Math.max(60_000, intervalMs * (burst + LONGEST_QUEUE));
  const [row] = await db
    .insert(paces)
    .values({ ...place, arrival: now + intervalMs })
    .onConflictDoUpdate({
      target: [paces.connection, paces.limit],
      set: {
        arrival: sql`case when ${paces.arrival} between ${now}::double precision and ${latest}::double precision
          then ${paces.arrival} else ${now}::double precision end + ${intervalMs}::double precision`,
      },
    })
    .returning({ arrival: paces.arrival });
  const waitMs = (row?.arrival ?? now) - intervalMs * burst - now;
  // A double holds times of today to a fraction of a microsecond: so short a wait may be no more than rounding.
  if (waitMs < 1) return;
  if (signal.aborted) throw calledOff();
  try {
    await clock.sleep(waitMs, signal);
  } catch (error) {
    throw signal.aborted ? calledOff() : error;
  }
}

/** Forgets the pace of a connection. */
export async function dropPace(db: Queryable, connection: string): Promise<void> {
  await db.delete(paces).where(eq(paces.connection, connection));
}

function calledOff(): ConnectorFault {
  return ConnectorFault.of('ABORTED', 'The host called the work off while it waited for its turn.');
}
