import { createHmac } from 'node:crypto';
import { type DataKey, openWith, sealWith } from './seal.js';

const lowest63Bits = (1n << 63n) - 1n;

/** Sealing and keyed hashing of people's identifiers: synchronous, for work on millions. */
export class PeopleKeys {
  /**
   * @param sealing seals identifiers.
   * @param hashing makes fingerprints and digests; another key, so that a purge of the one leaves the other.
   */
  constructor(
    private readonly sealing: DataKey,
    private readonly hashing: DataKey,
  ) {}

  /** Seals one person's identifiers; `bind` names the row they belong to. */
  seal(plain: Buffer, bind: string): Buffer {
    return sealWith(this.sealing, plain, bind);
  }

  /** Opens what {@link seal} made. Throws SealingError where it was changed or moved. */
  open(sealed: Buffer, bind: string): Buffer {
    return openWith(this.sealing, sealed, bind);
  }

  /** A keyed 63-bit number for search; the same identifier always has the same one, and nothing leads back from it. */
  fingerprint(kind: string, value: string): bigint {
    const hash = createHmac('sha256', this.hashing.key).update(`fingerprint\0${kind}\0${value}`).digest();
    return hash.readBigUInt64BE(0) & lowest63Bits;
  }

  /** A keyed digest of 32 bytes: tells whether two texts are the same without keeping them. */
  digest(text: string): Buffer {
    return createHmac('sha256', this.hashing.key).update(`digest\0${text}`).digest();
  }
}
