import type { AnswerStyle } from '../answers.js';
import type { Call } from '../call.js';
import { jsonObject } from '../call.js';
import type { Regulation, RegulationType } from '../regulations/regulation.js';
import { subjectsOf } from '../regulations/regulation.js';
import type { NewRegulation } from '../regulations/store.js';
import { checkSubjects } from '../regulations/subjects.js';
import type { Segment } from '../segment.js';
import type { TokenSpec } from '../tokens.js';
import { requireFullScope, workspaceOf } from './access.js';
import { configError } from './errors.js';
import { listed } from './inventory.js';

/** `Suppress_With_Delete` for `SUPPRESS_WITH_DELETE`. */
function titleCase(value: string): string {
  return value.toLowerCase().replace(/(?:^|_)[a-z]/g, (letter) => letter.toUpperCase());
}

/** The types that were published for this generation. There is none for a deletion with suppression that stays inside Segment. */
const TYPES: ReadonlyMap<string, RegulationType> = new Map([
  ['Suppress_With_Delete', 'SUPPRESS_WITH_DELETE'],
  ['Delete', 'DELETE_ONLY'],
  ['Suppress', 'SUPPRESS_ONLY'],
  ['Unsuppress', 'UNSUPPRESS'],
  ['Delete_Internal', 'DELETE_INTERNAL'],
]);

/**
 * `POST /workspaces/{slug}/regulations`. The scope is looked at before the body unless the sandbox was asked for the other order
 * (the vendor's is not published): a body that cannot be taken tells whether a token may make regulations without making
 * one, 400/3 where it may and 403/7 where it may not.
 */
export function createRegulation(segment: Segment, token: TokenSpec, call: Call): object {
  const workspace = workspaceOf(segment, token, call);
  const rightsFirst = segment.style.checkedFirst === 'rights';
  if (rightsFirst) requireFullScope(token);
  const wanted = wantedBy(segment, call);
  if (!rightsFirst) requireFullScope(token);
  const { regulationType, subjectIds } = wanted;
  const quota = segment.quota.take(workspace.id, regulationType, subjectIds.length, segment.clock.now());
  if (!quota.allowed) throw configError('exhausted', 'the monthly regulation quota is used up');
  const made = segment.regulations.make({
    workspace: workspace.slug,
    via: 'config',
    scope: { kind: 'workspace' },
    subjectType: 'USER_ID',
    ...wanted,
  });
  return { regulate_id: idOf(segment, made) };
}

/** What a body asks for. @throws ConfigApiError 400/3, 413 */
function wantedBy(segment: Segment, { body }: Call): Pick<NewRegulation, 'regulationType' | 'subjectIds'> {
  if (!body) throw configError('tooLarge');
  const input = jsonObject(body);
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
  return { regulationType, subjectIds: checked.ids };
}

/**
 * `GET /workspaces/{slug}/regulations` (or `regulation`, as it was written once). Whether it answers today is not published, nor
 * how: this is the Public API's list in the casing that the sandbox was asked for.
 */
export function listRegulations(segment: Segment, token: TokenSpec, call: Call): object {
  const { style } = segment;
  if (style.configList === 'unimplemented') throw configError('unimplemented');
  if (style.configList === 'not-found') throw configError('notFound');
  const workspace = workspaceOf(segment, token, call);
  requireFullScope(token);
  const shown = segment.regulations.shown(workspace.slug).filter(({ scope }) => scope.kind === 'workspace');
  const newestFirst = style.listOrder === 'newest-first';
  if (newestFirst) shown.reverse();
  return listed(call, 'regulations', shown, (regulation) => cased(segment, listEntry(segment, regulation)), {
    keyOf: ({ index }) => index,
    falling: newestFirst,
  });
}

function listEntry(segment: Segment, regulation: Regulation): object {
  const { status, finishedAt } = segment.progress.standing(regulation);
  const [spelling] = [...TYPES].find(([, type]) => type === regulation.regulationType) ?? [];
  return {
    id: idOf(segment, regulation),
    regulation_type: spelling ?? titleCase(regulation.regulationType),
    subject_type: regulation.subjectType,
    subjects: subjectsOf(regulation),
    status: spell(status, segment.style.statuses),
    created_at: new Date(regulation.createdAt).toISOString(),
    ...(finishedAt === undefined ? {} : { finished_at: new Date(finishedAt).toISOString() }),
  };
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
        status: entry.status === 'NO_ACTION' ? style.noAction : word(entry.status),
        err_string: entry.errString,
        finished_at: entry.finishedAt === undefined ? '' : new Date(entry.finishedAt).toISOString(),
      })),
    })),
  };
  return style.wrapped ? { regulation: cased(segment, body) } : cased(segment, body);
}

function idOf(segment: Segment, regulation: Regulation): string | number {
  return segment.style.regulateIdAs === 'number' ? segment.regulations.numberOf(regulation) : regulation.id;
}

function spell(status: string, casing: AnswerStyle['statuses']): string {
  if (casing === 'lower') return status.toLowerCase();
  return casing === 'Title' ? titleCase(status) : status;
}

function cased(segment: Segment, body: object): object {
  return segment.style.fields === 'camelCase' ? (camelCased(body) as object) : body;
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
