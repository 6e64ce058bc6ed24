/** What an import would do, if it were done now. Reads and judges the whole file as an import does, and keeps nothing of it. */
import { inArray } from 'drizzle-orm';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { requests } from '../store/schema.js';
import { type DryRun, type DryRunParts, planCounts, type Waiting } from './dry-run.js';
import { type ImportReport, mostErrors } from './import.js';
import { differing, inBatches, type JudgedLine, type JudgingTerms, type LineError, LineJudge } from './import-batch.js';
import type { ImportLine } from './import-lines.js';
import type { Mendings } from './mendings.js';
import { canonicalText, Right } from './request-body.js';
import { SharedValues } from './shared-values.js';

/** The counts an import would answer, and what would be sent. */
export type ImportPlan = ImportReport & {
  /** Estimated from the batch limits: nobody's identifiers are packed for it. */
  readonly plan: DryRun;
};

/** What the dry run of a file stands on. */
export interface ImportPlanParts extends DryRunParts {
  readonly people: PeopleKeys;
  readonly terms: JudgingTerms;
  /** What was mended in the file while it was read. */
  readonly mendings: Mendings;
}

/** A request of the file, as far as a dry run looks at it. */
type Planned = JudgedLine & { readonly digest: string };

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
  const judge = new LineJudge(parts.terms);
  const shared = new SharedValues((kind, value) => parts.people.fingerprint(kind, value));
  let [accepted, duplicates, rejected, doubtful, people] = [0, 0, 0, 0, 0];
  const tell = (bad: readonly LineError[]) => {
    const held = bad.filter((error) => error.doubtful).length;
    doubtful += held;
    rejected += bad.length - held;
    errors.push(...bad.toSorted((a, b) => a.line - b.line).slice(0, mostErrors - errors.length));
  };
  for await (const batch of inBatches(chunks)) {
    const first = new Map<string, Planned>();
    const bad: LineError[] = [];
    const compare = (line: number, digest: string, earlier: string) => {
      if (digest === earlier) duplicates += 1;
      else bad.push(differing(line));
    };
    const faulty = judge.judge(batch, (line) => {
      const digest = parts.people.digest(canonicalText(line.body));
      const earlier = first.get(line.body.requestId);
      if (earlier === undefined) first.set(line.body.requestId, { ...line, digest });
      else compare(line.line, digest, earlier.digest);
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
      shared.look(one);
    }
    tell(bad);
  }
  if (parts.terms.allowDoubtful !== true) {
    const { lines, people: held } = shared.found();
    doubtful += held;
    errors.push(...lines.slice(0, mostErrors - errors.length));
  }
  const { mendings } = parts;
  const report = {
    accepted,
    duplicates,
    rejected,
    doubtful,
    mended: mendings.count,
    errors,
    mendings: mendings.list(),
  };
  return { ...report, plan: await planCounts(parts, waiting, people) };
}

function count({ body, targets }: Planned, waiting: Map<string, Waiting>): void {
  if (body.right !== Right.deletion) return;
  for (const { connection } of targets) {
    const { subjects = 0, identifiers = 0 } = waiting.get(connection) ?? {};
    waiting.set(connection, { subjects: subjects + 1, identifiers: identifiers + body.identifiers.length });
  }
}
