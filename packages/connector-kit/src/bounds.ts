import { CALL_BEGINS_WITHIN_MS, type ConnectorManifest } from 'connector-contract';
import type { HttpBounds } from './http/exchange.js';

const mebibyte = 1024 * 1024;

/** The bounds of a request: the manifest's `limits.timeoutMs`, a third of it to connect, answers up to 32 MiB, bodies up to 4 MiB. */
export function boundsOf({ limits: { timeoutMs } }: ConnectorManifest, own: Partial<HttpBounds> = {}): HttpBounds {
  return {
    timeoutMs,
    connectTimeoutMs: timeoutMs / 3,
    maxAnswerBytes: 32 * mebibyte,
    maxBodyBytes: 4 * mebibyte,
    ...own,
  };
}

/**
 * Milliseconds after the attempt that the host wrote down, until which a lost change can still arrive: the time until the call
 * began, the time it had for leaving (see `VendorClient`), and as long again for being taken.
 */
export function inFlightMs({ limits: { timeoutMs } }: ConnectorManifest): number {
  return CALL_BEGINS_WITHIN_MS + 2 * timeoutMs;
}
