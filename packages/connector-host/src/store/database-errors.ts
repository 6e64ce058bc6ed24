/** What kind of trouble with the database an error is: judged here alone, for the work, the log, the API and the start. */

/**
 * - `away`: it cannot be reached, or has ended the session.
 * - `full`: its disk, its memory or its connections are used up.
 * - `read-only`: a standby, an old primary, or a session that may only read.
 * - `busy`: locks and transactions that collided.
 * - `denied`: the account may not do this.
 * - `tls`: the encrypted way to it did not come about.
 */
export type TroubleKind = 'away' | 'full' | 'read-only' | 'busy' | 'denied' | 'tls';

/** Trouble with the database, and the code of it where there is one. */
export interface DatabaseTrouble {
  readonly kind: TroubleKind;
  readonly code?: string;
}

/** Codes of the server (SQLSTATE), the system and Node.js. */
const kinds: readonly (readonly [RegExp, TroubleKind])[] = [
  [/^(08\w{3}|57\w{3}|25P03)$|^(ECONN|EPIPE$|ETIMEDOUT$|EHOST|ENET|ENOTFOUND$|EAI_AGAIN$)/, 'away'],
  [/^53\w{3}$/, 'full'],
  [/^25006$/, 'read-only'],
  [/^(40\w{3}|55P03)$/, 'busy'],
  [/^42501$/, 'denied'],
  [/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$)/, 'tls'],
];

/** What the database's driver says, word for word, where it has no code for that. */
const codeless: ReadonlyMap<string, TroubleKind> = new Map([
  ['Connection terminated', 'away'],
  ['Connection terminated unexpectedly', 'away'],
  ['Connection terminated due to connection timeout', 'away'],
  ['Client has encountered a connection error and is not queryable', 'away'],
  ['timeout exceeded when trying to connect', 'away'],
  ['timeout expired', 'away'],
  // A host that ends lets go of the database before the last of its calls has come back.
  ['Cannot use a pool after calling end on the pool', 'away'],
  ['Query read timeout', 'away'],
  ['The server does not support SSL connections', 'tls'],
  ['There was an error establishing an SSL connection', 'tls'],
]);

/** Which trouble with the database an error is, or what caused it; undefined where it is none that is known. */
export function troubleOf(error: unknown): DatabaseTrouble | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, cause, message, syscall } = error as Readonly<Record<string, unknown>>;
  // The socket of a server on this machine goes with it.
  if (code === 'ENOENT' && syscall === 'connect') return { kind: 'away', code };
  if (typeof code === 'string') {
    const kind = kinds.find(([pattern]) => pattern.test(code))?.[1];
    if (kind !== undefined) return { kind, code };
  }
  // A failed query repeats its own text, whatever words that holds: what caused it decides.
  if (cause !== undefined) return troubleOf(cause);
  const kind = code === undefined && typeof message === 'string' ? codeless.get(message) : undefined;
  return kind && { kind };
}

/** Whether trouble with the database is of the kind that passes, by itself or by a person: the same again may work later. */
export function isTransient(error: unknown): boolean {
  return troubleOf(error) !== undefined;
}

/** Whether it is the server that says what is wrong, over a connection that holds: no room, a lock, a session that only reads. */
export function answeredBy(error: unknown): boolean {
  const kind = troubleOf(error)?.kind;
  return kind !== undefined && kind !== 'away' && kind !== 'tls';
}

/** Whether the database refused a row because another one has what must be unique: by the name of the index. */
export function violates(error: unknown, index: string): boolean {
  const { code, constraint, cause } = error as { code?: unknown; constraint?: unknown; cause?: unknown };
  if (cause !== undefined && violates(cause, index)) return true;
  return code === '23505' && constraint === index;
}
