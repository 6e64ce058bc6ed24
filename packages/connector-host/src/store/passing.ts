/** SQLSTATEs of trouble that may pass: connection, resources, operator intervention, serialization, a lock or a transaction that waited too long. */
const passing = /^(08|53|57|40)|^(25P03|55P03)$/;

/** What the system says of a network or a server that is away for a moment. */
const away = /^(ECONN|EPIPE$|ETIMEDOUT$|EHOST|ENET|ENOTFOUND$|EAI_AGAIN$)/;

/** What the database's driver says, word for word, where a connection ended and it has no code for that. */
const codeless: ReadonlySet<string> = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
]);

/** Whether trouble with the database is of the kind that passes by itself: the same again may work a moment later. */
export function mayPass(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return passing.test(code) || away.test(code);
  // A failed query repeats its own text, whatever words that holds: what caused it decides.
  if (cause !== undefined) return mayPass(cause);
  return error instanceof Error && codeless.has(error.message);
}

/** Whether the database refused a row because another one has what must be unique: by the name of the index. */
export function violates(error: unknown, index: string): boolean {
  const { code, constraint, cause } = error as { code?: unknown; constraint?: unknown; cause?: unknown };
  if (cause !== undefined && violates(cause, index)) return true;
  return code === '23505' && constraint === index;
}
