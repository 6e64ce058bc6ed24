/** PostgreSQL's binary COPY format: the cheapest way to hand the server many rows. */

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** The type of elements of a `bigint[]`, by PostgreSQL's number for it. */
const INT8 = 20;
/** What a `jsonb` begins with. */
const JSONB_VERSION = 1;
/** PostgreSQL counts microseconds from 2000-01-01. */
const epoch = Date.UTC(2000, 0);
const HIGH = 2 ** 32;
/** The length of no value at all. */
const NONE = -1;

/** Writes rows, value by value, into one buffer that grows as needed. Each row begins with {@link row}. */
export class CopyBuffer {
  private bytes = Buffer.allocUnsafe(256 * 1024);
  private at = signature.copy(this.bytes);

  /** Begins a row of so many values. */
  row(columns: number): void {
    this.room(2);
    this.at = this.bytes.writeInt16BE(columns, this.at);
  }

  /** A `bigint` that is filled in later. Answers the place to do so, for {@link fill}. */
  later(): number {
    this.int(8);
    this.room(8);
    this.at += 8;
    return this.at - 8;
  }

  /** Gives a value to a place that {@link later} answered. */
  fill(place: number, value: number): void {
    this.bytes.writeUInt32BE(Math.floor(value / HIGH), place);
    this.bytes.writeUInt32BE(value % HIGH, place + 4);
  }

  /** A `text`; `null` for none. */
  text(value: string | null): void {
    if (value === null) {
      this.int(NONE);
      return;
    }
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    this.room(4 + value.length * 3);
    const written = this.bytes.write(value, this.at + 4, 'utf8');
    this.bytes.writeInt32BE(written, this.at);
    this.at += 4 + written;
  }

  /** A `smallint`; `null` for none. */
  small(value: number | null): void {
    if (value === null) {
      this.int(NONE);
      return;
    }
    this.int(2);
    this.room(2);
    this.at = this.bytes.writeInt16BE(value, this.at);
  }

  /** A `bytea`; a string holds a byte a character. */
  binary(value: Buffer | string): void {
    this.int(value.length);
    this.room(value.length);
    if (typeof value === 'string') this.bytes.write(value, this.at, 'latin1');
    else value.copy(this.bytes, this.at);
    this.at += value.length;
  }

  /** A `jsonb`; `null` for none. */
  json(value: unknown): void {
    if (value === null) {
      this.int(NONE);
      return;
    }
    const text = JSON.stringify(value);
    this.room(5 + text.length * 3);
    const written = this.bytes.write(text, this.at + 5, 'utf8');
    this.bytes.writeInt32BE(written + 1, this.at);
    this.bytes[this.at + 4] = JSONB_VERSION;
    this.at += 5 + written;
  }

  /** A `timestamptz` from milliseconds since the epoch; `null` for none. */
  time(value: number | null): void {
    if (value === null) {
      this.int(NONE);
      return;
    }
    this.int(8);
    this.room(8);
    const microseconds = (value - epoch) * 1000;
    this.bytes.writeInt32BE(Math.floor(microseconds / HIGH), this.at);
    this.bytes.writeUInt32BE(((microseconds % HIGH) + HIGH) % HIGH, this.at + 4);
    this.at += 8;
  }

  /** A `bigint[]` of at least one element, each written by `write` as eight bytes, the highest first. */
  bigints<T>(values: readonly T[], write: (value: T, target: Buffer, at: number) => void): void {
    this.room(24 + values.length * 12);
    this.int(20 + values.length * 12);
    for (const head of [1, 0, INT8, values.length, 1]) this.int(head);
    for (const value of values) {
      this.int(8);
      write(value, this.bytes, this.at);
      this.at += 8;
    }
  }

  /** The data so far, ended as the server wants it. Shares memory with the buffer, to which rows are no longer added. */
  finish(): Buffer {
    this.room(2);
    this.bytes.writeInt16BE(-1, this.at);
    return this.bytes.subarray(0, this.at + 2);
  }

  private int(value: number): void {
    this.room(4);
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + bytes));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}
