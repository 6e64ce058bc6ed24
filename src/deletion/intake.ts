import {
  type ConnectorConfig,
  type FaultCode,
  type FaultData,
  faultCodes,
  type Identifier,
  type Subject,
} from 'connector-contract';
import { IdentifierKinds } from '../config.js';
import { batchLimits, COMMA_BYTES, ENVELOPE_BYTES } from './operation.js';
import { ValueScan } from './value-scan.js';

/** The kinds of identifier a configuration sends: e-mails and user ids both, unless it names one of them. */
function kindsTaken(config: ConnectorConfig): ReadonlySet<string> {
  const { email, userId } = IdentifierKinds;
  const chosen = config['identifierKinds'];
  return new Set(chosen === email || chosen === userId ? [chosen] : [email, userId]);
}

function fault(code: FaultCode, message: string, remedy: string): FaultData {
  const { kind, retryable } = faultCodes[code];
  return { code, kind, retryable, message, remedy };
}

function missing(kinds: ReadonlySet<string>): FaultData {
  return fault(
    'IDENTIFIER_MISSING',
    `The subject has no identifier of a kind that is sent to Segment (${[...kinds].join(', ')}).`,
    'Add one, or let the connection send the other kind as well.',
  );
}

function refused(subject: Subject, place: number, { kind, value }: Identifier): FaultData {
  const why = value === '' ? 'is empty' : 'holds a character that cannot be sent (U+0000 or half a surrogate pair)';
  return fault(
    'IDENTIFIER_REFUSED',
    `Identifier ${place + 1} of ${subject.identifiers.length} (${kind}) ${why}.`,
    'Correct that identifier and send the request again; nothing of this subject was sent.',
  );
}

function tooLarge(count: number): FaultData {
  return fault(
    'TOO_LARGE',
    `The subject alone brings more than Segment takes at once: ${count} identifiers, where ${batchLimits.maxIdentifiers} and ${batchLimits.maxBytes} bytes are the most.`,
    'Divide the identifiers of this subject over several requests.',
  );
}

function isTaken(identifiers: readonly Identifier[], kinds: ReadonlySet<string>): boolean {
  for (const { kind } of identifiers) if (!kinds.has(kind)) return false;
  return true;
}

function withoutRepeats(identifiers: readonly Identifier[]): Identifier[] {
  const seen = new Set<string>();
  return identifiers.filter(({ value }) => !seen.has(value) && seen.add(value));
}

/** Judges subjects one after the other. The hashes and sizes of the last one are overwritten by the next: a million people leave no garbage. */
export class Intake {
  /** Hash of each identifier that was admitted last. */
  readonly hashes: number[] = [];
  /** Bytes that each of them adds to a body. */
  readonly sizes: number[] = [];
  readonly #kinds: ReadonlySet<string>;
  readonly #scan = new ValueScan();

  constructor(config: ConnectorConfig) {
    this.#kinds = kindsTaken(config);
  }

  /**
   * What of a subject can be sent, or why it cannot. Faults name place and kind of an identifier, never its value.
   * @returns the identifiers of a kind that is sent, in the order given: the very array of the subject where that is all
   * of them. Repeats are gone only where they would make it too large.
   */
  admit(subject: Subject): readonly Identifier[] | FaultData {
    const all = subject.identifiers;
    const identifiers = isTaken(all, this.#kinds) ? all : all.filter(({ kind }) => this.#kinds.has(kind));
    if (identifiers.length === 0) return missing(this.#kinds);
    for (let place = 0; place < identifiers.length; place += 1) {
      const identifier = identifiers[place];
      if (identifier && !this.#weigh(identifier.value, place)) {
        return refused(subject, all.indexOf(identifier), identifier);
      }
    }
    if (this.#fits(identifiers.length)) return identifiers;
    const distinct = withoutRepeats(identifiers);
    distinct.forEach(({ value }, place) => {
      this.#weigh(value, place);
    });
    return this.#fits(distinct.length) ? distinct : tooLarge(distinct.length);
  }

  #weigh(value: string, place: number): boolean {
    const sound = this.#scan.read(value);
    this.hashes[place] = this.#scan.hash;
    this.sizes[place] = this.#scan.bytes + COMMA_BYTES;
    return sound;
  }

  #fits(count: number): boolean {
    if (count > batchLimits.maxIdentifiers) return false;
    let bytes = ENVELOPE_BYTES;
    for (let place = 0; place < count; place += 1) bytes += this.sizes[place] ?? 0;
    return bytes <= batchLimits.maxBytes;
  }
}
