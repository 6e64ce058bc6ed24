/** What was sent to whom, and what came of it: the list, and what is kept of it how long. */
import { and, desc, eq, lt, ne, type SQL, sql } from 'drizzle-orm';
import { filled, given } from '../given.js';
import type { Database } from '../store/database.js';
import { idOfCursor, type Page, type PageQuery, pageOf, totalOf, usualPage } from '../store/page.js';
import { noticeDeliveries } from '../store/schema.js';
import type { DeliveryRow } from './deliver.js';
import type { Channel } from './target.js';

/** States of a delivery. */
export const deliveryStates = ['waiting', 'delivered', 'failed'] as const;

/** One of {@link deliveryStates}. */
export type DeliveryState = (typeof deliveryStates)[number];

/** A delivery as it is shown. Times are ISO 8601. */
export interface DeliveryView {
  /** By which its receiver knows it, too. */
  readonly id: string;
  /** Absent for a message to a contact. */
  readonly notice?: string;
  readonly channel: Channel;
  /** E-mail address, or the origin of a webhook. */
  readonly to: string;
  readonly kind: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: string;
  readonly attemptedAt?: string;
  /** Of one that waits: when it is tried. */
  readonly nextAt?: string;
  readonly endedAt?: string;
  /** Why the last try failed. */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** Which deliveries are listed. */
export interface DeliveryFilter extends PageQuery {
  readonly notice?: string;
  readonly state?: DeliveryState;
}

/** Rows of old that are removed in one statement. */
const AT_ONCE = 5_000;

/** A delivery as it is shown. */
export function deliveryView(row: DeliveryRow): DeliveryView {
  const { key, notice, channel, address, kind, state, attempts, createdAt, attemptedAt, nextAt, endedAt, failure } =
    row;
  return {
    id: key,
    ...filled({ notice }),
    channel: channel as Channel,
    to: address,
    kind,
    state: state as DeliveryState,
    attempts,
    createdAt: createdAt.toISOString(),
    ...given({ attemptedAt: attemptedAt?.toISOString() }),
    ...(state === 'waiting' ? { nextAt: nextAt.toISOString() } : {}),
    ...filled({ endedAt: endedAt?.toISOString(), failure: failure as NonNullable<DeliveryView['failure']> | null }),
  };
}

/** A page of deliveries, the newest first. @throws HostProblem CURSOR_INVALID */
export async function listDeliveries(db: Database, filter: DeliveryFilter): Promise<Page<DeliveryView>> {
  const { notice, state, cursor, limit = usualPage } = filter;
  const which: SQL | undefined = and(
    notice === undefined ? undefined : eq(noticeDeliveries.notice, notice),
    state === undefined ? undefined : eq(noticeDeliveries.state, state),
  );
  const from = cursor === undefined ? undefined : lt(noticeDeliveries.id, idOfCursor(cursor));
  const rows = await db.orm
    .select()
    .from(noticeDeliveries)
    .where(and(which, from))
    .orderBy(desc(noticeDeliveries.id))
    .limit(limit + 1);
  return pageOf(rows, limit, await totalOf(db.orm, noticeDeliveries, which), deliveryView);
}

/** Removes what ended before then. @returns how many deliveries. */
export async function forgetEnded(db: Database, before: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const old = db.orm
      .select({ id: noticeDeliveries.id })
      .from(noticeDeliveries)
      .where(and(ne(noticeDeliveries.state, 'waiting'), lt(noticeDeliveries.endedAt, before)))
      .orderBy(noticeDeliveries.id)
      .limit(AT_ONCE);
    const { rowCount } = await db.orm.delete(noticeDeliveries).where(sql`${noticeDeliveries.id} in ${old}`);
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < AT_ONCE) return removed;
  }
}
