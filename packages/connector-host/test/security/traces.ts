/** Looks for texts in everything that was kept: every cell of every table, every byte of every file. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

/** The forms a text may lie in: plain, URL-encoded, base64 at each of its three shifts, hexadecimal in both cases. */
function formsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text, 'utf8');
  const shifted = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last characters also hold bits of the neighbours.
    return encoded.slice(Math.ceil((shift * 8) / 6), -1);
  });
  const urlSafe = shifted.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = bytes.toString('hex');
  return [...new Set([text, encodeURIComponent(text), ...shifted, ...urlSafe, hex, hex.toUpperCase()])].map((one) =>
    Buffer.from(one),
  );
}

/** Which of the texts are in a piece of data, in whatever form. */
export function tracesIn(data: Buffer | string, texts: readonly string[]): string[] {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return texts.filter((text) => formsOf(text).some((form) => bytes.includes(form)));
}

/** Every row of every table of a database, of all schemas but the server's own, as text; also what the planner keeps of samples. */
export async function dump(pool: pg.Pool): Promise<Map<string, string>> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const found = new Map<string, string>();
  for (const { name } of [...tables, { name: 'pg_stats' }, { name: 'pg_stat_activity' }]) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    // The texts of cells, and cells of bytes as the bytes that they are.
    found.set(name, rows.map(({ row }) => `${row}\n${bytesOf(row)}`).join('\n'));
  }
  return found;
}

function bytesOf(row: string): string {
  return [...row.matchAll(/\\x([0-9a-f]+)/g)]
    .map(([, hex = '']) => Buffer.from(hex, 'hex').toString('latin1'))
    .join('\n');
}

/** Every file below a folder, but for those whose path matches `without`. */
export function filesBelow(folder: string, without: RegExp): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (without.test(path)) return [];
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return filesBelow(path, without);
    return stats?.isFile() ? [path] : [];
  });
}

/** The files that hold a trace of a text. */
export function filesWith(folder: string, texts: readonly string[], without: RegExp): string[] {
  return filesBelow(folder, without).filter((path) => tracesIn(readFileSync(path), texts).length > 0);
}
