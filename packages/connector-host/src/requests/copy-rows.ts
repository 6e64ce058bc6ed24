/** PostgreSQL's binary COPY format: the cheapest way to hand the server many rows. */

/** A value of a COPY row. Strings go as UTF-8, numbers as `int4`, dates as `timestamptz`, bigint lists as `bigint[]`, string lists as `text[]`. */
export type CopyValue = string | number | Buffer | Date | readonly bigint[] | readonly string[];

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const INT8 = 20;
const TEXT = 25;
/** PostgreSQL counts microseconds from 2000-01-01. */
const epoch = Date.UTC(2000, 0);

/** Writes rows into one buffer that grows as needed. */
export class CopyBuffer {
  private bytes = Buffer.allocUnsafe(256 * 1024);
  private at = signature.copy(this.bytes);

  /** Adds one row; its values stand in the order of the COPY statement's columns. */
  add(values: readonly CopyValue[]): void {
    this.room(2);
    this.at = this.bytes.writeInt16BE(values.length, this.at);
    for (const value of values) this.value(value);
  }

  /** The finished data. The buffer must not be used any more. */
  finish(): Buffer {
    this.room(2);
    this.at = this.bytes.writeInt16BE(-1, this.at);
    return this.bytes.subarray(0, this.at);
  }

  private value(value: CopyValue): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') {
      this.int(4);
      this.int(value);
    } else if (Buffer.isBuffer(value)) {
      this.int(value.length);
      this.room(value.length);
      this.at += value.copy(this.bytes, this.at);
    } else if (value instanceof Date) {
      this.int(8);
      this.long(BigInt(value.getTime() - epoch) * 1000n);
    } else this.list(value as readonly (string | bigint)[]);
  }

  private list(values: readonly (string | bigint)[]): void {
    this.room(4);
    const start = this.at;
    this.at += 4;
    this.int(values.length === 0 ? 0 : 1);
    this.int(0);
    this.int(typeof values[0] === 'bigint' ? INT8 : TEXT);
    if (values.length > 0) {
      this.int(values.length);
      this.int(1);
    }
    for (const value of values) {
      if (typeof value === 'string') this.text(value);
      else {
        this.int(8);
        this.long(value);
      }
    }
    this.bytes.writeInt32BE(this.at - start - 4, start);
  }

  private text(value: string): void {
    // A UTF-16 unit takes three bytes of UTF-8 at most.
    this.room(4 + value.length * 3);
    const written = this.bytes.write(value, this.at + 4);
    this.bytes.writeInt32BE(written, this.at);
    this.at += 4 + written;
  }

  private int(value: number): void {
    this.room(4);
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  private long(value: bigint): void {
    this.room(8);
    this.at = this.bytes.writeBigInt64BE(value, this.at);
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + bytes));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}
