import type { Call } from '../call.js';
import { jsonObject } from '../call.js';
import type { Regulation, RegulationType } from '../regulations/regulation.js';
import { REGULATION_TYPES } from '../regulations/regulation.js';
import { checkSubjects } from '../regulations/subjects.js';
import type { AnswerStyle, Segment } from '../segment.js';
import type { TokenSpec } from '../tokens.js';
import { requireFullScope, workspaceOf } from './access.js';
import { configError } from './errors.js';

/** `Suppress_With_Delete` for `SUPPRESS_WITH_DELETE`. */
function titleCase(value: string): string {
  return value.toLowerCase().replace(/(?:^|_)[a-z]/g, (letter) => letter.toUpperCase());
}

/** Attested are `Suppress_With_Delete` and `Unsuppress`; the other workspace types are taken in the same casing. */
const TYPES: ReadonlyMap<string, RegulationType> = new Map(
  REGULATION_TYPES.filter((type) => type !== 'DELETE_ARCHIVE_ONLY').map((type) => [titleCase(type), type]),
);

/**
 * `POST /workspaces/{slug}/regulations`. Scope is checked before validation, so empty `values` tell whether a token may
 * make regulations without making one: 400/3 where it may, 403/7 where it may not. (The vendor's order is not published.)
 */
export function createRegulation(segment: Segment, token: TokenSpec, call: Call): object {
  const workspace = workspaceOf(segment, token, call);
  requireFullScope(token);
  if (!call.body) throw configError('tooLarge');
  const input = jsonObject(call.body);
  if (!input) throw configError('invalidArgument', 'the body must be a JSON object');
  const regulationType = TYPES.get(String(input['regulation_type']));
  if (!regulationType)
    throw configError('invalidArgument', `regulation_type must be one of ${[...TYPES.keys()].join(', ')}`);
  const attributes = input['attributes'];
  if (typeof attributes !== 'object' || attributes === null)
    throw configError('invalidArgument', 'attributes must be an object with name and values');
  const { name, values } = attributes as { name?: unknown; values?: unknown };
  if (name !== 'userId') throw configError('invalidArgument', 'attributes.name must be userId');
  const checked = checkSubjects(values, 'attributes.values', segment.subjectRules);
  if ('problem' in checked) throw configError('invalidArgument', checked.problem.message);
  const quota = segment.quota.take(workspace.id, regulationType, checked.ids.length, segment.clock.now());
  if (!quota.allowed) throw configError('exhausted', 'the monthly regulation quota is used up');
  const made = segment.regulations.make({
    workspace: workspace.slug,
    via: 'config',
    scope: { kind: 'workspace' },
    regulationType,
    subjectType: 'USER_ID',
    subjectIds: checked.ids,
  });
  return { regulate_id: idOf(segment, made) };
}

/**
 * `GET /workspaces/{slug}/regulations/{id}`. The exact body is not published any more: this is the Public API's shape with
 * `parent` in place of the workspace, in whichever casing and wrapping the sandbox was asked for.
 */
export function getRegulation(segment: Segment, token: TokenSpec, call: Call): object {
  const workspace = workspaceOf(segment, token, call);
  requireFullScope(token);
  const regulation = segment.regulations.find(workspace.slug, call.params['id'] ?? '');
  if (!regulation) throw configError('notFound', 'regulation not found');
  const { status, finishedAt } = segment.progress.standing(regulation);
  const { style } = segment;
  const word = (value: string): string => spell(value, style.statuses);
  const bySlug = style.destinationNames === 'slug';
  const body = {
    id: idOf(segment, regulation),
    parent: `workspaces/${workspace.slug}`,
    overall_status: word(status),
    created_at: new Date(regulation.createdAt).toISOString(),
    ...(finishedAt === undefined ? {} : { finished_at: new Date(finishedAt).toISOString() }),
    stream_status: segment.progress.streams(regulation, workspace).map(({ id, destinations }) => ({
      id,
      destination_status: destinations.map((entry) => ({
        name: bySlug ? entry.slug : entry.name,
        id: entry.id,
        status: word(entry.status),
        err_string: entry.errString,
        finished_at: entry.finishedAt === undefined ? '' : new Date(entry.finishedAt).toISOString(),
      })),
    })),
  };
  const cased = style.fields === 'camelCase' ? camelCased(body) : body;
  return style.wrapped ? { regulation: cased } : (cased as object);
}

function idOf(segment: Segment, regulation: Regulation): string | number {
  return segment.style.regulateIdAs === 'number' ? segment.regulations.numberOf(regulation) : regulation.id;
}

function spell(status: string, casing: AnswerStyle['statuses']): string {
  if (casing === 'lower') return status.toLowerCase();
  return casing === 'Title' ? titleCase(status) : status;
}

function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      camelCased(inner),
    ]),
  );
}
