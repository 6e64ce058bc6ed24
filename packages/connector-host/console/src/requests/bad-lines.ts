/** The lines of a file that were not taken, to be mended and imported again. The file is cut into lines as the host cuts it. */
import type { ImportReport } from '../api/model.js';

function cell(text: string): string {
  // A leading =, +, - or @ would be run as a formula by a spreadsheet.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** The first bytes of a file, unpacked where it is packed. */
async function firstBytes(bytes: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = bytes.getReader();
  const { value = new Uint8Array() } = await reader.read();
  await reader.cancel();
  return value;
}

/** The text of a file: gzip is unpacked, UTF-16 is read by its mark. */
async function textOf(file: Blob): Promise<ReadableStream<string>> {
  const [first, second] = await firstBytes(file.slice(0, 2).stream());
  const packed = first === 0x1f && second === 0x8b;
  const bytes = () => (packed ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream());
  const [a, b] = await firstBytes(bytes());
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
  return bytes().pipeThrough(new TextDecoderStream(encoding));
}

/** What lines end with: carriage returns alone where the first end outside quotes is one; `undefined` while that is not to be told. */
function lineEndOf(text: string): RegExp | undefined {
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted;
    if (quoted || (text[at] !== '\r' && text[at] !== '\n')) continue;
    let next = at;
    while (text[next] === '\r') next += 1;
    if (next === text.length) return undefined;
    return text[next] === '\n' ? /\n/ : /\r\n|\r/;
  }
  return undefined;
}

/** The texts of lines by their numbers, 1 for the first. Reads no further than the last of them. */
async function linesOf(file: Blob, wanted: ReadonlySet<number>): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  const last = Math.max(0, ...wanted);
  const reader = (await textOf(file)).getReader();
  let [line, rest] = [0, ''];
  let end: RegExp | undefined;
  while (line < last) {
    const { value, done } = await reader.read();
    rest += value ?? '';
    end ??= lineEndOf(rest);
    if (end === undefined && !done) continue;
    // A carriage return at the end of a part may be half of an end.
    const held = !done && rest.endsWith('\r') ? '\r' : '';
    const parts = rest.slice(0, rest.length - held.length).split(end ?? /\r/);
    rest = done ? '' : `${parts.pop() ?? ''}${held}`;
    for (const part of parts) {
      line += 1;
      if (wanted.has(line)) found.set(line, part.replace(/\r+$/, ''));
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
