import { ok } from 'node:assert/strict';
import { isConnectorFault } from '../../fault.js';
import type { Bench } from '../bench.js';
import { outcomeOf, settled } from '../deadline.js';

/** Real milliseconds within which a call that was called off has to end. */
const AT_ONCE_MS = 3_000;

/**
 * Runs a call against a vendor that falls silent, and calls it off as soon as the vendor has been asked what it does not answer.
 * @param after how many requests it answers before.
 */
export async function whileSilent<Answer>(
  bench: Bench,
  call: (signal: AbortSignal) => Promise<Answer>,
  after = 0,
): Promise<{ readonly answer: Answer } | { readonly thrown: unknown }> {
  const controller = new AbortController();
  bench.gate.meet({ kind: 'silent' }, after);
  const asked = new Promise<void>((resolve) => {
    bench.gate.onCall = () => {
      if (bench.gate.met !== undefined) resolve();
    };
  });
  const outcome = outcomeOf(call(controller.signal));
  await Promise.race([asked, outcome]);
  controller.abort();
  return settled(outcome, 'a call that was called off', AT_ONCE_MS);
}

/** That something thrown is the fault for calling off. */
export function assertAborted(thrown: unknown): void {
  ok(isConnectorFault(thrown), 'what is thrown is not a ConnectorFault');
  ok(thrown.code === 'ABORTED', `the fault has code ${thrown.code}, not ABORTED`);
}
