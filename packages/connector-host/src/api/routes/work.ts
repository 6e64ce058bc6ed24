import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Action, may, owns } from '../../access/roles.js';
import { present } from '../../clock.js';
import { given } from '../../given.js';
import type { WorkEnd } from '../../lifecycle/lifecycle.js';
import { noWorkItem } from '../../not-there.js';
import { HostProblem } from '../../problem.js';
import { beginPeople, peopleLines } from '../../reading/people-list.js';
import type { AnswerWish } from '../../requests/answer.js';
import { type Assignment, assignWork } from '../../work/assign.js';
import { workStates } from '../../work/kinds.js';
import { countWork, listWork, type WorkDetail, type WorkFilter, workDetail } from '../../work/list.js';
import { actorOf, demand } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, oneOf, ref, text, whole } from '../schemas/json-schema.js';
import { assignment, workEnd, workKind } from '../schemas/work.js';
import { pageQuery, reason } from './requests.js';

const tags = ['work'];
/** The path of a piece of work. */
export const itemPath = object({ id: whole() });

/** A call about a piece of work. */
export interface OfItem {
  Params: { id: number };
}

/** The other name of whoever calls: the work of their e-mail. */
const ME = 'me';

/** What somebody may do with an item: as their role lets them, or since it is theirs. */
function mayWith(request: FastifyRequest, item: WorkDetail): string[] {
  const actor = actorOf(request);
  const allowed = (action: Action) => owns(actor, item.owner) || may(actor.role, action);
  const elsewhere = item.kind === 'erase-elsewhere';
  const open = item.state === 'open';
  const byHand = elsewhere && !open && item.ended?.by !== undefined && item.ended.treatment === undefined;
  return [
    ...(elsewhere && allowed('work:people') ? ['people'] : []),
    ...(open && allowed('work:assign') ? ['assign'] : []),
    ...(open && (elsewhere || item.kind === 'direct-contact') && allowed('work:close') ? ['close'] : []),
    ...(byHand && item.listedAt !== undefined && allowed('work:close') ? ['reopen'] : []),
  ];
}

/** The answer of somebody who was asked, as the end of work. Throws REQUEST_INVALID. */
function answerIn({ outcome, reason: said, doneBy, doneAt, evidence, files }: WorkEnd, task: number): AnswerWish {
  const refuse = (field: string, code: string, message: string) =>
    new HostProblem('REQUEST_INVALID', message, { errors: [{ field, code, message }] });
  if (evidence !== undefined) {
    throw refuse('evidence', 'INVALID', 'An answer takes no evidence: say in the reason what was answered.');
  }
  if (doneBy === undefined) throw refuse('doneBy', 'REQUIRED', 'Say who answered.');
  return {
    ...{ task, outcome, said, answeredBy: doneBy },
    ...given({ answeredAt: doneAt, files }),
  };
}

/** Reads the piece of work that a call names. */
export function itemsFor({ db, clock }: Pick<ApiParts, 'db' | 'clock'>) {
  /** Throws NOT_FOUND. */
  async function itemOf({ params }: FastifyRequest<OfItem>): Promise<WorkDetail> {
    const item = await workDetail(db, params.id, clock.now());
    if (item === undefined) throw noWorkItem();
    return item;
  }

  /** The item, where whoever calls may do this with it. Throws NOT_FOUND, ROLE_MISSING. */
  async function itemFor(request: FastifyRequest<OfItem>, action: Action): Promise<WorkDetail> {
    const item = await itemOf(request);
    if (!owns(actorOf(request), item.owner)) demand(request, action);
    return item;
  }

  return { itemOf, itemFor };
}

