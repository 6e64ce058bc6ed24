/**
 * Files that a contact answers with: streamed into the database in pieces, each sealed with the key of people, and read from there the
 * same way. They hold a person's data, so they are purged with the person.
 */
import { and, asc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database, Queryable } from '../store/database.js';
import { diskFull } from '../store/disk-full.js';
import { answerChunks, answerFiles, requests } from '../store/schema.js';

/** Most that an answer may hold: files, bytes of each, and characters of a file's name. */
export const fileLimits = { files: 10, bytes: 25 * 1024 * 1024, name: 200 } as const;

/** Bytes sealed together. */
const PIECE = 512 * 1024;

/** How long a file may arrive, in milliseconds: what is left of one that never did is removed then. */
const ARRIVES_MS = 24 * 3_600_000;

/** A file of an answer. */
export interface AnswerFile {
  readonly id: number;
  readonly task: number;
  readonly name: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** What a piece of a file is sealed for. */
const pieceBind = (file: number, place: number): string => `answer/${file}/${place}`;
/** What the name of a file is sealed for. */
const nameBind = (task: number): string => `answer-name/${task}`;

/** A name that is one line, without folders. Pure. */
export function tidyName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return [...plain].slice(0, fileLimits.name).join('') || 'file';
}

/**
 * Takes a file in; it is no part of an answer yet.
 * @param keys looks afresh each time: a file may arrive for longer than a key that was replaced is kept.
 * @returns its id, and how many bytes it has.
 * @throws HostProblem DISK_FULL where it would take what is kept for others.
 */
export async function storeFile(
  { orm, shortage: short }: Pick<Database, 'orm' | 'shortage'>,
  keys: () => Promise<PeopleKeys>,
  { request, task, name }: { readonly request: number; readonly task: number; readonly name: string },
  content: AsyncIterable<Buffer>,
  now: Date,
): Promise<{ readonly id: number; readonly bytes: number }> {
  const shortage = await short();
  if (shortage) throw diskFull(shortage);
  const sealedName = (await keys()).seal(Buffer.from(tidyName(name)), nameBind(task));
  const [made] = await orm
    .insert(answerFiles)
    .values({ request, task, name: sealedName, createdAt: now })
    .returning({ id: answerFiles.id });
  const id = made?.id ?? 0;
  let [bytes, place] = [0, 0];
  let waiting: Buffer[] = [];
  let held = 0;
  const keep = async () => {
    const sealed = (await keys()).seal(Buffer.concat(waiting), pieceBind(id, place));
    await orm.insert(answerChunks).values({ file: id, place, sealed });
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
    await orm.update(answerFiles).set({ bytes }).where(eq(answerFiles.id, id));
  } catch (error) {
    await removeFiles(orm, [id]);
    throw error;
  }
  return { id, bytes };
}

/** Makes files part of an answer, in its transaction. */
export async function attachFiles(tx: Queryable, ids: readonly number[], at: Date): Promise<void> {
  await tx
    .update(answerFiles)
    .set({ attachedAt: at })
    .where(inArray(answerFiles.id, [...ids]));
}

/** Removes files with what they hold. */
export async function removeFiles(tx: Queryable, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.delete(answerChunks).where(inArray(answerChunks.file, [...ids]));
  await tx.delete(answerFiles).where(inArray(answerFiles.id, [...ids]));
}

/** Removes what is left of files that never became part of an answer. */
export async function removeUnfinished({ orm }: Database, now: number): Promise<void> {
  const old = and(isNull(answerFiles.attachedAt), lt(answerFiles.createdAt, new Date(now - ARRIVES_MS)));
  const found = await orm.select({ id: answerFiles.id }).from(answerFiles).where(old);
  await removeFiles(
    orm,
    found.map(({ id }) => id),
  );
}

/** The files of a request's answers, in the order in which they came. */
export async function listFiles(
  { orm }: Database,
  people: PeopleKeys,
  requestId: string,
): Promise<readonly AnswerFile[]> {
  const rows = await orm
    .select({ file: answerFiles })
    .from(answerFiles)
    .innerJoin(requests, eq(requests.id, answerFiles.request))
    .where(and(eq(requests.requestId, requestId), isNotNull(answerFiles.attachedAt)))
    .orderBy(asc(answerFiles.id));
  await people.prepare(rows.map(({ file }) => file.name));
  return rows.map(({ file: { id, task, name, bytes, attachedAt } }) => ({
    id,
    task,
    name: people.open(name, nameBind(task)).toString('utf8'),
    bytes,
    receivedAt: (attachedAt as Date).toISOString(),
  }));
}

/** The content of a file, piece by piece. */
export async function* fileContent({ orm }: Database, people: PeopleKeys, file: number): AsyncGenerator<Buffer> {
  for (let place = 0; ; place += 1) {
    const [row] = await orm
      .select({ sealed: answerChunks.sealed })
      .from(answerChunks)
      .where(and(eq(answerChunks.file, file), eq(answerChunks.place, place)));
    if (row === undefined) return;
    await people.prepare([row.sealed]);
    yield people.open(row.sealed, pieceBind(file, place));
  }
}

/** Seals anew the next pieces and names that stand under another key. @returns how many; none where nothing is left. */
export async function sealFilesAnew({ orm }: Database, people: PeopleKeys): Promise<number> {
  const other = (column: typeof answerChunks.sealed | typeof answerFiles.name) =>
    sql`substring(${column} from 2 for 8) <> decode(${people.sealingKey}, 'hex')`;
  return orm.transaction(async (tx) => {
    const names = await tx.select().from(answerFiles).where(other(answerFiles.name)).limit(AT_ONCE).for('update');
    const pieces = await tx.select().from(answerChunks).where(other(answerChunks.sealed)).limit(AT_ONCE).for('update');
    await people.prepare([...names.map(({ name }) => name), ...pieces.map(({ sealed }) => sealed)]);
    for (const { id, task, name } of names) {
      const anew = people.seal(people.open(name, nameBind(task)), nameBind(task));
      await tx.update(answerFiles).set({ name: anew }).where(eq(answerFiles.id, id));
    }
    for (const { file, place, sealed } of pieces) {
      const anew = people.seal(people.open(sealed, pieceBind(file, place)), pieceBind(file, place));
      await tx
        .update(answerChunks)
        .set({ sealed: anew })
        .where(and(eq(answerChunks.file, file), eq(answerChunks.place, place)));
    }
    return names.length + pieces.length;
  });
}

/** Pieces sealed anew in one transaction. */
const AT_ONCE = 16;
