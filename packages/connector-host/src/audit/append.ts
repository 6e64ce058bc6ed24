/** Writes the audit log, in the transaction of the action itself: an action without its row, or a row without its action, cannot be. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../store/database.js';
import { auditHead, auditLog } from '../store/schema.js';
import { type AuditEntry, type AuditFacts, canonicalText } from './chain.js';

/** What the database cannot keep in a text: NUL characters and halves of characters. */
function keepable(facts: AuditFacts): AuditFacts {
  const whole = (text: string) => text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, typeof value === 'string' ? whole(value) : value]),
  );
}

/**
 * Adds entries to the end of the chain. One statement an entry: it moves the head, whose row lock puts all writers of all processes in
 * order until they commit. So it comes last in a transaction: whoever waits for the head then holds up nobody who has it.
 */
export async function appendAudit(tx: Queryable, entries: readonly AuditEntry[]): Promise<void> {
  for (const entry of entries) {
    const kept = { ...entry, target: keepable(entry.target), data: keepable(entry.data) };
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
