import { type Refusal, usualVerdict, type Verdict } from 'connector-kit';

/** What an answer means where its status does not say it by itself, as 401, 404 or 429 do; `undefined` where it does. */
export function judge(refusal: Refusal): Verdict | undefined {
  // The vendor forgets a request that it could not read.
  return refusal.status === 408 ? { ...usualVerdict(refusal, 'My Connector', true), mayHaveArrived: false } : undefined;
}
