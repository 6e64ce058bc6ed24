import type { FieldIssue } from 'connector-contract';

/** What is doubtful of a request's identifiers, and whether a person has said that they are meant. No value of theirs. */
export interface Doubts {
  readonly found: readonly FieldIssue[];
  readonly allowed: boolean;
}
