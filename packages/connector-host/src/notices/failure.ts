/** Why something was not delivered. Never what the other side said: that may repeat what it was sent. */
export interface Failure {
  readonly code: string;
  /** For people. */
  readonly message: string;
  /** Trying again changes nothing. */
  readonly final?: true;
  /** It is about this message alone, not about the way to its receiver: others may go. */
  readonly alone?: true;
  /** The receiver wants nothing any more. */
  readonly gone?: true;
}
