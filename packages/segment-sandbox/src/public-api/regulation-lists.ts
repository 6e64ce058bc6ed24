import type { Call } from '../call.js';
import type { Regulation } from '../regulations/regulation.js';
import { REGULATION_STATUSES, REGULATION_TYPES } from '../regulations/regulation.js';
import type { SuppressedSubject } from '../regulations/store.js';
import type { Segment } from '../segment.js';
import type { Caller } from './access.js';
import { invalid } from './errors.js';
import type { Answer } from './inventory.js';
import { sourceOf } from './inventory.js';
import { pageFor, paginationOf } from './lists.js';
import { isoDate } from './regulations.js';

/** A body in pieces: the identifiers go out as they are kept, without being read and written again. */
export type RawBody = readonly (string | Buffer)[];

/** `GET /regulations`: those of the workspace scope. */
export function listForWorkspace(segment: Segment, caller: Caller, call: Call): RawBody {
  return listRegulations(segment, caller, call, ({ scope }) => scope.kind === 'workspace', true);
}

/** `GET /regulations/sources/{id}`. The SDK's answer has no `pagination` (its input does), so this one has none. */
export function listForSource(segment: Segment, caller: Caller, call: Call): RawBody {
  const { id } = sourceOf(caller, call);
  return listRegulations(
    segment,
    caller,
    call,
    ({ scope }) => scope.kind !== 'workspace' && scope.sourceId === id,
    false,
  );
}

function listRegulations(
  segment: Segment,
  { workspace }: Caller,
  call: Call,
  inScope: (regulation: Regulation) => boolean,
  paginated: boolean,
): RawBody {
  const status = call.query.first('status');
  const types = call.query.all('regulationTypes');
  if (status !== undefined && !REGULATION_STATUSES.some((known) => known === status))
    throw invalid('status', `status must be one of ${REGULATION_STATUSES.join(', ')}`);
  if (!types.every((type) => REGULATION_TYPES.some((known) => known === type)))
    throw invalid('regulationTypes', `regulationTypes must be among ${REGULATION_TYPES.join(', ')}`);
  const items = segment.regulations
    .shown(workspace.slug)
    .filter(
      (regulation) =>
        inScope(regulation) &&
        (types.length === 0 || types.includes(regulation.regulationType)) &&
        (status === undefined || segment.progress.standing(regulation).status === status),
    );
  const falling = segment.style.listOrder === 'newest-first';
  if (falling) items.reverse();
  const page = pageFor(call, { list: call.path, items, keyOf: ({ index }) => index, falling, capped: true });
  const pieces: (string | Buffer)[] = ['{"data":{"regulations":['];
  page.items.forEach((regulation, position) => {
    pieces.push(position === 0 ? '{' : ',{', ...entryPieces(segment, regulation), '}');
  });
  pieces.push(paginated ? `],"pagination":${JSON.stringify(paginationOf(page, 'absent'))}}}` : ']}}');
  return pieces;
}

function entryPieces(segment: Segment, regulation: Regulation): RawBody {
  const { id, subjectType, subjectsJson, createdAt, regulationType } = regulation;
  const { status, finishedAt } = segment.progress.standing(regulation);
  const rest = {
    status,
    createdAt: isoDate(createdAt),
    regulationType,
    ...(finishedAt === undefined ? {} : { finishedAt: isoDate(finishedAt) }),
  };
  return [
    `"id":${JSON.stringify(id)},"subjectType":"${subjectType}","subjects":`,
    subjectsJson,
    `,${JSON.stringify(rest).slice(1, -1)}`,
  ];
}

/** `GET /suppressions`: a page of suppressed subjects, those of one type together. */
export function listSuppressions(segment: Segment, { workspace }: Caller, call: Call): Answer {
  const items = segment.regulations.suppressed(workspace.slug);
  const page = pageFor<SuppressedSubject>(call, { list: call.path, items, capped: true });
  const byType = new Map<string, string[]>();
  for (const { subjectType, subjectId } of page.items) {
    const ids = byType.get(subjectType);
    if (ids) ids.push(subjectId);
    else byType.set(subjectType, [subjectId]);
  }
  const suppressed = [...byType].map(([subjectType, subjectIds]) => ({ subjectType, subjectIds }));
  return { suppressed, pagination: paginationOf(page, 'absent') };
}
