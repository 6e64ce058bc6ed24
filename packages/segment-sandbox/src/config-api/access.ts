import type { Call } from '../call.js';
import type { Segment } from '../segment.js';
import type { TokenSpec } from '../tokens.js';
import type { Workspace } from '../workspace.js';
import { configError } from './errors.js';

/** The token of a call, counted against its limit. @throws ConfigApiError 401/16, 429/8 */
export function tokenOf(segment: Segment, call: Call): TokenSpec {
  const token = segment.tokens.opens(call.headers.authorization, 'config');
  if (!token) throw configError('unauthenticated', 'the token is missing or invalid');
  const { allowed } = segment.windows.take(`config ${token.value}`, segment.rateLimits.config, segment.clock.now());
  if (!allowed) throw configError('exhausted', 'too many requests');
  return token;
}

/**
 * The workspace that a path names. A token of another workspace gets 403 for a workspace that exists and 404 for one that
 * does not. (Whether the vendor tells these two apart is not published.)
 * @throws ConfigApiError 404/5, 403/7
 */
export function workspaceOf(segment: Segment, token: TokenSpec, call: Call): Workspace {
  const workspace = segment.workspaces.get(call.params['slug'] ?? '');
  if (!workspace) throw configError('notFound', 'workspace not found');
  if (workspace.slug !== token.workspace) throw configError('permissionDenied');
  return workspace;
}

/** Regulations need the full scope. @throws ConfigApiError 403/7 */
export function requireFullScope(token: TokenSpec): void {
  if (token.access !== 'workspace') throw configError('permissionDenied', 'insufficient scope');
}
