import type { Call } from '../call.js';
import { jsonObject } from '../call.js';
import type { Regulation, RegulationScope, RegulationType, SubjectType } from '../regulations/regulation.js';
import { REGULATION_TYPES } from '../regulations/regulation.js';
import { checkSubjects } from '../regulations/subjects.js';
import type { Segment } from '../segment.js';
import type { Caller } from './access.js';
import { limitHeaders, quotaHeaders, requireOwner } from './access.js';
import { errorOfStatus, invalid, notFound, PublicApiError, tooManyRequests } from './errors.js';
import type { Answer } from './inventory.js';
import { sourceOf } from './inventory.js';

/** What is made, and the quota headers as they stand afterwards. */
export interface Created {
  readonly data: Answer;
  readonly headers: Record<string, string>;
}

const WORKSPACE_TYPES: readonly RegulationType[] = REGULATION_TYPES.filter((type) => type !== 'DELETE_ARCHIVE_ONLY');

/** `POST /regulations` */
export function createForWorkspace(segment: Segment, caller: Caller, call: Call): Created {
  return create(segment, caller, call, ['USER_ID', 'OBJECT_ID'], WORKSPACE_TYPES, () => ({ kind: 'workspace' }));
}

/** `POST /regulations/sources/{id}`. (The generated SDK knows `USER_ID` only; the documentation has `ANONYMOUS_ID` too.) */
export function createForSource(segment: Segment, caller: Caller, call: Call): Created {
  return create(segment, caller, call, ['USER_ID', 'ANONYMOUS_ID'], REGULATION_TYPES, () => ({
    kind: 'source',
    sourceId: sourceOf(caller, call).id,
  }));
}

/** `POST /regulations/cloudsources/{id}` */
export function createForCloudSource(segment: Segment, caller: Caller, call: Call): Created {
  return create(segment, caller, call, ['OBJECT_ID'], REGULATION_TYPES, ({ collection }) => {
    const source = sourceOf(caller, call);
    if (!source.kind.isCloudSource) throw invalid('sourceId', 'sourceId is not a cloud source');
    if (typeof collection !== 'string' || collection === '')
      throw invalid('collection', 'collection must be a non-empty string');
    return { kind: 'cloud-source', sourceId: source.id, collection };
  });
}

/**
 * Permission is checked before validation, so an empty `subjectIds` tells whether a token may make regulations without
 * making one: 422 where it may, 401 where it may not. (The order that Segment itself follows is not published.)
 */
function create(
  segment: Segment,
  caller: Caller,
  call: Call,
  subjectTypes: readonly SubjectType[],
  types: readonly RegulationType[],
  scopeOf: (input: Readonly<Record<string, unknown>>) => RegulationScope,
): Created {
  requireOwner(caller);
  if (!call.body) throw errorOfStatus(413, segment.clock.now());
  const input = jsonObject(call.body);
  if (!input) throw new PublicApiError(400, [{ type: 'bad-request', message: 'The body must be a JSON object' }]);
  const regulationType = oneOf('regulationType', input['regulationType'], types);
  const subjectType = oneOf('subjectType', input['subjectType'], subjectTypes);
  const scope = scopeOf(input);
  const checked = checkSubjects(input['subjectIds'], 'subjectIds', segment.subjectRules);
  if ('problem' in checked) throw invalid(checked.problem.field, checked.problem.message);
  const now = segment.clock.now();
  const quota = segment.quota.take(caller.workspace.id, regulationType, checked.ids.length, now);
  if (!quota.allowed) throw tooManyRequests(quota, now, limitHeaders(quota));
  const made = segment.regulations.make({
    workspace: caller.workspace.slug,
    via: 'public',
    scope,
    regulationType,
    subjectType,
    subjectIds: checked.ids,
  });
  return { data: { regulateId: made.id }, headers: quotaHeaders(segment, caller, regulationType) };
}

function oneOf<Value extends string>(field: string, value: unknown, allowed: readonly Value[]): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(field, `${field} must be one of ${allowed.join(', ')}`);
  return found;
}

/**
 * `GET /regulations/{id}`. `finishedAt` of the whole is left out until it is reached, as the documentation has it; the
 * generated SDK calls it required. An entry that is not done carries an empty `finishedAt` and `errString`.
 */
export function getRegulation(segment: Segment, caller: Caller, call: Call): Answer {
  const regulation = regulationOf(segment, caller, call);
  const { status, finishedAt } = segment.progress.standing(regulation);
  const bySlug = segment.style.destinationNames === 'slug';
  return {
    regulation: {
      id: regulation.id,
      workspaceId: caller.workspace.id,
      overallStatus: status,
      ...(finishedAt === undefined ? {} : { finishedAt: isoDate(finishedAt) }),
      createdAt: isoDate(regulation.createdAt),
      streamStatus: segment.progress.streams(regulation, caller.workspace).map(({ id, destinations }) => ({
        id,
        destinationStatus: destinations.map((entry) => ({
          name: bySlug ? entry.slug : entry.name,
          id: entry.id,
          status: entry.status,
          errString: entry.errString,
          finishedAt: entry.finishedAt === undefined ? '' : isoDate(entry.finishedAt),
        })),
      })),
    },
  };
}

/**
 * `DELETE /regulations/{id}`: takes back what is still `INITIALIZED`. (The status of the refusal is not published: 409
 * is what the API uses for conflicts. The call itself is deprecated, and gone from the newest SDKs.)
 */
export function deleteRegulation(segment: Segment, caller: Caller, call: Call): Answer {
  requireOwner(caller);
  if (!segment.regulations.cancel(regulationOf(segment, caller, call)))
    throw new PublicApiError(409, [{ type: 'conflict', message: 'Only an initialized regulation can be deleted' }]);
  return { status: 'SUCCESS' };
}

function regulationOf(segment: Segment, { workspace }: Caller, call: Call): Regulation {
  const regulation = segment.regulations.find(workspace.slug, call.params['id'] ?? '');
  if (!regulation) throw notFound('The regulation does not exist');
  return regulation;
}

/** `2024-05-06T07:08:09.123Z` */
export function isoDate(ms: number): string {
  return new Date(ms).toISOString();
}
