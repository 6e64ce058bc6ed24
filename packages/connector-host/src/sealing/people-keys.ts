import { KeyedHash } from './keyed-hash.js';
import { type DataKey, openWith, sealedBy, sealWith } from './seal.js';

const lowest63Bits = (1n << 63n) - 1n;

/** Finds a key by its id; `undefined` where it is destroyed, or never was. */
export type KeyFinder = (id: string) => Promise<DataKey | undefined>;

/** Sealing and keyed hashing of people's identifiers: synchronous, for work on millions. */
export class PeopleKeys {
  private readonly hashing: KeyedHash;
  /** Keys that were found beside the one that seals. */
  private readonly others = new Map<string, DataKey>();

  /**
   * @param sealing seals identifiers.
   * @param hashing makes fingerprints and digests; another key, so that a purge of the one leaves the other.
   * @param find finds the key of what was sealed before that of `sealing`, or after it.
   */
  constructor(
    private readonly sealing: DataKey,
    hashing: DataKey,
    private readonly find: KeyFinder,
  ) {
    this.hashing = new KeyedHash(hashing.key);
  }

  /** The id of the key that seals. */
  get sealingKey(): string {
    return this.sealing.id;
  }

  /** Gets the keys that these need, before they are opened: one statement for each that is not here yet. */
  async prepare(sealed: Iterable<Buffer | null>): Promise<void> {
    for (const one of sealed) {
      const id = one === null ? undefined : keyIn(one);
      if (id === undefined || id === this.sealing.id || this.others.has(id)) continue;
      const key = await this.find(id);
      if (key !== undefined) this.others.set(id, key);
    }
  }

  /** Seals one person's identifiers; `bind` names the row they belong to. */
  seal(plain: Buffer, bind: string): Buffer {
    return sealWith(this.sealing, plain, bind);
  }

  /** Opens what {@link seal} made, once {@link prepare} has seen it. Throws SealingError where it was changed or moved, or its key is gone. */
  open(sealed: Buffer, bind: string): Buffer {
    return openWith(this.others.get(keyIn(sealed) ?? '') ?? this.sealing, sealed, bind);
  }

  /**
   * A keyed 63-bit number for search; the same identifier always has the same one, and nothing leads back from it. E-mail addresses
   * that differ by case alone are the same.
   */
  fingerprint(kind: string, value: string): bigint {
    return this.numberOf(kind, folded(kind, value));
  }

  /** What {@link fingerprint} was before it took no notice of case: so rows are marked that are not gone through yet. */
  earlierFingerprint(kind: string, value: string): bigint {
    return this.numberOf(kind, value);
  }

  /** Writes {@link fingerprint} into `target` as eight bytes, the highest first. */
  writeFingerprint(kind: string, value: string, target: Buffer, at: number): void {
    target.write(this.hashing.sum(`fingerprint\0${kind}\0${folded(kind, value)}`), at, 8, 'latin1');
    target[at] = (target[at] ?? 0) & 0x7f;
  }

  /** A keyed digest of 32 bytes, as a string of one character a byte: tells whether two texts are the same without keeping them. */
  digest(text: string): string {
    return this.hashing.sum(`digest\0${text}`);
  }

  private numberOf(kind: string, value: string): bigint {
    const sum = Buffer.from(this.hashing.sum(`fingerprint\0${kind}\0${value}`), 'latin1');
    return sum.readBigUInt64BE(0) & lowest63Bits;
  }
}

function folded(kind: string, value: string): string {
  return kind === 'email' ? value.toLowerCase() : value;
}

/** The key of sealed data; `undefined` where it is none, which opening it says more of. */
function keyIn(sealed: Buffer): string | undefined {
  try {
    return sealedBy(sealed);
  } catch {
    return undefined;
  }
}
