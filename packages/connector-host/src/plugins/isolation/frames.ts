/**
 * Messages over a stream of bytes: four bytes of length, then JSON. JSON and not V8's own form: it is the faster of the two for lists of
 * small objects, and what an untrusted process writes can only become plain data.
 */
import type { Duplex } from 'node:stream';

// Taken now: a plugin may replace the globals of its process.
const { parse, stringify } = JSON;
const headBytes = 4;

/** Largest message that is read, in bytes: far above the answer to the largest plan. */
export const LARGEST_FRAME = 64 * 1024 * 1024;

/** Thrown for bytes that are no message. */
export class BrokenFrame extends Error {}

/** Cuts a stream of bytes into messages. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #held = 0;
  #wanted: number | undefined;

  /** @param largest bytes of a message; a longer one is not waited for. */
  constructor(private readonly largest = LARGEST_FRAME) {}

  /** Takes what has arrived and answers the messages that are complete. Throws {@link BrokenFrame}. */
  *read(chunk: Buffer): Generator<unknown, void, undefined> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    for (;;) {
      this.#wanted ??= this.#take(headBytes)?.readUInt32LE(0);
      if (this.#wanted === undefined) return;
      if (this.#wanted > this.largest) throw new BrokenFrame(`A message of ${this.#wanted} bytes was announced.`);
      const body = this.#take(this.#wanted);
      if (body === undefined) return;
      this.#wanted = undefined;
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

/** Writes one message; answers whether the stream takes more at once. */
export function writeFrame(stream: Duplex, message: object): boolean {
  const text = stringify(message);
  const bytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(headBytes + bytes);
  frame.writeUInt32LE(bytes, 0);
  frame.write(text, headBytes);
  return stream.write(frame);
}

function parsed(body: Buffer): unknown {
  try {
    return parse(body.toString('utf8'));
  } catch {
    throw new BrokenFrame('A message is not JSON.');
  }
}
