import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ImportFormat } from '../../intake/import-lines.js';
import { actorOf } from '../authenticate.js';
import type { ApiParts } from '../parts.js';
import { mediaType } from '../problems.js';
import { answers } from '../schemas/common.js';
import { object, ref } from '../schemas/json-schema.js';

const formats: Readonly<Record<string, ImportFormat>> = {
  'text/csv': 'csv',
  'application/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
};

interface Query {
  readonly allowDoubtful?: boolean;
  readonly ignoreColumns?: boolean;
}

const query = object(
  {
    allowDoubtful: {
      type: 'boolean',
      description:
        'A person has looked at the doubtful identifiers of the file: they are meant. Kept in the audit log.',
    },
    ignoreColumns: { type: 'boolean', description: 'Skip columns of a CSV file that hold no identifier.' },
  },
  'allowDoubtful',
  'ignoreColumns',
);

/** Files of requests, streamed. In a scope of its own: its bodies are handed on unread, of any size. */
export function importRoutes(app: FastifyInstance, { requests }: ApiParts): void {
  app.removeAllContentTypeParsers();
  for (const type of Object.keys(formats)) {
    app.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  }
  // Before the framework looks for a parser: it would name the type that all other calls take.
  app.addHook('preParsing', async (request) => {
    formatOf(request);
  });
  app.addHook('onSend', async (request) => {
    // What is left of a refused file is read and thrown away: unread, it would block the next call on this connection.
    (request.body as Readable | undefined)?.resume();
  });
  app.post<{ Querystring: Query }>(
    '/api/v1/requests/import',
    {
      config: { access: 'requests:create', streamed: true },
      schema: {
        tags: ['requests'],
        summary: 'Take in a file of requests',
        description:
          'Any size, streamed. Good lines are kept, bad ones are named, doubtful ones are kept back and named, and what can be mended ' +
          'without guessing is mended and said. After a broken connection send the same file again.\n\n' +
          'NDJSON: a request body a line. CSV: a header with `request_id`, `right`, `received_at`, `due_at`, `jurisdiction` and `days` ' +
          '(all but the first optional), and a column for each identifier, named by its kind and numbered where there are several (`email,user_id,user_id.2`); empty cells are skipped. ' +
          'Cells are separated by commas, semicolons, tabs or vertical bars. Either may be packed with gzip.',
        querystring: query,
        consumes: ['text/csv', 'application/x-ndjson'],
        response: answers({ 200: ref('ImportReport') }, [415, 422, 507]),
      },
    },
    async (request) => requests.import(request.body as Readable, formatOf(request), actorOf(request), request.query),
  );

  app.post<{ Querystring: Query }>(
    '/api/v1/requests/import/plan',
    {
      config: { access: 'requests:plan', streamed: true },
      schema: {
        tags: ['requests'],
        summary: 'Dry run of a file: what an import would take, and what would be sent',
        description:
          'Reads the whole file as an import does and keeps nothing of it. The batches are estimated. A value that is the same for ' +
          'many people of the file is doubtful here, too: an import, which stores as it reads, cannot know that.',
        querystring: query,
        consumes: ['text/csv', 'application/x-ndjson'],
        response: answers({ 200: ref('ImportPlan') }, [415, 422]),
      },
    },
    async (request) => requests.planImport(request.body as Readable, formatOf(request), request.query),
  );
}

function formatOf(request: FastifyRequest): ImportFormat {
  const format = formats[request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''];
  if (format === undefined) throw mediaType('text/csv or application/x-ndjson');
  return format;
}
