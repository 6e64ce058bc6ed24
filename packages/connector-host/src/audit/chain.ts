/**
 * The chain of the audit log, as pure decisions: what a row says as one canonical text, its hash, and where a chain is broken.
 *
 * A row's hash is SHA-256 over the 32 bytes of the hash before it (zeros for the first) and the canonical text in UTF-8. Whoever knows
 * the last hash knows that nothing before it was changed, left out, put in or moved.
 */
import { hash } from 'node:crypto';
import { given } from '../given.js';

/** A plain fact. */
export type AuditValue = string | number | boolean;

/** Plain facts by name. */
export type AuditFacts = Readonly<Record<string, AuditValue>>;

/** What a row of the audit log says. */
export interface AuditEntry {
  readonly at: Date;
  /** Id of the access token, or `host`. */
  readonly actor: string;
  /** A kind of event, such as `connection.created`. */
  readonly action: string;
  /** Row ids of what it was done to: `{connection}`, `{request}`, `{token}`. */
  readonly target: AuditFacts;
  readonly data: AuditFacts;
}

/** A row as it lies in the database. */
export interface ChainedEntry extends AuditEntry {
  readonly seq: number;
  readonly hash: Buffer;
}

/** A row as it is shown. */
export interface AuditView {
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  /** Id of the access token, or `host`. */
  readonly actor: string;
  /** The token's name. */
  readonly actorName?: string;
  readonly action: string;
  readonly target: AuditFacts;
  readonly data: AuditFacts;
  /** Hexadecimal. */
  readonly hash: string;
}

/** A row as the chain sees it, from how it is shown. */
export function entryOf({ seq, at, actor, action, target, data, hash }: AuditView): ChainedEntry {
  return { seq, at: new Date(at), actor, action, target, data, hash: Buffer.from(hash, 'hex') };
}

/** Where the chain ends. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: Buffer;
}

/** Before the first row. */
export const chainStart: ChainHead = { seq: 0, hash: Buffer.alloc(32) };

function canonicalFacts(facts: AuditFacts): [string, AuditValue][] {
  return Object.entries(facts).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One text for one content, whatever order its keys came in. */
export function canonicalText({ at, actor, action, target, data }: AuditEntry): string {
  return JSON.stringify([at.toISOString(), actor, action, canonicalFacts(target), canonicalFacts(data)]);
}

/** The hash of a row that follows `previous`. */
export function chainHash(previous: Buffer, entry: AuditEntry): Buffer {
  return hash('sha256', Buffer.concat([previous, Buffer.from(canonicalText(entry), 'utf8')]), 'buffer');
}

/** Entries as the rows that follow `head`, in their order. */
export function linked(head: ChainHead, entries: readonly AuditEntry[]): ChainedEntry[] {
  let end = head;
  return entries.map((entry) => {
    const { at, actor, action, target, data } = entry;
    end = { seq: end.seq + 1, hash: chainHash(end.hash, entry) };
    return { at, actor, action, target, data, seq: end.seq, hash: end.hash };
  });
}

/** The first place at which a chain is broken. */
export interface BrokenLink {
  /** Number of the row that is wrong or missing. */
  readonly seq: number;
  readonly why: 'changed' | 'missing';
}

/** Follows a chain row by row, in order. */
class ChainCheck {
  private end: ChainHead;

  /** @param from the row before the first that is shown; absent for the whole chain. */
  constructor(from: ChainHead = chainStart) {
    this.end = from;
  }

  /** The last row that was in order. */
  get head(): ChainHead {
    return this.end;
  }

  /** Judges the next row. Answers what is wrong, or `undefined` where it follows. */
  next(row: ChainedEntry): BrokenLink | undefined {
    const seq = this.end.seq + 1;
    if (row.seq !== seq) return { seq, why: 'missing' };
    if (!chainHash(this.end.hash, row).equals(row.hash)) return { seq, why: 'changed' };
    this.end = { seq, hash: row.hash };
    return undefined;
  }

  /** Judges the end: whether it is where `head` says. */
  finish(head: ChainHead): BrokenLink | undefined {
    if (this.end.seq < head.seq) return { seq: this.end.seq + 1, why: 'missing' };
    if (this.end.seq > head.seq || !this.end.hash.equals(head.hash)) return { seq: this.end.seq, why: 'changed' };
    return undefined;
  }
}

/** What a check of a whole chain found. */
export interface ChainVerdict {
  readonly intact: boolean;
  /** The last row that is in order: note it elsewhere, and a later check can be held against it. */
  readonly head: ChainHead;
  readonly broken?: BrokenLink;
}

/**
 * Follows a whole chain.
 * @param read the rows after a number, in order; none at the end.
 * @param end where the chain is said to end.
 * @param known a row that was noted at an earlier time: it must still be there, with that hash.
 */
export async function verifyChain(
  read: (after: number) => Promise<readonly ChainedEntry[]>,
  end: ChainHead,
  known?: ChainHead,
): Promise<ChainVerdict> {
  const check = new ChainCheck();
  const verdict = (broken?: BrokenLink): ChainVerdict => ({
    intact: broken === undefined,
    head: check.head,
    ...given({ broken }),
  });
  while (check.head.seq < end.seq) {
    // Rows that were written since the end was read are left for another time.
    const rows = (await read(check.head.seq)).filter(({ seq }) => seq <= end.seq);
    if (rows.length === 0) break;
    for (const row of rows) {
      const broken = check.next(row);
      if (broken !== undefined) return verdict(broken);
      if (known?.seq === row.seq && !known.hash.equals(row.hash)) return verdict({ seq: row.seq, why: 'changed' });
    }
  }
  const short =
    known !== undefined && known.seq > check.head.seq
      ? { seq: check.head.seq + 1, why: 'missing' as const }
      : undefined;
  return verdict(check.finish(end) ?? short);
}
