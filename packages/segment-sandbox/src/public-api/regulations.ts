import type { Call } from '../call.js';
import { jsonObject } from '../call.js';
import type { Regulation, RegulationScope, RegulationType, SubjectType } from '../regulations/regulation.js';
import { REGULATION_TYPES } from '../regulations/regulation.js';
import type { NewRegulation } from '../regulations/store.js';
import { checkSubjects } from '../regulations/subjects.js';
import type { Segment } from '../segment.js';
import type { Caller } from './access.js';
import { quotaHeaders, requireOwner } from './access.js';
import { errorOfStatus, invalid, notFound, PublicApiError, tooManyRequests } from './errors.js';
import type { Answer } from './inventory.js';
import { sourceOf } from './inventory.js';
import { isTaken } from './media-types.js';

/** What is made, and the quota headers as they stand afterwards. */
export interface Created {
  readonly data: Answer;
  readonly headers: Record<string, string>;
}

/** What an endpoint takes. */
interface Rules {
  readonly types: readonly RegulationType[];
  readonly subjectTypes: readonly SubjectType[];
  readonly scopeOf: (input: Readonly<Record<string, unknown>>) => RegulationScope;
}

const NOT_ARCHIVE_ONLY: readonly RegulationType[] = REGULATION_TYPES.filter((type) => type !== 'DELETE_ARCHIVE_ONLY');

/** `POST /regulations` */
export function createForWorkspace(segment: Segment, caller: Caller, call: Call): Created {
  const scopeOf = (): RegulationScope => ({ kind: 'workspace' });
  return create(segment, caller, call, { types: NOT_ARCHIVE_ONLY, subjectTypes: ['USER_ID', 'OBJECT_ID'], scopeOf });
}

/**
 * `POST /regulations/sources/{id}`. Anonymous ids are taken in some workspaces only: here in those of the largest plan.
 * (Npm's SDK knows `USER_ID` only; the newest has `ANONYMOUS_ID` too.)
 */
export function createForSource(segment: Segment, caller: Caller, call: Call): Created {
  const subjectTypes: SubjectType[] = caller.workspace.plan === 'business' ? ['USER_ID', 'ANONYMOUS_ID'] : ['USER_ID'];
  const scopeOf = (): RegulationScope => ({ kind: 'source', sourceId: sourceOf(caller, call).id });
  return create(segment, caller, call, { types: REGULATION_TYPES, subjectTypes, scopeOf });
}

/** `POST /regulations/cloudsources/{id}` */
export function createForCloudSource(segment: Segment, caller: Caller, call: Call): Created {
  const scopeOf: Rules['scopeOf'] = ({ collection }) => {
    const source = sourceOf(caller, call);
    if (!source.kind.isCloudSource) throw invalid('sourceId', 'sourceId is not a cloud source');
    if (typeof collection !== 'string' || collection === '')
      throw invalid('collection', 'collection must be a non-empty string');
    return { kind: 'cloud-source', sourceId: source.id, collection };
  };
  return create(segment, caller, call, { types: NOT_ARCHIVE_ONLY, subjectTypes: ['OBJECT_ID'], scopeOf });
}

/**
 * Rights are looked at before the body unless the sandbox was asked for the other order (Segment's own is not published): a
 * body that no reading of the schema can take tells whether a token may make regulations without making one.
 */
function create(segment: Segment, caller: Caller, call: Call, rules: Rules): Created {
  const rightsFirst = segment.style.checkedFirst === 'rights';
  if (rightsFirst) requireOwner(segment, caller);
  const wanted = wantedBy(segment, call, rules);
  if (!rightsFirst) requireOwner(segment, caller);
  const now = segment.clock.now();
  const quota = segment.quota.take(caller.workspace.id, wanted.regulationType, wanted.subjectIds.length, now);
  if (!quota.allowed) throw tooManyRequests(quota, now, quotaHeaders(segment, caller, wanted.regulationType));
  const made = segment.regulations.make({ workspace: caller.workspace.slug, via: 'public', ...wanted });
  return { data: { regulateId: made.id }, headers: quotaHeaders(segment, caller, wanted.regulationType) };
}

/** What a body asks for. @throws PublicApiError 413, 422 */
function wantedBy(
  segment: Segment,
  { headers, body }: Call,
  { types, subjectTypes, scopeOf }: Rules,
): Omit<NewRegulation, 'workspace' | 'via'> {
  if (!body) throw errorOfStatus(413, segment.clock.now());
  if (!isTaken(headers['content-type'])) throw invalid('content-type', 'the content type is not one of this API');
  const input = jsonObject(body);
  if (!input) throw invalid('body', 'the body must be a JSON object');
  const regulationType = oneOf('regulationType', input['regulationType'], types);
  const subjectType = oneOf('subjectType', input['subjectType'], subjectTypes);
  if (subjectType === 'ANONYMOUS_ID' && regulationType !== 'DELETE_ARCHIVE_ONLY')
    throw invalid('subjectType', 'subjectType ANONYMOUS_ID needs the regulationType DELETE_ARCHIVE_ONLY');
  const scope = scopeOf(input);
  const checked = checkSubjects(input['subjectIds'], 'subjectIds', segment.subjectRules);
  if ('problem' in checked) throw invalid(checked.problem.field, checked.problem.message);
  return { scope, regulationType, subjectType, subjectIds: checked.ids };
}

function oneOf<Value extends string>(field: string, value: unknown, allowed: readonly Value[]): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw invalid(field, `${field} must be one of ${allowed.join(', ')}`);
  return found;
}

/**
 * `GET /regulations/{id}`. `finishedAt` of the whole is left out until it is reached, as the documentation has it; the
 * newest SDK too; npm's calls it required. An entry that is not done carries an empty `finishedAt` and `errString`.
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
          status: entry.status === 'NO_ACTION' ? segment.style.noAction : entry.status,
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
  requireOwner(segment, caller);
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
