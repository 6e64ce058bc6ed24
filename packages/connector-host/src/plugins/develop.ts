/** How connectors run for whoever writes them. */
import type { Develop } from './isolation/develop.js';
import type { RegistryOptions } from './registry.js';

/** Nothing comes to its end by itself while somebody looks at a line. */
const PATIENT_MS = 60 * 60_000;

/**
 * The options of a registry whose connectors are under development. Under a debugger they run without the wall and without Node's
 * permissions, which shut it out; and nothing is timed.
 */
export function developing(develop: Develop): Partial<RegistryOptions> {
  if (develop.inspect === undefined) return { develop };
  return {
    develop,
    isolation: 'fence',
    importTimeoutMs: PATIENT_MS,
    limits: { unresponsiveMs: PATIENT_MS, memoryMiB: 4_096 },
    patience: { single: 1_000, several: 1_000, searching: 1_000 },
  };
}
