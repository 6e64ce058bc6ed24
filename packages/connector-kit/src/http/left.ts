import type { LeftHeaders } from 'connector-contract';
import type { AnswerHeaders } from './exchange.js';
import { parseMailDate } from './waiting.js';

/** What an answer says is left under a rate limit. */
export interface Left {
  readonly requests: number;
  /** Milliseconds since the epoch, by the host's clock. */
  readonly resetsAt: number;
}

/** Reads what is left, by the headers that the manifest names; nonsense is passed over. `now` by the host's clock. */
export function leftBy(
  { remaining, reset, resetIs }: LeftHeaders,
  headers: AnswerHeaders,
  now: number,
): Left | undefined {
  const [requests, seconds] = [wholeOf(headers[remaining]), wholeOf(headers[reset])];
  if (requests === undefined || seconds === undefined) return undefined;
  // A time is the vendor's: how far ahead it is, its own clock says.
  const from = resetIs === 'seconds' ? 0 : (parseMailDate(headers['date'] ?? '') ?? now);
  return { requests, resetsAt: now + seconds * 1000 - from };
}

function wholeOf(text = ''): number | undefined {
  return /^\s*\d{1,12}\s*$/.test(text) ? Number(text) : undefined;
}
