import { present } from '../clock.js';
import { appendEvents, type NewEvent } from '../timeline.js';
import type { ApiParts } from './parts.js';

/** Keeps something that was done over the API and is no part of another transaction, in timeline and audit log. */
export async function tell({ db, clock }: Pick<ApiParts, 'db' | 'clock'>, event: Omit<NewEvent, 'at'>): Promise<void> {
  await db.orm.transaction((tx) => appendEvents(tx, [{ at: present(clock), ...event }]));
}
