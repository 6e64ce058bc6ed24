/** Milliseconds that import and binding of a connector may take in any case. */
export const IMPORT_MS = 5_000;

/** Milliseconds beside the limit, for the process to say by itself what was wrong, before it is ended as one that lets nothing else run. */
export const IMPORT_GRACE_MS = 2_000;

/**
 * How long import and binding of a connector may take, in milliseconds. A machine on which the program that imports it came up slowly has
 * longer: an import reads files and compiles as that did, and a connector is not refused for what is the machine's.
 * @param leastMs what it may take in any case.
 * @param startedInMs from the start of the process until its program is ready to import.
 */
export function importLimitOf(leastMs: number, startedInMs: number): number {
  return Math.max(leastMs, 12 * startedInMs);
}
