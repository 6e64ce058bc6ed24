/** SQLSTATE classes of trouble that may pass: connection, resources, operator intervention, serialization. */
const passing = /^(08|53|57|40)/;

/** What the system says of a network or a server that is away for a moment. */
const away = /^(ECONN|EPIPE$|ETIMEDOUT$|EHOST|ENET|ENOTFOUND$|EAI_AGAIN$)/;

/** Whether trouble with the database is of the kind that passes by itself: the same again may work a moment later. */
export function mayPass(error: unknown): boolean {
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (cause !== undefined && mayPass(cause)) return true;
  if (typeof code !== 'string') return error instanceof Error && /connection|terminated|timeout/i.test(error.message);
  return passing.test(code) || away.test(code);
}
