import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  type AuditEntry,
  type ChainedEntry,
  canonicalText,
  chainHash,
  chainStart,
  verifyChain,
} from '../../src/audit/chain.js';

const entry = (n: number): AuditEntry => ({
  at: new Date(Date.UTC(2026, 0, n)),
  actor: 'a1',
  action: 'connection.updated',
  target: { connection: `c${n}` },
  data: { fields: 'apiToken', n },
});

function chain(length: number): ChainedEntry[] {
  let { hash } = chainStart;
  return Array.from({ length }, (_, at) => {
    const next = entry(at + 1);
    hash = chainHash(hash, next);
    return { ...next, seq: at + 1, hash };
  });
}

const verify = (rows: readonly ChainedEntry[], end = rows.at(-1) ?? chainStart, known?: ChainedEntry) =>
  verifyChain(async (after) => rows.filter(({ seq }) => seq > after).slice(0, 3), end, known);

describe('the chain of the audit log', () => {
  test('is SHA-256 over the hash before it and the canonical text, which anybody can compute', async () => {
    const text =
      '["2026-01-01T00:00:00.000Z","a1","connection.updated",[["connection","c1"]],[["fields","apiToken"],["n",1]]]';
    expect(canonicalText(entry(1))).toBe(text);
    expect(chain(1)[0]?.hash).toEqual(createHash('sha256').update(Buffer.alloc(32)).update(text).digest());
  });

  test('does not depend on the order of keys', () => {
    const { data, ...rest } = entry(1);
    expect(canonicalText({ ...rest, data: { n: 1, fields: data['fields'] ?? '' } })).toBe(canonicalText(entry(1)));
  });

  test('holds where nothing was touched, also when it is empty', async () => {
    expect(await verify(chain(10))).toMatchObject({ intact: true, head: { seq: 10 } });
    expect(await verify([])).toMatchObject({ intact: true, head: { seq: 0 } });
  });

  test.each<[string, (rows: ChainedEntry[]) => ChainedEntry[], object]>([
    [
      'a changed entry',
      (rows) => rows.map((row) => (row.seq === 5 ? { ...row, actor: 'a2' } : row)),
      { seq: 5, why: 'changed' },
    ],
    [
      'a time moved by a millisecond',
      (rows) => rows.map((row) => (row.seq === 5 ? { ...row, at: new Date(+row.at + 1) } : row)),
      { seq: 5, why: 'changed' },
    ],
    ['a removed entry', (rows) => rows.filter(({ seq }) => seq !== 5), { seq: 5, why: 'missing' }],
    ['a removed end', (rows) => rows.slice(0, 7), { seq: 8, why: 'missing' }],
    [
      'an entry that was put in',
      (rows) => [
        ...rows.slice(0, 5),
        { ...entry(99), seq: 6, hash: Buffer.alloc(32) },
        ...rows.slice(5).map((row) => ({ ...row, seq: row.seq + 1 })),
      ],
      { seq: 6, why: 'changed' },
    ],
    [
      'two entries that changed places',
      (rows) =>
        rows.map((row) => ({ ...(rows[row.seq === 4 ? 4 : row.seq === 5 ? 3 : row.seq - 1] ?? row), seq: row.seq })),
      { seq: 4, why: 'changed' },
    ],
  ])('%s is named as the first broken link', async (_name, tamper, broken) => {
    const rows = chain(10);
    expect(await verify(tamper(rows), rows.at(-1))).toMatchObject({ intact: false, broken });
  });

  test('a chain that was made anew from some entry on is found out by an end that was noted before', async () => {
    const noted = chain(10)[6];
    const anew = chain(10).map((row) => ({ ...row, actor: row.seq >= 5 ? 'somebody else' : row.actor }));
    for (const row of anew) row.hash = chainHash(anew[row.seq - 2]?.hash ?? chainStart.hash, row);
    expect(await verify(anew)).toMatchObject({ intact: true });
    expect(await verify(anew, anew.at(-1), noted)).toMatchObject({ intact: false, broken: { seq: 7, why: 'changed' } });
    expect(await verify(anew.slice(0, 6), anew[5], noted)).toMatchObject({
      intact: false,
      broken: { seq: 7, why: 'missing' },
    });
  });
});
