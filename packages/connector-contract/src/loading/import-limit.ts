/**
 * How long import and binding of a connector may take, in milliseconds. A machine on which the process itself came up slowly has longer: an
 * import reads files and compiles as that did, and a connector is not refused for what is the machine's.
 * @param leastMs what it may take in any case.
 */
export function importLimitOf(leastMs: number, startedInMs: number): number {
  return Math.max(leastMs, 25 * startedInMs);
}
