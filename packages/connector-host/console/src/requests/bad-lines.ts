/** The lines of a file that were not taken, to be mended and imported again. */
import type { ImportReport } from '../api/model.js';

function cell(text: string): string {
  // A leading =, +, - or @ would be run as a formula by a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** The texts of lines by their numbers, 1 for the first. Reads no further than the last of them. */
async function linesOf(file: Blob, wanted: ReadonlySet<number>): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  const last = Math.max(0, ...wanted);
  const reader = file.stream().pipeThrough(new TextDecoderStream()).getReader();
  let [line, rest] = [0, ''];
  while (line < last) {
    const { value, done } = await reader.read();
    const parts = (rest + (value ?? '')).split('\n');
    rest = done ? '' : (parts.pop() ?? '');
    for (const part of parts) {
      line += 1;
      if (wanted.has(line)) found.set(line, part.replace(/\r$/, ''));
    }
    if (done) break;
  }
  await reader.cancel();
  return found;
}

/** A CSV file of the lines that were not taken: number, reason, and the line as it stands in the file. */
export async function badLines(file: Blob, errors: ImportReport['errors']): Promise<Blob> {
  const texts = await linesOf(file, new Set(errors.map(({ line }) => line)));
  const rows = errors.map(({ line, message }) => `${line},${cell(message)},${cell(texts.get(line) ?? '')}`);
  return new Blob([`${['line,message,content', ...rows].join('\r\n')}\r\n`], { type: 'text/csv' });
}