/** Work for people. */
export function workRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { db, clock, requests, lifecycle, keyring, settings } = parts;
  const { itemOf, itemFor } = itemsFor(parts);

  const shown = async (request: FastifyRequest<OfItem>) => {
    const item = await itemOf(request);
    return { ...item, may: mayWith(request, item) };
  };

  app.get<{ Querystring: WorkFilter }>(
    '/api/v1/work',
    {
      config: { access: 'work:read' },
      schema: {
        tags,
        summary: 'List work, what is open and due first',
        querystring: object(
          {
            kind: workKind,
            state: oneOf([...workStates, 'ended'], '`ended`: however it ended.'),
            connection: text(),
            system: text('By its key.'),
            task: whole('Of an access request: the work of its answer.'),
            owner: text("Name or e-mail; `me` for the caller's own, `none` for that of nobody."),
            due: text(
              '`overdue`, `soon` (within a week), `later`, or the last day on which it is due (2026-01-31), by the zone of the host.',
            ),
            cursor: { type: 'string', maxLength: 4000 },
            limit: pageQuery['limit'] ?? {},
          },
          ...['kind', 'state', 'connection', 'system', 'task', 'owner', 'due', 'cursor', 'limit'],
        ),
        response: answers({ 200: ref('WorkPage') }, [422]),
      },
    },
    async (request) => {
      const { query } = request;
      const asked = { now: clock.now(), zone: settings.zone };
      if (query.owner !== ME) return listWork(db, query, asked);
      const { email } = actorOf(request);
      if (email === undefined) {
        throw new HostProblem(
          'INPUT_INVALID',
          'The token says nothing of an e-mail, so no work is known to be yours.',
          {
            remedy: 'Name the owner, or ask a super-admin for a token with your e-mail.',
          },
        );
      }
      return listWork(db, { ...query, owner: email }, asked);
    },
  );

  app.get(
    '/api/v1/work/counts',
    {
      config: { access: 'work:read' },
      schema: { tags, summary: 'How much work is open', response: answers({ 200: ref('WorkCounts') }) },
    },
    async (request) => countWork(db, actorOf(request).email, clock.now()),
  );

  app.get<OfItem>(
    '/api/v1/work/:id',
    {
      config: { access: 'work:read' },
      schema: {
        tags,
        summary: 'One piece of work with its history',
        params: itemPath,
        response: answers({ 200: ref('WorkDetail') }, [404]),
      },
    },
    shown,
  );

  app.post<OfItem & { Body: Assignment }>(
    '/api/v1/work/:id/assign',
    {
      config: { access: 'work:read' },
      schema: {
        tags,
        summary: 'Give work to somebody, or to nobody',
        description: 'For whoever handles requests, and for its owner.',
        params: itemPath,
        body: assignment,
        response: answers({ 200: ref('WorkDetail') }, [404, 409, 413, 415, 422]),
      },
    },
    async (request) => {
      await itemFor(request, 'work:assign');
      const doing = { people: await keyring.people(), actor: actorOf(request), at: present(clock) };
      await assignWork(db, request.params.id, request.body, doing);
      return shown(request);
    },
  );

  app.post<OfItem & { Body: WorkEnd }>(
    '/api/v1/work/:id/close',
    {
      config: { access: 'work:read' },
      schema: {
        tags,
        summary: 'Say how work ended',
        description:
          'For whoever handles requests, and for its owner. `erase-elsewhere` ends what is left over of everybody in it; their states follow ' +
          'within moments, and their receipts say how it ended; it is `done` only once its list of people was downloaded. `direct-contact` ends with the answer. Other work ends by itself, with what it is about.',
        params: itemPath,
        body: workEnd,
        response: answers({ 200: ref('WorkDetail') }, [404, 409, 413, 415, 422]),
      },
    },
    async (request) => {
      const { requestId, task } = await itemFor(request, 'work:close');
      const actor = actorOf(request);
      if (requestId === undefined || task === undefined) {
        await lifecycle.endWork(request.params.id, request.body, actor);
      } else await requests.answer(requestId, answerIn(request.body, task), actor);
      return shown(request);
    },
  );

  app.post<OfItem & { Body: { reason: string } }>(
    '/api/v1/work/:id/reopen',
    {
      config: { access: 'work:read' },
      schema: {
        tags,
        summary: 'Open work again that somebody ended',
        description:
          'What it had ended is left over again, and its files are removed. Nothing joins it; what is left over later is in the next item.',
        params: itemPath,
        body: object({ reason }),
        response: answers({ 200: ref('WorkDetail') }, [404, 409, 413, 415, 422]),
      },
    },
    async (request) => {
      await itemFor(request, 'work:close');
      await lifecycle.reopenWork(request.params.id, request.body.reason, actorOf(request));
      return shown(request);
    },
  );

  app.get<OfItem>(
    '/api/v1/work/:id/people',
    {
      config: { access: 'work:read' },
      // A call for the head alone shows nobody, and would count as a download.
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'The people whom work is about, as CSV, a line for each identifier',
        description:
          'For whoever may see people, and for its owner; each download is in the audit log. From the first one on nobody joins the item. ' +
          'A value that a spreadsheet would take for a formula has an apostrophe before it.',
        params: itemPath,
        response: answers(
          { 200: { description: 'The file.', content: { 'text/csv': { schema: text() } } } },
          [404, 409],
        ),
      },
    },
    async (request, reply) => {
      const { id } = await itemFor(request, 'work:people');
      await beginPeople(db, id, actorOf(request), present(clock));
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="people-of-work-${id}.csv"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(peopleLines(db, id, await keyring.people(), () => present(clock))));
    },
  );
}
