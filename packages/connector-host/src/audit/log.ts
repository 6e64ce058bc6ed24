/** Reads the audit log: the newest for people, and all of it, in order, for checking the chain. */
import { asc, desc, eq, gt, lt, type SQL } from 'drizzle-orm';
import { filled } from '../given.js';
import type { Database } from '../store/database.js';
import { accessTokens, auditHead, auditLog } from '../store/schema.js';
import type { AuditFacts, AuditView, ChainHead } from './chain.js';

const perRead = 1_000;

/** The host's audit log. */
export class AuditLog {
  constructor(private readonly db: Database) {}

  /** A page, the newest first. @param before only rows with lower numbers. */
  async page(limit: number, before?: number): Promise<readonly AuditView[]> {
    return this.read(before === undefined ? undefined : lt(auditLog.seq, before), desc(auditLog.seq), limit);
  }

  /** Where the chain ends. */
  async head(): Promise<ChainHead> {
    const [row] = await this.db.orm.select().from(auditHead).where(eq(auditHead.id, 1));
    if (row === undefined) throw new Error('The audit log has no head: its migration did not run.');
    return row;
  }

  /** Rows in order, oldest first: those with higher numbers than `seq`. */
  async after(seq: number, limit = perRead): Promise<readonly AuditView[]> {
    return this.read(gt(auditLog.seq, seq), asc(auditLog.seq), limit);
  }

  private async read(where: SQL | undefined, order: SQL, limit: number): Promise<readonly AuditView[]> {
    const rows = await this.db.orm
      .select({ row: auditLog, name: accessTokens.name })
      .from(auditLog)
      .leftJoin(accessTokens, eq(accessTokens.id, auditLog.actor))
      .where(where)
      .orderBy(order)
      .limit(limit);
    return rows.map(({ row: { at, hash, target, data, ...rest }, name }) => ({
      ...rest,
      at: at.toISOString(),
      target: target as AuditFacts,
      data: data as AuditFacts,
      hash: hash.toString('hex'),
      ...filled({ actorName: name }),
    }));
  }
}
