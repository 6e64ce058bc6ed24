/**
 * The shared pace of a connection: every request to the vendor takes a place in a row of the database, wherever it comes from, so that
 * all processes together keep to the manifest's limit. One round trip for each rate that a request counts under; evenly by GCRA, the generic
 * cell rate algorithm.
 */
import { type Clock, ConnectorFault, type ConnectorManifest, type RateLimit, ratesOf } from 'connector-contract';
import { and, eq, type SQL, sql } from 'drizzle-orm';
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

/** All of a window at once, and how long it lasts; of less than one request, one in a longer window. */
function windowOf({ requests, perSeconds }: RateLimit, share: number): { readonly most: number; readonly ms: number } {
  const shared = requests * share;
  return { most: Math.max(1, Math.floor(shared)), ms: (perSeconds * 1000) / Math.min(1, shared) };
}

/** How far ahead a reset is believed to be at most, in milliseconds; 0 where answers say nothing of one. */
function toldMs({ byHeader, perSeconds }: RateLimit): number {
  return byHeader === undefined ? 0 : Math.max(60_000, perSeconds * 1000);
}

/** Whose turn it is, under which limits. */
export interface Place {
  readonly connection: string;
  /** An id of the manifest's `limits.rate`. */
  readonly limit: string;
}

/**
 * Waits for the turn of one request: under its limit, and then under the one that it counts within.
 * @throws ConnectorFault `ABORTED` where the signal aborts first; `CONNECTOR_BUG` for a limit that the manifest does not have.
 */
export async function takeTurn(
  db: Queryable,
  clock: Clock,
  limits: ConnectorManifest['limits'],
  { connection, limit }: Place,
  signal: AbortSignal,
): Promise<void> {
  const rates = ratesOf(limits, limit);
  if (rates.length === 0) {
    throw ConnectorFault.of('CONNECTOR_BUG', 'The connector asked for a limit that its manifest does not declare.');
  }
  for (const rate of rates) {
    if (signal.aborted) throw calledOff();
    const { place, wait } = (rate.spread === 'window' ? inWindow : evenly)(rate, limits.share, clock.now());
    const [row] = await db
      .insert(paces)
      .values({ connection, limit: rate.id, ...place.first })
      .onConflictDoUpdate({ target: [paces.connection, paces.limit], set: place.next })
      .returning({ arrival: paces.arrival });
    const waitMs = row === undefined ? 0 : wait(row.arrival);
    // A double holds times of today to a fraction of a microsecond: so short a wait may be no more than rounding.
    if (waitMs < 1) continue;
    if (signal.aborted) throw calledOff();
    try {
      await clock.sleep(waitMs, signal);
    } catch (error) {
      throw signal.aborted ? calledOff() : error;
    }
  }
}

/** How the row of a rate takes in one more request, and how long that one then waits. */
interface Turn {
  readonly place: { readonly first: Counted; readonly next: Partial<Record<keyof Counted, SQL>> };
  readonly wait: (arrival: number) => number;
}

interface Counted {
  readonly arrival: number;
  readonly left?: number;
  readonly resetsAt?: number;
}

const at = (ms: number): SQL => sql`${ms}::double precision`;

function evenly(rate: RateLimit, share: number, now: number): Turn {
  const { intervalMs, burst } = rhythmOf(rate, share);
  const told = toldMs(rate);
  const latest = now + Math.max(60_000, intervalMs * (burst + LONGEST_QUEUE)) + told;
  const row = sql`case when ${paces.arrival} between ${at(now)} and ${at(latest)} then ${paces.arrival} else ${at(now)} end`;
  const next = { arrival: sql`${row} + ${at(intervalMs)}` };
  const wait = (arrival: number): number => arrival - intervalMs * burst - now;
  if (told === 0) return { place: { first: { arrival: now + intervalMs }, next }, wait };
  const counts = sql`${paces.resetsAt} > ${at(now)} and ${paces.resetsAt} <= ${at(now + told)}`;
  // After the reset one goes, and the others in their rhythm.
  const held = sql`greatest(${row}, ${paces.resetsAt} + ${at(intervalMs * (burst - 1))})`;
  const arrival = sql`case when ${counts} and ${paces.left} < 1 then ${held} else ${row} end + ${at(intervalMs)}`;
  const left = sql`case when ${counts} then ${paces.left} - 1 else ${paces.left} end`;
  return { place: { first: { arrival: now + intervalMs }, next: { arrival, left } }, wait };
}

/** Whatever clock the vendor's windows go by: from the last request of one to the first of the next, a whole window passes. */
function inWindow(rate: RateLimit, share: number, now: number): Turn {
  const { most, ms } = windowOf(rate, share);
  const latest = now + Math.max(60_000, ms * LONGEST_QUEUE);
  const over = sql`${paces.resetsAt} is null or ${paces.resetsAt} not between ${at(now)} and ${at(latest)}`;
  const arrival = sql`case when ${over} then ${at(now)}
    when ${paces.left} >= 1 then greatest(${at(now)}, ${paces.resetsAt} - ${at(ms)}) else ${paces.resetsAt} end`;
  const left = sql`case when ${over} or ${paces.left} < 1 then ${at(most)} else ${paces.left} end - 1`;
  return {
    place: {
      first: { arrival: now, left: most - 1, resetsAt: now + ms },
      next: { arrival, left, resetsAt: sql`${arrival} + ${at(ms)}` },
    },
    wait: (arrival) => arrival - now,
  };
}

/**
 * Keeps what an answer says is left, where that is less than the pace would let out. Counted down until the reset.
 */
export async function keepLeft(
  db: Queryable,
  clock: Pick<Clock, 'now'>,
  limits: ConnectorManifest['limits'],
  { connection, limit }: Place,
  { requests, resetsAt }: { readonly requests: number; readonly resetsAt: number },
): Promise<void> {
  const rate = limits.rate.find(({ id }) => id === limit);
  if (rate === undefined || toldMs(rate) === 0) return;
  const now = clock.now();
  const until = Math.min(resetsAt, now + toldMs(rate));
  const { intervalMs, burst } = rhythmOf(rate, limits.share);
  if (!(until > now) || !(requests < burst + (until - now) / intervalMs)) return;
  // An answer of before does not give back what others have taken since.
  const same = sql`${paces.resetsAt} > ${at(now)} and abs(${paces.resetsAt} - ${at(until)}) < 1000`;
  await db
    .update(paces)
    .set({
      left: sql`case when ${same} then least(${paces.left}, ${at(requests)}) else ${at(requests)} end`,
      resetsAt: until,
    })
    .where(and(eq(paces.connection, connection), eq(paces.limit, limit)));
}

/** Forgets the pace of a connection. */
export async function dropPace(db: Queryable, connection: string): Promise<void> {
  await db.delete(paces).where(eq(paces.connection, connection));
}

function calledOff(): ConnectorFault {
  return ConnectorFault.of('ABORTED', 'The host called the work off while it waited for its turn.');
}
