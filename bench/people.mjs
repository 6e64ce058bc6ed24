/** People to erase: the same ones in every run, with ids that come in no order, as real ones do. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The id of the nth person at the vendor. */
export function userId(n) {
  return `user-${n.toString(36).padStart(8, '0')}@example.com`;
}

/** The id of the nth request, as a random UUID would look. */
export function requestId(n) {
  const hex = createHash('sha1').update(`request ${n}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** People that a host takes in before it is measured: others than those of the measured file. */
export const WARM_UP = { count: 10_000, from: 1_000_000_000 };

/**
 * Writes an import file (`csv` or `ndjson`) of `count` people, one identifier each, beginning with the nth.
 * @returns its path.
 */
export async function writeImportFile(place, count, from = 0, format = 'csv') {
  const path = join(place, `${from}.${format}`);
  const line = (n) =>
    format === 'csv'
      ? `${requestId(n)},${userId(n)}\n`
      : `{"requestId":"${requestId(n)}","right":"deletion","identifiers":[{"kind":"user_id","value":"${userId(n)}"}]}\n`;
  const lines = function* () {
    if (format === 'csv') yield 'request_id,user_id\n';
    for (let n = from; n < from + count; ) {
      let text = '';
      for (; n < from + count && text.length < 60_000; n += 1) text += line(n);
      yield text;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
  return path;
}

/** People as a connector is given them: `perPerson` identifiers each. */
export function subjects(from, to, perPerson = 1) {
  const found = [];
  for (let n = from; n < to; n += 1) {
    const identifiers = [];
    for (let i = 0; i < perPerson; i += 1) identifiers.push({ kind: 'user_id', value: userId(n * perPerson + i) });
    found.push({ id: String(n), identifiers });
  }
  return found;
}
