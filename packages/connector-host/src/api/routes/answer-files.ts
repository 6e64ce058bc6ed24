import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { present } from '../../clock.js';
import { HostProblem } from '../../problem.js';
import { fileContent, listFiles } from '../../requests/answer-files.js';
import { appendEvents } from '../../timeline.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, ref, text, whole } from '../schemas/json-schema.js';
import { requestPath } from './requests.js';

/** Files that contacts answered with: for those who may see people, as a download and nothing else. */
export function answerFileRoutes(app: FastifyInstance, { db, clock, keyring }: ApiParts): void {
  const tags = ['requests'];
  const config = { access: 'requests:identify' } as const;

  app.get<{ Params: { requestId: string } }>(
    '/api/v1/requests/:requestId/files',
    {
      config,
      schema: {
        tags,
        summary: 'The files that a contact answered with',
        description: 'They are purged together with the identifiers of the person.',
        params: requestPath,
        response: answers({ 200: ref('AnswerFileList') }),
      },
    },
    async ({ params }) => {
      const items = await listFiles(db, await keyring.people(), params.requestId);
      return { items, total: items.length };
    },
  );

  app.get<{ Params: { requestId: string; file: number } }>(
    '/api/v1/requests/:requestId/files/:file',
    {
      config,
      schema: {
        tags,
        summary: 'Download a file that a contact answered with',
        description:
          'Each download is in the audit log. Nobody has looked at the content: take it for what a stranger sent.',
        params: object({ requestId: text(), file: whole() }),
        response: answers(
          { 200: { description: 'The file.', content: { 'application/octet-stream': { schema: text() } } } },
          [404],
        ),
      },
    },
    async (request, reply) => {
      const { requestId, file } = request.params;
      const people = await keyring.people();
      const found = (await listFiles(db, people, requestId)).find(({ id }) => id === file);
      if (found === undefined) throw new HostProblem('NOT_FOUND', 'The request has no file with this id.');
      const { task, name, bytes } = found;
      const at = present(clock);
      await db.orm.transaction((tx) =>
        appendEvents(tx, [{ at, kind: 'task.files_read', task, actor: actorOf(request).id, data: { file } }]),
      );
      return reply
        .type('application/octet-stream')
        .header('content-disposition', attachment(name))
        .header('content-length', bytes)
        .header('x-content-type-options', 'nosniff')
        .header('content-security-policy', "sandbox; default-src 'none'")
        .send(Readable.from(fileContent(db, people, file), { objectMode: false }));
    },
  );
}

/** RFC 6266: a name in plain letters for old programs, and the name itself for all others. */
function attachment(name: string): string {
  const plain = name.replace(/[^\w. -]/g, '_');
  const whole = encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
