import type { Refusal, Verdict } from 'connector-kit';

/** What an answer means where its status does not say it by itself, as 401, 404 or 429 do; `undefined` where it does. */
export function judge(_refusal: Refusal): Verdict | undefined {
  return undefined;
}
