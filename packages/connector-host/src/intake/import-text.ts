/**
 * The bytes of an import file as text with one sort of line end, chunk by chunk: gzip is unpacked, UTF-16 read by its mark, a byte order
 * mark skipped. What is no text of lines, such as a workbook, is named for what it is.
 */
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { HostProblem } from '../problem.js';
import { LineEnds } from './line-ends.js';
import type { Mendings } from './mendings.js';

/** Bytes by which a file is told. */
const HEAD = 8;

const saveAsCsv = 'Open it in the program that made it and save it as "CSV UTF-8".';

/** Sorts of files that people hand in for CSV, by their first bytes. */
const others: readonly {
  readonly starts: readonly number[];
  readonly code: string;
  readonly what: string;
  readonly remedy: string;
}[] = [
  {
    starts: [0x50, 0x4b, 0x03, 0x04],
    code: 'WORKBOOK',
    what: 'a workbook (.xlsx, .ods, .numbers) or another ZIP file',
    remedy: saveAsCsv,
  },
  { starts: [0x50, 0x4b, 0x05, 0x06], code: 'WORKBOOK', what: 'an empty ZIP file', remedy: saveAsCsv },
  {
    starts: [0xd0, 0xcf, 0x11, 0xe0],
    code: 'WORKBOOK',
    what: 'an old Excel workbook (.xls) or another Office file',
    remedy: saveAsCsv,
  },
  { starts: [0x25, 0x50, 0x44, 0x46], code: 'PDF', what: 'a PDF', remedy: 'Export the table itself as CSV.' },
  {
    starts: [0x42, 0x5a, 0x68],
    code: 'PACKED',
    what: 'packed with bzip2',
    remedy: 'Unpack it first, or pack it with gzip.',
  },
  {
    starts: [0x28, 0xb5, 0x2f, 0xfd],
    code: 'PACKED',
    what: 'packed with zstd',
    remedy: 'Unpack it first, or pack it with gzip.',
  },
  {
    starts: [0xfd, 0x37, 0x7a, 0x58],
    code: 'PACKED',
    what: 'packed with xz',
    remedy: 'Unpack it first, or pack it with gzip.',
  },
  {
    starts: [0x37, 0x7a, 0xbc, 0xaf],
    code: 'PACKED',
    what: 'packed with 7-Zip',
    remedy: 'Unpack it first, or pack it with gzip.',
  },
  { starts: [0x50, 0x41, 0x52, 0x31], code: 'PARQUET', what: 'a Parquet file', remedy: 'Export the table as CSV.' },
  { starts: [0xff, 0xfe, 0x00, 0x00], code: 'UTF_32', what: 'UTF-32', remedy: 'Save it as UTF-8.' },
  { starts: [0x00, 0x00, 0xfe, 0xff], code: 'UTF_32', what: 'UTF-32', remedy: 'Save it as UTF-8.' },
];

/** A file that cannot be read as what it was sent as. */
export function unfitFile(code: string, what: string, remedy: string): HostProblem {
  const errors = [{ field: 'file', code, message: what, remedy }];
  return new HostProblem('INPUT_INVALID', what, { remedy, errors });
}

/** Reads the text of one file. */
export class ImportText {
  constructor(
    private readonly stream: Readable,
    private readonly mendings: Mendings,
  ) {}

  /** The text, in parts of at least one character. */
  async *parts(): AsyncGenerator<string> {
    const ends = new LineEnds(this.mendings);
    for await (const text of this.decoded()) {
      const part = ends.take(text);
      if (part !== '') yield part;
    }
    const rest = ends.finish();
    if (rest !== '') yield rest;
  }

  private async *decoded(): AsyncGenerator<string> {
    const source = bytesOf(this.stream);
    let packed = false;
    try {
      let { head, rest } = await beginning(source);
      packed = head[0] === 0x1f && head[1] === 0x8b;
      if (packed) {
        this.mendings.once('GZIP');
        ({ head, rest } = await beginning(unpacked(rest)));
      }
      const decoder = this.decoderOf(head);
      let first = true;
      for await (const bytes of rest) {
        let text = decoder.write(bytes);
        if (text === '') continue;
        if (first && text.startsWith('\ufeff')) {
          this.mendings.once('BYTE_ORDER_MARK');
          text = text.slice(1);
        }
        first = false;
        yield text;
      }
      yield decoder.end();
    } finally {
      // Whoever stops early lets go of the stream, so that what is left of it can be read and thrown away. Unpacking may be waiting for more.
      const closed = source.return(undefined);
      if (!packed) await closed;
    }
  }

  private decoderOf(start: Buffer): Pick<StringDecoder, 'write' | 'end'> {
    for (const { starts, code, what, remedy } of others) {
      if (starts.every((byte, at) => start[at] === byte)) throw unfitFile(code, `The file is ${what}.`, remedy);
    }
    const little = start[0] === 0xff && start[1] === 0xfe;
    const big = start[0] === 0xfe && start[1] === 0xff;
    if (little || big) {
      this.mendings.once('UTF_16');
      const decoder = new TextDecoder(little ? 'utf-16le' : 'utf-16be', { ignoreBOM: true });
      return { write: (bytes) => decoder.decode(bytes as Buffer, { stream: true }), end: () => decoder.decode() };
    }
    if (start.length >= 4 && (start[0] === 0) !== (start[1] === 0) && (start[2] === 0) !== (start[3] === 0)) {
      throw unfitFile('UTF_16', 'The file is UTF-16 without a byte order mark.', 'Save it as UTF-8.');
    }
    return new StringDecoder('utf8');
  }
}

async function* bytesOf(stream: Readable): AsyncGenerator<Buffer> {
  // Not destroyed when reading stops early: an HTTP upload must stay open for its answer.
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
  }
}

/** The first bytes of a file, and all of it. */
async function beginning(bytes: AsyncGenerator<Buffer>): Promise<{ head: Buffer; rest: AsyncGenerator<Buffer> }> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < HEAD) {
    const { value, done } = await bytes.next();
    if (done === true) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  async function* all() {
    if (head.length > 0) yield head;
    yield* bytes;
  }
  return { head, rest: all() };
}

async function* unpacked(bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const source = Readable.from(bytes);
  const unpacking = createGunzip();
  // A pipe hands no error on: unheard, that of a call that breaks off would end the process.
  let broken: unknown;
  source.on('error', (error) => {
    broken = error;
    unpacking.destroy(error);
  });
  source.pipe(unpacking);
  try {
    for await (const chunk of unpacking) yield chunk as Buffer;
  } catch {
    if (broken !== undefined) throw broken;
    throw unfitFile('PACKED', 'The gzip file is damaged or not complete.', 'Pack it again, or send it unpacked.');
  }
}
