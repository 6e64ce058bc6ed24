/** Writes the audit log, in the transaction of the action itself: an action without its row, or a row without its action, cannot be. */
import { sql } from 'drizzle-orm';
import type { QueryConfig } from 'pg';
import type { Queryable } from '../store/database.js';
import { auditHead, auditLog } from '../store/schema.js';
import { type AuditEntry, type AuditFacts, type ChainHead, canonicalText, linked } from './chain.js';

/** What the database cannot keep in a text: NUL characters and halves of characters. */
function keepable(facts: AuditFacts): AuditFacts {
  const whole = (text: string) => text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? whole(value) : value]),
  );
}

/** The entry as it is kept. */
function keptEntry({ at, actor, action, target, data }: AuditEntry): AuditEntry {
  return { at, actor, action, target: keepable(target), data: keepable(data) };
}

/**
 * Adds entries to the end of the chain. One statement an entry: it moves the head, whose row lock puts all writers of all processes in
 * order until they commit. So it comes last in a transaction: whoever waits for the head then holds up nobody who has it.
 */
export async function appendAudit(tx: Queryable, entries: readonly AuditEntry[]): Promise<void> {
  for (const entry of entries) {
    const kept = keptEntry(entry);
    const text = Buffer.from(canonicalText(kept), 'utf8');
    const { rowCount } = await tx.execute(sql`
      with moved as (
        update ${auditHead} set seq = seq + 1, hash = sha256(hash || ${text}::bytea) where id = 1 returning seq, hash
      )
      insert into ${auditLog} (seq, at, actor, action, target, data, hash)
      select seq, ${kept.at.toISOString()}::timestamptz, ${kept.actor}, ${kept.action}, ${JSON.stringify(kept.target)}::jsonb,
        ${JSON.stringify(kept.data)}::jsonb, hash
      from moved`);
    if (rowCount !== 1) throw new Error('The audit log has no head: its migration did not run.');
  }
}

/** Reads the head of the chain, and locks it until the transaction ends: nobody else writes to the log meanwhile. */
export const lockHead: QueryConfig = {
  name: 'audit head',
  text: 'select seq::float8 as seq, hash from connector_host.audit_head where id = 1 for update',
};

/** Adds many entries at once behind the head that {@link lockHead} answered, in its transaction, and notifies a channel of its commit. */
export function appendBehind(
  head: ChainHead,
  entries: readonly AuditEntry[],
  { channel, payload }: { readonly channel: string; readonly payload: string },
): QueryConfig {
  const rows = linked(head, entries.map(keptEntry));
  const { seq, hash } = rows.at(-1) ?? head;
  return {
    name: 'audit rows',
    text: `with moved as (update connector_host.audit_head set seq = $1, hash = $2 where id = 1), added as (
        insert into connector_host.audit_log (seq, at, actor, action, target, data, hash)
        select * from unnest($3::bigint[], $4::timestamptz[], $5::text[], $6::text[], $7::jsonb[], $8::jsonb[], $9::bytea[]))
      select pg_notify($10, $11)`,
    values: [
      seq,
      hash,
      rows.map((row) => row.seq),
      rows.map(({ at }) => at.toISOString()),
      rows.map(({ actor }) => actor),
      rows.map(({ action }) => action),
      rows.map(({ target }) => JSON.stringify(target)),
      rows.map(({ data }) => JSON.stringify(data)),
      rows.map((row) => row.hash),
      channel,
      payload,
    ],
  };
}
