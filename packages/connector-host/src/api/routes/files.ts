import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Action } from '../../access/roles.js';
import { present } from '../../clock.js';
import { HostProblem } from '../../problem.js';
import { answerOf } from '../../requests/answer.js';
import { type FileOf, listFiles, type StoredFile } from '../../requests/files.js';
import { appendEvents, type EventKind } from '../../timeline.js';
import { actorOf } from '../authenticate.js';
import { acceptForms, sendFile, takeFile } from '../forms.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, ref, text, whole } from '../schemas/json-schema.js';
import { detailFor, requestPath } from './requests.js';
import { itemPath, itemsFor, type OfItem } from './work.js';

interface OfRequest {
  Params: { requestId: string };
}

const list = { 200: ref('StoredFileList') };
const download = { 200: { description: 'The file.', content: { 'application/octet-stream': { schema: text() } } } };
const audited =
  'Each download is in the audit log. Nobody has looked at the content: take it for what a stranger sent.';

/** What a call that brings a file says of itself. */
const upload = (
  access: Action,
  { description, ...more }: { readonly description: string; readonly [about: string]: unknown },
) => ({
  config: { access, streamed: true } as const,
  schema: {
    description: `${description} One file of at most 25 MB, as the part \`file\` of a form; it is removed a day later where nothing names it.`,
    consumes: ['multipart/form-data'],
    body: object({ file: { type: 'string', format: 'binary' } }),
    response: answers({ 201: object({ id: whole('To be named in `files`.') }) }, [404, 409, 413, 415, 422, 507]),
    ...more,
  },
});

/** Files of answers and of evidence, in a scope of its own: what is sent here are forms. */
export async function fileRoutes(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { db, clock, keyring } = parts;
  const { itemFor } = itemsFor(parts);
  const detailOf = detailFor(parts.requests);
  await acceptForms(app);

  /** Takes the one file of a form in, and keeps who sent it. */
  async function receive(request: FastifyRequest, kind: EventKind, of: FileOf): Promise<{ readonly id: number }> {
    const part = await request.file({ limits: { files: 1 } });
    if (part === undefined) {
      const message = 'file is missing: the form has no part with a file.';
      const errors = [{ field: 'file', code: 'REQUIRED', message }];
      throw new HostProblem('REQUEST_INVALID', message, { errors });
    }
    const id = await takeFile(parts, of, part);
    await note(request, kind, of, id);
    return { id };
  }

  async function note(request: FastifyRequest, kind: EventKind, of: { task: number } | { work: number }, file: number) {
    const about = 'work' in of ? { work: of.work } : { task: of.task };
    const event = { ...about, at: present(clock), kind, actor: actorOf(request).id, data: { file } };
    await db.orm.transaction((tx) => appendEvents(tx, [event]));
  }

  const items = async (of: Parameters<typeof listFiles>[2]) => {
    const items = await listFiles(db, await keyring.people(), of);
    return { items, total: items.length };
  };
  const fileAmong = ({ items }: { readonly items: readonly StoredFile[] }, file: number): StoredFile => {
    const found = items.find(({ id }) => id === file);
    if (found === undefined) throw new HostProblem('NOT_FOUND', 'There is no file with this id here.');
    return found;
  };

  const ofAnswers = { tags: ['requests'] };
  app.get<OfRequest>(
    '/api/v1/requests/:requestId/files',
    {
      config: { access: 'requests:identify' },
      schema: {
        ...ofAnswers,
        summary: 'The files of the answers to a request',
        description: 'They are purged together with the identifiers of the person.',
        params: requestPath,
        response: answers(list, [404]),
      },
    },
    async (request) => {
      await detailOf(request);
      return items({ requestId: request.params.requestId });
    },
  );
  app.post<OfRequest & { Querystring: { task?: number } }>(
    '/api/v1/requests/:requestId/files',
    upload('requests:answer', {
      ...ofAnswers,
      summary: 'Send a file of an answer that you write down',
      description: 'Name it in `files` of `POST /api/v1/requests/{requestId}/answer`.',
      params: requestPath,
      querystring: object({ task: whole('Where several tasks wait for an answer.') }, 'task'),
    }),
    async (request, reply) => {
      const of = await answerOf(db, request.params.requestId, request.query.task);
      return reply.code(201).send(await receive(request, 'task.file_received', of));
    },
  );
  app.get<{ Params: { requestId: string; file: number } }>(
    '/api/v1/requests/:requestId/files/:file',
    {
      exposeHeadRoute: false,
      config: { access: 'requests:identify' },
      schema: {
        ...ofAnswers,
        summary: 'Download a file of an answer',
        description: audited,
        params: object({ requestId: text(), file: whole() }),
        response: answers(download, [404]),
      },
    },
    async (request, reply) => {
      const { requestId, file } = request.params;
      const found = fileAmong(await items({ requestId }), file);
      await note(request, 'task.files_read', { task: found.task ?? 0 }, file);
      return sendFile(reply, parts, found);
    },
  );

  const ofWork = { tags: ['work'] };
  const forOwner = 'For whoever may see people, and for its owner.';
  app.get<OfItem>(
    '/api/v1/work/:id/files',
    {
      config: { access: 'work:read' },
      schema: {
        ...ofWork,
        summary: 'The files that show how work was done',
        description: `${forOwner} They are purged with the first of the people in it, and so many days after they were handed in as people are kept (--retention-days) at the latest.`,
        params: itemPath,
        response: answers(list, [404]),
      },
    },
    async (request) => items({ work: (await itemFor(request, 'work:people')).id }),
  );
  app.post<OfItem>(
    '/api/v1/work/:id/files',
    upload('work:read', {
      ...ofWork,
      summary: 'Send a file that shows how work was done, or that somebody answered with',
      description: 'Name it in `files` of `POST /api/v1/work/{id}/close`. For whoever may do that.',
      params: itemPath,
    }),
    async (request, reply) => {
      const { id, requestId, task, state, kind } = await itemFor(request, 'work:close');
      if (requestId !== undefined) {
        const of = await answerOf(db, requestId, task);
        return reply.code(201).send(await receive(request, 'task.file_received', of));
      }
      if (state !== 'open' || kind !== 'erase-elsewhere')
        throw new HostProblem('STATE_FORBIDS', 'This work takes no files: it has ended, or ends by itself.');
      return reply.code(201).send(await receive(request, 'work.file_received', { work: id }));
    },
  );
  app.get<{ Params: { id: number; file: number } }>(
    '/api/v1/work/:id/files/:file',
    {
      exposeHeadRoute: false,
      config: { access: 'work:read' },
      schema: {
        ...ofWork,
        summary: 'Download a file that shows how work was done',
        description: `${forOwner} ${audited}`,
        params: object({ id: whole(), file: whole() }),
        response: answers(download, [404]),
      },
    },
    async (request, reply) => {
      const { id: work } = await itemFor(request, 'work:people');
      const { file } = request.params;
      const found = fileAmong(await items({ work }), file);
      await note(request, 'work.files_read', { work }, file);
      return sendFile(reply, parts, found);
    },
  );
}
