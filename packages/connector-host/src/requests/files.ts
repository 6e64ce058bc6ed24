/**
 * Files that somebody answers with, or that show that work was done: streamed into the database in pieces, each sealed with the key of
 * people, and read from there the same way. They may hold people's data, so they are purged with the people.
 */
import { and, asc, eq, inArray, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { filled } from '../given.js';
import { noRequest } from '../not-there.js';
import { HostProblem } from '../problem.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database, Queryable } from '../store/database.js';
import { diskFull } from '../store/disk-full.js';
import { filePieces, requests, storedFiles } from '../store/schema.js';

/** Most that an answer, or the evidence of work, may hold: files, bytes of each, and characters of a file's name. */
export const fileLimits = { files: 10, bytes: 25 * 1024 * 1024, name: 200 } as const;

/** Bytes sealed together. */
const PIECE = 512 * 1024;

/** How long a file may arrive, in milliseconds: what is left of one that never did is removed then. */
const ARRIVES_MS = 24 * 3_600_000;

/** What a file is part of: the answer of a task, or the evidence of a work item. */
export type FileOf = { readonly request: number; readonly task: number } | { readonly work: number };

/** A file. */
export interface StoredFile {
  readonly id: number;
  /** Of an answer. */
  readonly task?: number;
  readonly name: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** What a piece of a file is sealed for; the word is one of the days when all files were answers, and holds for all. */
const pieceBind = (file: number, place: number): string => `answer/${file}/${place}`;
/** What the name of a file is sealed for. */
const nameBind = ({ task, work }: { readonly task?: number | null; readonly work?: number | null }): string =>
  task == null ? `evidence-name/${work}` : `answer-name/${task}`;

/** The files of something. */
const filesOf = (of: FileOf): SQL =>
  'work' in of
    ? eq(storedFiles.work, of.work)
    : (and(eq(storedFiles.request, of.request), eq(storedFiles.task, of.task)) as SQL);

/** A name that is one line, without folders. Pure. */
export function tidyName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return [...plain].slice(0, fileLimits.name).join('') || 'file';
}

/**
 * Takes a file in; it is no part of anything yet. The reserve of the disk is respected piece by piece, and nothing is left of a file that
 * did not arrive whole.
 * @param keys looks afresh each time: a file may arrive for longer than a key that was replaced is kept.
 * @returns its id, and how many bytes it has.
 * @throws HostProblem DISK_FULL where it would take what is kept for others.
 */
export async function storeFile(
  { orm, shortage: short }: Pick<Database, 'orm' | 'shortage'>,
  keys: () => Promise<PeopleKeys>,
  { name, ...of }: FileOf & { readonly name: string },
  content: AsyncIterable<Buffer>,
  now: Date,
): Promise<{ readonly id: number; readonly bytes: number }> {
  const demandRoom = async () => {
    const shortage = await short();
    if (shortage) throw diskFull(shortage);
  };
  await demandRoom();
  const sealedName = (await keys()).seal(Buffer.from(tidyName(name)), nameBind(of));
  const [made] = await orm
    .insert(storedFiles)
    .values({ ...of, name: sealedName, createdAt: now })
    .returning({ id: storedFiles.id });
  const id = made?.id ?? 0;
  let [bytes, place] = [0, 0];
  let waiting: Buffer[] = [];
  let held = 0;
  const keep = async () => {
    await demandRoom();
    const sealed = (await keys()).seal(Buffer.concat(waiting), pieceBind(id, place));
    await orm.insert(filePieces).values({ file: id, place, sealed });
    [waiting, held] = [[], 0];
    place += 1;
  };
  try {
    for await (const part of content) {
      waiting.push(part);
      held += part.length;
      bytes += part.length;
      if (held >= PIECE) await keep();
    }
    if (held > 0) await keep();
    const [whole] = await orm
      .update(storedFiles)
      .set({ bytes })
      .where(eq(storedFiles.id, id))
      .returning({ id: storedFiles.id });
    // Purged, or its work opened again, while it arrived: the pieces would belong to nothing.
    if (whole === undefined) throw new HostProblem('STATE_FORBIDS', 'What the file was for has changed meanwhile.');
  } catch (error) {
    await discardFiles(orm, [id]);
    throw error;
  }
  return { id, bytes };
}

/**
 * Makes files that were taken in part of what they were taken in for, in the transaction of that.
 * @throws HostProblem REQUEST_INVALID where there is one that was not taken in for it, or is part of it already.
 */
export async function attachFiles(tx: Queryable, of: FileOf, ids: readonly number[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  const attached = await tx
    .update(storedFiles)
    .set({ attachedAt: at })
    .where(and(inArray(storedFiles.id, [...ids]), filesOf(of), isNull(storedFiles.attachedAt)))
    .returning({ id: storedFiles.id });
  if (attached.length === ids.length) return;
  const message = 'files names one that was not sent for this, or is gone.';
  const errors = [
    { field: 'files', code: 'INVALID', message, remedy: 'Send the file again, and name the id of that.' },
  ];
  throw new HostProblem('REQUEST_INVALID', message, { errors });
}

/** Removes files with what they hold. */
async function removeFiles(tx: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.delete(filePieces).where(inArray(filePieces.file, [...ids]));
  await tx.delete(storedFiles).where(inArray(storedFiles.id, [...ids]));
}

/** Removes files that became part of nothing. What cannot be removed now is, a day later. */
export async function discardFiles(orm: Queryable, ids: readonly number[]): Promise<void> {
  await removeFiles(orm, ids).catch(() => undefined);
}

/** Removes the evidence of work, with what it holds. */
export async function removeEvidence(tx: Queryable, work: number): Promise<void> {
  await removeWhere(tx, eq(storedFiles.work, work));
}

/**
 * Removes what is left of files that never became part of anything, and the evidence of work that was shown long enough.
 * @param evidenceBefore evidence that was handed in before then; the same for files of answers about people who were purged before.
 * @returns how many.
 */
export async function removeOld({ orm }: Database, now: number, evidenceBefore: Date): Promise<number> {
  const unfinished = and(isNull(storedFiles.attachedAt), lt(storedFiles.createdAt, new Date(now - ARRIVES_MS)));
  const shown = and(isNotNull(storedFiles.work), lt(storedFiles.attachedAt, evidenceBefore));
  // Of somebody who was purged before they came: no purge of the person comes for them any more.
  const late = and(
    isNotNull(storedFiles.request),
    lt(storedFiles.attachedAt, evidenceBefore),
    sql`exists (select from ${requests} r where r.id = ${storedFiles.request} and r.purged_at is not null)`,
  );
  // Pieces that came after their file was purged, in a process that was ended before it could take them back.
  await orm.execute(sql`
    delete from ${filePieces} p where not exists (select from ${storedFiles} f where f.id = p.file)`);
  return removeWhere(orm, or(unfinished, shown, late));
}

async function removeWhere(tx: Queryable, which: SQL | undefined): Promise<number> {
  const found = await tx.select({ id: storedFiles.id }).from(storedFiles).where(which);
  await removeFiles(
    tx,
    found.map(({ id }) => id),
  );
  return found.length;
}

/** The files of a request's answers. Throws NOT_FOUND where there is no such request. */
async function ofRequest({ orm }: Database, requestId: string): Promise<SQL> {
  const [row] = await orm.select({ id: requests.id }).from(requests).where(eq(requests.requestId, requestId));
  if (row === undefined) throw noRequest();
  return eq(storedFiles.request, row.id);
}

/**
 * The files of a request's answers, or the evidence of a work item, in the order in which they came.
 * @throws HostProblem NOT_FOUND where there is no such request.
 */
export async function listFiles(
  db: Database,
  people: PeopleKeys,
  of: { readonly requestId: string } | { readonly work: number },
): Promise<readonly StoredFile[]> {
  const these = 'work' in of ? eq(storedFiles.work, of.work) : await ofRequest(db, of.requestId);
  const rows = await db.orm
    .select()
    .from(storedFiles)
    .where(and(these, isNotNull(storedFiles.attachedAt)))
    .orderBy(asc(storedFiles.id));
  await people.prepare(rows.map(({ name }) => name));
  return rows.map(({ id, task, work, name, bytes, createdAt }) => ({
    id,
    ...filled({ task }),
    name: people.open(name, nameBind({ task, work })).toString('utf8'),
    bytes,
    receivedAt: createdAt.toISOString(),
  }));
}

/** The content of a file, piece by piece. */
export async function* fileContent({ orm }: Database, people: PeopleKeys, file: number): AsyncGenerator<Buffer> {
  for (let place = 0; ; place += 1) {
    const [row] = await orm
      .select({ sealed: filePieces.sealed })
      .from(filePieces)
      .where(and(eq(filePieces.file, file), eq(filePieces.place, place)));
    if (row === undefined) return;
    await people.prepare([row.sealed]);
    yield people.open(row.sealed, pieceBind(file, place));
  }
}

/** Seals anew the next pieces and names that stand under another key. @returns how many; none where nothing is left. */
export async function sealFilesAnew({ orm }: Database, people: PeopleKeys): Promise<number> {
  const other = (column: typeof filePieces.sealed | typeof storedFiles.name) =>
    sql`substring(${column} from 2 for 8) <> decode(${people.sealingKey}, 'hex')`;
  return orm.transaction(async (tx) => {
    const names = await tx.select().from(storedFiles).where(other(storedFiles.name)).limit(AT_ONCE).for('update');
    const pieces = await tx.select().from(filePieces).where(other(filePieces.sealed)).limit(AT_ONCE).for('update');
    await people.prepare([...names.map(({ name }) => name), ...pieces.map(({ sealed }) => sealed)]);
    for (const { id, name, ...of } of names) {
      const anew = people.seal(people.open(name, nameBind(of)), nameBind(of));
      await tx.update(storedFiles).set({ name: anew }).where(eq(storedFiles.id, id));
    }
    for (const { file, place, sealed } of pieces) {
      const anew = people.seal(people.open(sealed, pieceBind(file, place)), pieceBind(file, place));
      await tx
        .update(filePieces)
        .set({ sealed: anew })
        .where(and(eq(filePieces.file, file), eq(filePieces.place, place)));
    }
    return names.length + pieces.length;
  });
}

/** Pieces sealed anew in one transaction. */
const AT_ONCE = 16;
