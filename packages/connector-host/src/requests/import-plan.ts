/** What an import would do, if it were done now. Reads and judges the whole file as an import does, and keeps nothing of it. */
import { inArray } from 'drizzle-orm';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { requests } from '../store/schema.js';
import { type DryRun, type DryRunParts, planCounts, type Waiting } from './dry-run.js';
import { type ImportReport, mostErrors } from './import.js';
import { DIFFERS, inBatches, type JudgingTerms, judgeLines, type LineError } from './import-batch.js';
import type { ImportLine } from './import-lines.js';
import type { Offer } from './offers.js';
import { canonicalText, type RequestBody, Right } from './request-body.js';

/** The counts an import would answer, and what would be sent. */
export type ImportPlan = ImportReport & {
  /** Estimated from the batch limits: nobody's identifiers are packed for it. */
  readonly plan: DryRun;
};

/** What the dry run of a file stands on. */
export interface ImportPlanParts extends DryRunParts {
  readonly people: PeopleKeys;
  readonly terms: JudgingTerms;
}

/** A request of the file, as far as a dry run looks at it. */
interface Planned {
  readonly line: number;
  readonly body: RequestBody;
  readonly digest: string;
  readonly targets: readonly Offer[];
}

/** Requests of a batch that are known already: the same, or another under that id. By id, the digest. */
async function known(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await db.orm
    .select({ requestId: requests.requestId, digest: requests.digest })
    .from(requests)
    .where(inArray(requests.requestId, [...ids]));
  return new Map(found.map(({ requestId, digest }) => [requestId, digest.toString('latin1')]));
}

/** Judges a file. Repeats of a request are found within a batch of lines and against what is stored. */
export async function planImport(
  chunks: AsyncIterable<readonly ImportLine[]>,
  parts: ImportPlanParts,
): Promise<ImportPlan> {
  const waiting = new Map<string, Waiting>();
  const errors: LineError[] = [];
  let [accepted, duplicates, rejected, people] = [0, 0, 0, 0];
  for await (const batch of inBatches(chunks)) {
    const first = new Map<string, Planned>();
    const bad: LineError[] = [];
    const compare = (line: number, digest: string, earlier: string) => {
      if (digest === earlier) duplicates += 1;
      else bad.push({ line, message: DIFFERS });
    };
    const faulty = judgeLines(batch, parts.terms, (line, body, targets) => {
      const digest = parts.people.digest(canonicalText(body));
      const earlier = first.get(body.requestId);
      if (earlier === undefined) first.set(body.requestId, { line, body, digest, targets });
      else compare(line, digest, earlier.digest);
    });
    bad.push(...faulty);
    const stored = await known(parts.db, [...first.keys()]);
    for (const one of first.values()) {
      const earlier = stored.get(one.body.requestId);
      if (earlier !== undefined) {
        compare(one.line, one.digest, earlier);
        continue;
      }
      accepted += 1;
      if (one.body.right === Right.deletion) people += 1;
      count(one, waiting);
    }
    rejected += bad.length;
    bad.sort((a, b) => a.line - b.line);
    errors.push(...bad.slice(0, mostErrors - errors.length));
  }
  return { accepted, duplicates, rejected, errors, plan: await planCounts(parts, waiting, people) };
}

function count({ body, targets }: Planned, waiting: Map<string, Waiting>): void {
  if (body.right !== Right.deletion) return;
  for (const { connection } of targets) {
    const { subjects = 0, identifiers = 0 } = waiting.get(connection) ?? {};
    waiting.set(connection, { subjects: subjects + 1, identifiers: identifiers + body.identifiers.length });
  }
}
