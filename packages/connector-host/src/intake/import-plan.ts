/** What an import would do, if it were done now. Reads and judges the whole file as an import does, and keeps nothing of it. */
import { inArray } from 'drizzle-orm';
import { canonicalText, Right } from '../requests/request-body.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { requests } from '../store/schema.js';
import { type DryRun, type DryRunParts, planCounts, type Waiting } from './dry-run.js';
import { FingerprintTable } from './fingerprint-table.js';
import { type ImportReport, mostErrors } from './import.js';
import { differing, inBatches, type JudgedLine, type JudgingTerms, type LineError, LineJudge } from './import-batch.js';
import type { ImportLine } from './import-lines.js';
import type { Mendings } from './mendings.js';
import { isKnown } from './offers.js';
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

/** The requests of a file so far, by a fingerprint of the id: which of them stands under it. */
class EarlierRequests {
  readonly #digests = new FingerprintTable(1);

  constructor(private readonly people: PeopleKeys) {}

  /** Whether a request stands under this id, and is the same; `undefined` where none does, and this one does from now on. */
  isSame({ body: { requestId }, digest }: Planned): boolean | undefined {
    const before = this.#digests.size;
    const at = this.#place(requestId);
    const check = checkOf(digest);
    if (this.#digests.size > before) this.#digests.set(at, 0, check);
    return this.#digests.size > before ? undefined : this.#digests.get(at, 0) === check;
  }

  /** Another one stands under the id, which was stored before. */
  stands(requestId: string, digest: string): void {
    this.#digests.set(this.#place(requestId), 0, checkOf(digest));
  }

  #place(requestId: string): number {
    return this.#digests.place(this.people.fingerprint('request', requestId));
  }
}

/** So much of a digest as tells two requests under one id apart. */
function checkOf(digest: string): number {
  return Buffer.from(digest.slice(0, 4), 'latin1').readUInt32BE();
}

/** Judges a file. Repeats of a request are found in the whole file and against what is stored. */
export async function planImport(
  chunks: AsyncIterable<readonly ImportLine[]>,
  parts: ImportPlanParts,
): Promise<ImportPlan> {
  const waiting = new Map<string, Waiting>();
  const single: LineError[] = [];
  const judge = new LineJudge(parts.terms);
  const earlier = new EarlierRequests(parts.people);
  const shared = new SharedValues((kind, value) => parts.people.fingerprint(kind, value));
  let [accepted, duplicates, rejected, doubtful, people] = [0, 0, 0, 0, 0];
  const tell = (bad: readonly LineError[]) => {
    const held = bad.filter((error) => error.doubtful).length;
    doubtful += held;
    rejected += bad.length - held;
    single.push(...bad.toSorted((a, b) => a.line - b.line).slice(0, mostErrors - single.length));
  };
  for await (const batch of inBatches(chunks)) {
    const fresh: Planned[] = [];
    const bad: LineError[] = [];
    const repeated = (line: number, same: boolean) => {
      if (same) duplicates += 1;
      else bad.push(differing(line));
    };
    const faulty = judge.judge(batch, (line) => {
      const planned = { ...line, digest: parts.people.digest(canonicalText(line.body)) };
      const same = earlier.isSame(planned);
      if (same === undefined) fresh.push(planned);
      else repeated(line.line, same);
    });
    bad.push(...faulty);
    const stored = await known(
      parts.db,
      fresh.map(({ body }) => body.requestId),
    );
    for (const one of fresh) {
      const digest = stored.get(one.body.requestId);
      if (digest !== undefined) {
        earlier.stands(one.body.requestId, digest);
        repeated(one.line, digest === one.digest);
        continue;
      }
      accepted += 1;
      if (one.body.right === Right.deletion) people += 1;
      count(one, waiting);
      shared.look(one);
    }
    tell(bad);
  }
  // A value that stands for many is never left out for the sake of single lines.
  const many = parts.terms.allowDoubtful === true ? { lines: [], people: 0 } : shared.found(mostErrors);
  doubtful += many.people;
  const errors = [...many.lines, ...single.slice(0, mostErrors - many.lines.length)].sort((a, b) => a.line - b.line);
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
  for (const target of targets) {
    const { connection, kinds } = target;
    const taken = body.identifiers.filter(({ kind }) => kinds.has(kind)).length;
    if (taken === 0) continue;
    const { subjects = 0, identifiers = 0, notKnown = 0 } = waiting.get(connection) ?? {};
    waiting.set(connection, {
      subjects: subjects + 1,
      identifiers: identifiers + taken,
      notKnown: notKnown + (isKnown(body.identifiers, target) ? 0 : 1),
    });
  }
}
