import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { importRequests } from '../../src/intake/import.js';
import { DIFFERS, differing, LINES_PER_BATCH } from '../../src/intake/import-batch.js';
import type { ImportLine } from '../../src/intake/import-lines.js';
import type { IntakeResult } from '../../src/intake/intake.js';
import type { IntakeBatch } from '../../src/intake/intake-batch.js';
import { Mendings } from '../../src/intake/mendings.js';
import type { Offer } from '../../src/intake/offers.js';
import { usualClock } from '../../src/requests/legal-clock.js';
import { Right } from '../../src/requests/request-body.js';
import { PeopleKeys } from '../../src/sealing/people-keys.js';

const key = (purpose: string) => ({ id: '0123456789abcdef', purpose, key: randomBytes(32) });
const people = new PeopleKeys(key('people'), key('fingerprints'), async () => undefined);
const offer: Offer = {
  connection: 'c',
  deletion: true,
  wholeRecord: true,
  directContact: true,
  kinds: new Set(['user_id']),
};

const line = (at: number, requestId: string, value = requestId): ImportLine => ({
  line: at,
  body: { requestId, right: Right.deletion, identifiers: [{ kind: 'user_id', value }] },
  nameOf: () => 'user_id',
  inFile: (said) => said,
});

/** So many batches of a file; `change` names lines that are others. */
function batches(count: number, change: Readonly<Record<number, ImportLine>> = {}): ImportLine[][] {
  return Array.from({ length: count }, (_, batch) =>
    Array.from({ length: LINES_PER_BATCH }, (_, i) => {
      const at = batch * LINES_PER_BATCH + i + 1;
      return change[at] ?? line(at, `r${at}`);
    }),
  );
}

/** A database that answers when it is told to. */
class SlowDatabase {
  readonly began: number[] = [];
  readonly answers: { accept: (more?: Partial<IntakeResult>) => void; fail: (error: Error) => void }[] = [];

  store(batch: IntakeBatch): Promise<IntakeResult> {
    this.began.push(batch.size);
    return new Promise((resolve, reject) => {
      this.answers.push({
        accept: (more) => resolve({ accepted: batch.size, duplicates: [], different: [], ...more }),
        fail: reject,
      });
    });
  }

  async analyze(): Promise<void> {}
}

function start(file: ImportLine[][], database: SlowDatabase) {
  const progress: number[] = [];
  const report = importRequests(
    (async function* () {
      yield* file;
    })(),
    {
      intake: database,
      people: async () => people,
      clock: { now: () => 0, sleep: async () => undefined },
      legal: usualClock,
      offers: async () => new Map([['c', offer]]),
      alongside: async () => undefined,
      stored: async () => undefined,
      mendings: new Mendings(),
    },
    { onProgress: ({ accepted }) => progress.push(accepted) },
  );
  report.catch(() => undefined);
  return { report, progress };
}

/** Long enough for a batch to be read, sealed and handed over. */
async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000 && !holds(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 500; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('batches of one file', () => {
  test('are stored two at once, and no more', async () => {
    const database = new SlowDatabase();
    const { report } = start(batches(4), database);
    await until(() => database.began.length === 2);
    expect(database.began).toHaveLength(2);
    database.answers[0]?.accept();
    await until(() => database.began.length === 3);
    expect(database.began).toHaveLength(3);
    for (const at of [1, 2]) database.answers[at]?.accept();
    await until(() => database.began.length === 4);
    database.answers[3]?.accept();
    await expect(report).resolves.toMatchObject({ accepted: 4 * LINES_PER_BATCH, rejected: 0 });
  });

  test('are counted in the order of the file, whichever is stored first', async () => {
    const database = new SlowDatabase();
    const { report, progress } = start(batches(2), database);
    await until(() => database.began.length === 2);
    database.answers[1]?.accept({ accepted: LINES_PER_BATCH - 1, different: [3] });
    await until(() => false);
    expect(progress).toEqual([]);
    database.answers[0]?.accept({ accepted: LINES_PER_BATCH - 2, duplicates: [1], different: [5] });
    const errors = [differing(6), differing(LINES_PER_BATCH + 4)];
    await expect(report).resolves.toMatchObject({
      accepted: 2 * LINES_PER_BATCH - 3,
      duplicates: 1,
      rejected: 2,
      errors,
    });
    expect(progress).toEqual([LINES_PER_BATCH - 2, 2 * LINES_PER_BATCH - 3]);
  });

  test('that share a request id are stored one after the other, so that the earlier line is taken', async () => {
    const database = new SlowDatabase();
    const at = LINES_PER_BATCH + 7;
    const { report } = start(batches(2, { [at]: line(at, 'r3', 'somebody else') }), database);
    await until(() => database.began.length === 2);
    expect(database.began).toHaveLength(1);
    database.answers[0]?.accept();
    await until(() => database.began.length === 2);
    database.answers[1]?.accept({ accepted: LINES_PER_BATCH - 1, different: [6] });
    await expect(report).resolves.toMatchObject({ rejected: 1, errors: [{ line: at, message: DIFFERS }] });
  });

  test('one that fails ends the import, once the other is no longer under way', async () => {
    const database = new SlowDatabase();
    const { report } = start(batches(3), database);
    let ended = false;
    report
      .catch(() => undefined)
      .finally(() => {
        ended = true;
      });
    await until(() => database.began.length === 2);
    database.answers[0]?.fail(new Error('The disk is full.'));
    await until(() => false);
    expect(ended).toBe(false);
    database.answers[1]?.accept();
    await expect(report).rejects.toThrow('The disk is full.');
    expect(database.began).toHaveLength(2);
  });
});
