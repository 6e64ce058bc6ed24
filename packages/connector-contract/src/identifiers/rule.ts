/** What a rule about identifiers is. */

/** What a rule says of a value: it never goes out, or only when a person says so. */
export type IdentifierVerdict = 'refused' | 'doubtful';

/** One rule, with the words for those whose identifier it holds back. */
export interface IdentifierRule {
  readonly code: string;
  readonly verdict: IdentifierVerdict;
  /** Goes on after the name of the field: `is ...`, `holds ...`. */
  readonly message: string;
  /** What a person can do about it. */
  readonly remedy: string;
}

/** A rule of the contract, with what it looks for. */
export interface BuiltInRule extends IdentifierRule {
  /** E-mail addresses, identifiers of every other kind, or both. */
  readonly of: 'email' | 'other' | 'any';
  /** It is tried only where the value has one of these traits ... */
  readonly any?: number;
  /** ... and none of these. */
  readonly none?: number;
  /** Whether the value is so. Absent where the traits alone tell. */
  readonly test?: (value: string) => boolean;
}

/** A test by a pattern. */
export const matches =
  (pattern: RegExp) =>
  (value: string): boolean =>
    pattern.test(value);
