/**
 * Messages over a stream of bytes: four bytes of length, then JSON. JSON and not V8's own form: it is the faster of the two for lists of
 * small objects, and what an untrusted process writes can only become plain data.
 */
import type { Duplex } from 'node:stream';

// Taken now: a plugin may replace the globals of its process.
const { parse, stringify } = JSON;
const headBytes = 4;
const [quote, backslash, comma, colon, bracket, brace] = [0x22, 0x5c, 0x2c, 0x3a, 0x5b, 0x7b];

/** Bytes of the largest message that is ever read. */
export const LARGEST_FRAME = 64 * 1024 * 1024;

/** How large a message is, or may be. */
export interface FrameSize {
  /** Bytes of its JSON. */
  readonly bytes: number;
  /** Its values and keys, as {@link sizeOf} counts them. A `[]` costs its sender three bytes and its reader some fifty. */
  readonly parts: number;
}

/** Thrown for bytes that are no message. */
export class BrokenFrame extends Error {}

/** Thrown for a message that is larger than it may be; nothing of it was parsed. */
export class ExcessiveFrame extends BrokenFrame {
  /** @param beginning what has arrived of its JSON. */
  constructor(readonly beginning: Buffer) {
    super('A message is larger than it may be.');
  }
}

const unbounded = (): FrameSize => ({ bytes: LARGEST_FRAME, parts: Number.POSITIVE_INFINITY });

/** Cuts a stream of bytes into messages. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted: number | undefined;

  /** @param largest how large the message that begins may be; one with more bytes is not waited for. */
  constructor(private readonly largest: () => FrameSize = unbounded) {}

  /** Takes what has arrived and answers the messages that are complete. Throws {@link BrokenFrame}. */
  *read(chunk: Buffer): Generator<unknown, void, undefined> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    for (;;) {
      this.#wanted ??= this.#take(headBytes)?.readUInt32LE(0);
      if (this.#wanted === undefined) return;
      const { bytes, parts } = this.largest();
      if (this.#wanted > bytes) throw new ExcessiveFrame(this.#chunks[0] ?? Buffer.alloc(0));
      const body = this.#take(this.#wanted);
      if (body === undefined) return;
      this.#wanted = undefined;
      if (sizeOf(body).parts > parts) throw new ExcessiveFrame(body);
      yield parsed(body);
    }
  }

  #take(bytes: number): Buffer | undefined {
    if (this.#held < bytes) return undefined;
    const whole = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    if (whole === undefined) return undefined;
    this.#held -= bytes;
    this.#chunks = this.#held === 0 ? [] : [whole.subarray(bytes)];
    return whole.subarray(0, bytes);
  }
}

/** Writes one message; answers its JSON. */
export function writeFrame(stream: Duplex, message: object): Buffer {
  const text = stringify(message);
  const bytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(headBytes + bytes);
  frame.writeUInt32LE(bytes, 0);
  frame.write(text, headBytes);
  stream.write(frame);
  return frame.subarray(headBytes);
}

/** The size of JSON that may not even be JSON: up to its first fault a parser makes no more of it than this counts. */
export function sizeOf(json: Buffer): FrameSize {
  let parts = 0;
  let inText = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === quote) inText = !inText;
    else if (inText) at += byte === backslash ? 1 : 0;
    else if (byte === comma || byte === colon || byte === bracket || byte === brace) parts += 1;
  }
  return { bytes: json.length, parts };
}

function parsed(body: Buffer): unknown {
  try {
    return parse(body.toString('utf8'));
  } catch {
    throw new BrokenFrame('A message is not JSON.');
  }
}
