/** What an import would do, if it were done now. Reads and judges the whole file as an import does, and keeps nothing of it. */
import { inArray } from 'drizzle-orm';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { requests } from '../store/schema.js';
import { type DryRun, type DryRunParts, planCounts, type Waiting } from './dry-run.js';
import { type ImportReport, mostErrors } from './import.js';
import { DIFFERS, inBatches, type LineError, readyBatch } from './import-batch.js';
import type { ImportLine } from './import-lines.js';
import type { IntakeRow } from './intake.js';
import type { Offer } from './offers.js';
import { Right } from './request-body.js';

/** The counts an import would answer, and what would be sent. */
export type ImportPlan = ImportReport & {
  /** Estimated from the batch limits: nobody's identifiers are packed for it. */
  readonly plan: DryRun;
};

/** What the dry run of a file stands on. */
export interface ImportPlanParts extends DryRunParts {
  readonly people: PeopleKeys;
  readonly offers: ReadonlyMap<string, Offer>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Requests of a batch that are known already: the same, or another under that id. */
async function known(db: Database, rows: readonly IntakeRow[]): Promise<ReadonlyMap<string, Buffer>> {
  if (rows.length === 0) return new Map();
  const found = await db.orm
    .select({ requestId: requests.requestId, digest: requests.digest })
    .from(requests)
    .where(
      inArray(
        requests.requestId,
        rows.map(({ requestId }) => requestId),
      ),
    );
  return new Map(found.map(({ requestId, digest }) => [requestId, digest]));
}

/** Judges a file. Repeats of a request are found within 5,000 lines and against what is stored. */
export async function planImport(
  chunks: AsyncIterable<readonly ImportLine[]>,
  parts: ImportPlanParts,
): Promise<ImportPlan> {
  const waiting = new Map<string, Waiting>();
  const errors: LineError[] = [];
  let [accepted, duplicates, rejected, people] = [0, 0, 0, 0];
  for await (const batch of inBatches(chunks)) {
    const ready = readyBatch(batch, parts.offers, parts.people, parts.now);
    const stored = await known(parts.db, ready.rows);
    const bad = [...ready.errors];
    duplicates += ready.repeats;
    for (const [at, row] of ready.rows.entries()) {
      const digest = stored.get(row.requestId);
      if (digest === undefined) {
        accepted += 1;
        if (row.right === Right.deletion) people += 1;
        count(row, waiting);
      } else if (digest.equals(row.digest)) duplicates += 1;
      else bad.push({ line: ready.lines[at] ?? 0, message: DIFFERS });
    }
    rejected += bad.length;
    bad.sort((a, b) => a.line - b.line);
    errors.push(...bad.slice(0, mostErrors - errors.length));
  }
  return { accepted, duplicates, rejected, errors, plan: await planCounts(parts, waiting, people) };
}

function count(row: IntakeRow, waiting: Map<string, Waiting>): void {
  if (row.right !== Right.deletion) return;
  for (const target of row.targets) {
    const { subjects = 0, identifiers = 0 } = waiting.get(target) ?? {};
    waiting.set(target, { subjects: subjects + 1, identifiers: identifiers + row.fingerprints.length });
  }
}
