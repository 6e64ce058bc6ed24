import type { Call } from '../call.js';
import type { LimitState } from '../limits.js';
import { rfc5322Date } from '../limits.js';
import type { RegulationType } from '../regulations/regulation.js';
import type { Segment } from '../segment.js';
import type { TokenSpec } from '../tokens.js';
import type { Workspace } from '../workspace.js';
import { missingRight, tooManyRequests, unauthorized } from './errors.js';

/** Who is calling: a good token and the workspace it implies. */
export interface Caller {
  readonly token: TokenSpec;
  readonly workspace: Workspace;
}

/** Finds out who is calling. @throws PublicApiError 401, or 403 where that is asked for */
export function callerOf(segment: Segment, call: Call): Caller {
  const token = segment.tokens.opens(call.headers.authorization, 'public');
  const workspace = token && segment.workspaces.get(token.workspace);
  if (!token || !workspace) throw unauthorized('The token is missing or not valid');
  if (workspace.plan === 'free')
    throw missingRight(segment.style, 'The plan of this workspace does not include the Public API');
  return { token, workspace };
}

/** Only Workspace Owner access may make and take back regulations. @throws PublicApiError 401, or 403 where that is asked for */
export function requireOwner(segment: Segment, caller: Caller): void {
  if (caller.token.access !== 'owner')
    throw missingRight(segment.style, 'The token does not have permission for this operation');
}

/**
 * Counts the call against the token's limit.
 * @returns the headers that tell how the limit stands; none where there is no limit
 * @throws PublicApiError 429 with `Retry-After`
 */
export function countCall(segment: Segment, caller: Caller, kind: 'creates' | 'requests'): Record<string, string> {
  const limit = segment.rateLimits[kind];
  const quota = kind === 'creates' ? quotaHeaders(segment, caller) : {};
  if (limit === Number.POSITIVE_INFINITY) return quota;
  const now = segment.clock.now();
  const state = segment.windows.take(`${kind} ${caller.token.value}`, limit, now);
  // In their first spelling the headers of a create speak of the quota only; in the second they stand beside those of the window.
  const window = kind === 'requests' || segment.style.quotaHeaders !== 'x-ratelimit' ? limitHeaders(state) : {};
  const headers = { ...window, ...quota };
  if (state.allowed) return headers;
  const seconds = Math.max(1, Math.ceil((state.resetAt - now) / 1_000));
  throw tooManyRequests(state, now, { ...headers, 'retry-after': String(seconds) });
}

/** How the workspace's monthly quota of this group of types stands, as headers; none where it is off. */
export function quotaHeaders(
  segment: Segment,
  { workspace }: Caller,
  type: RegulationType = 'SUPPRESS_WITH_DELETE',
): Record<string, string> {
  if (segment.quota.unlimited) return {};
  const state = segment.quota.state(workspace.id, type, segment.clock.now());
  return segment.style.quotaHeaders === 'x-ratelimit'
    ? limitHeaders(state)
    : {
        'x-regulation-ratelimit-remaining': String(state.remaining),
        'x-regulation-ratelimit-quota-reset': new Date(state.resetAt).toISOString(),
      };
}

function limitHeaders(limit: LimitState): Record<string, string> {
  return {
    'x-ratelimit-remaining': String(limit.remaining),
    'x-ratelimit-consumed': String(limit.consumed),
    'x-ratelimit-reset': rfc5322Date(limit.resetAt),
  };
}
