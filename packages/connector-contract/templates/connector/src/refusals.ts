import type { FaultCode } from 'connector-contract';

/** What each status by which the vendor refuses a request means, in the codes of the contract. Nothing was done then. */
export const refusals: Readonly<Record<number, FaultCode>> = {
  400: 'INPUT_REFUSED',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_MISSING',
  404: 'NOT_FOUND',
  409: 'CONFLICT',
  413: 'TOO_LARGE',
  422: 'INPUT_REFUSED',
  429: 'RATE_LIMITED',
};

/** What a person can do about a fault. */
export const remedies: Readonly<Partial<Record<FaultCode, string>>> = {
  UNAUTHENTICATED: 'Create a new token in Settings > API and enter it.',
  PERMISSION_MISSING: 'Create a token with the scopes read and erase.',
  ENDPOINT_NOT_ALLOWED: 'Leave API Base URL empty, or ask the operator of the host to allow the address.',
};
