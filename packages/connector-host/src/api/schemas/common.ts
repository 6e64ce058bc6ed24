import { FaultKind } from 'connector-contract';
import { actions, roles } from '../../access/roles.js';
import { problemCodes } from '../../problem.js';
import { anyObject, type JsonSchema, list, object, oneOf, ref, text, time, whole } from './json-schema.js';

const permissionStates = ['granted', 'denied', 'unverifiable', 'skipped'];

/** Schemas that more than one part of the API uses, by name. */
export const commonSchemas: Readonly<Record<string, JsonSchema>> = {
  FieldIssue: object({ field: text(), code: text(), message: text(), remedy: text() }, 'remedy'),
  Fault: object(
    {
      code: text('Stable; documented in the contract or the manifest.'),
      kind: oneOf(Object.values(FaultKind)),
      retryable: { type: 'boolean' },
      retryAfterMs: { type: 'number' },
      message: text(),
      remedy: text(),
      field: text(),
      httpStatus: whole("The vendor's."),
    },
    'retryAfterMs',
    'remedy',
    'field',
    'httpStatus',
  ),
  CheckReport: object(
    {
      status: oneOf(['ready', 'degraded', 'blocked']),
      permissions: list(
        object(
          {
            permission: text(),
            outcome: oneOf(permissionStates),
            code: text(),
            message: text(),
            remedy: text(),
            field: text(),
          },
          'code',
          'remedy',
          'field',
        ),
      ),
      problems: list(ref('Fault')),
      facts: anyObject(),
      checkedAt: time(),
    },
    'checkedAt',
  ),
  Role: oneOf(roles),
  Session: object(
    {
      id: text(),
      name: text(),
      role: ref('Role'),
      email: text('Of whoever holds the token: work that is given to it is theirs.'),
      may: { ...list(oneOf(actions)), description: "For connections the manifest's roles decide." },
    },
    'email',
  ),
  BegunSession: object(
    {
      id: text(),
      name: text(),
      role: ref('Role'),
      email: text(),
      may: list(oneOf(actions)),
      proof: text('For the header x-session-proof of each call; shown this once.'),
    },
    'email',
    'proof',
  ),
  Problem: object(
    {
      type: text(),
      title: text(),
      status: whole(),
      detail: text(),
      code: oneOf(Object.keys(problemCodes), 'Stable; documented in docs/problems.md.'),
      remedy: text(),
      errors: list(ref('FieldIssue')),
      report: ref('CheckReport'),
    },
    'remedy',
    'errors',
    'report',
  ),
};

const problemTexts: Readonly<Record<number, string>> = {
  400: 'The input does not have the expected shape',
  401: 'No valid access token',
  403: 'The role does not allow it, or a page of another site called',
  404: 'There is no such thing',
  408: 'The call did not arrive in time',
  409: 'The present state does not allow it',
  413: 'The body is too large',
  415: 'The media type is not taken',
  421: 'The Host header names another host',
  422: 'It cannot be carried out as it is',
  429: 'Too many calls',
  431: 'The headers are too large',
  500: 'The host failed',
  502: 'The connector or the vendor failed',
  503: 'The host is not ready',
  507: 'The disk of the database is full',
};

const everywhere = [400, 403, 408, 421, 429, 431, 500, 503];
const withToken = [401];

/**
 * The answers of a call: what it answers when it works, by status, and the problems it may answer. Those that any call may answer
 * are added.
 */
export function answers(
  good: Readonly<Record<number, JsonSchema | undefined>>,
  problems: readonly number[] = [],
  open = false,
): JsonSchema {
  const found: Record<string, unknown> = {};
  for (const [status, schema] of Object.entries(good)) {
    found[status] = schema ?? { type: 'null', description: 'Nothing' };
  }
  for (const status of [...everywhere, ...(open ? [] : withToken), ...problems].sort()) {
    // Readiness says by 503 what is missing, in its own words.
    if (found[status] !== undefined) continue;
    found[status] = {
      description: problemTexts[status],
      content: { 'application/problem+json': { schema: ref('Problem') } },
    };
  }
  return found;
}
