import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { may } from '../../access/roles.js';
import { HostProblem } from '../../problem.js';
import { actorOf } from '../authenticate.js';
import type { EventFeed, StreamedEvent } from '../event-feed.js';
import type { ApiParts } from '../parts.js';
import { answers } from '../schemas/common.js';
import { object, text } from '../schemas/json-schema.js';

/** Milliseconds between signs of life, for proxies that close what is silent. */
const HEARTBEAT_MS = 15_000;

/** Bytes that may wait for a reader that does not read; it is let go then and can resume. */
const mostWaiting = 4 * 1024 * 1024;

/** What was done about tokens, keys and exports: for those alone who may read the audit log. */
const ofTheAudit = /^(?:access|keys)\.|^request\.exported$/;

/** One event in the event-stream format. */
function eventText(event: StreamedEvent): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** One reader of the stream. */
class Stream {
  private live: StreamedEvent[] | undefined = [];
  private readonly replayed = new Set<number>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly unsubscribe: () => void;
  private ended = false;

  constructor(
    private readonly feed: EventFeed,
    private readonly out: ServerResponse,
    private readonly wants: (event: StreamedEvent) => boolean,
    /** Whether its reader may go on reading. */
    private readonly mayGoOn: () => Promise<boolean>,
  ) {
    this.unsubscribe = feed.subscribe((found) => {
      if (found.some(({ kind }) => kind === 'access.token_revoked' || kind === 'access.signed_out'))
        void this.endUnlessAllowed();
      return this.live ? this.live.push(...found) : this.send(found);
    });
    this.heartbeat = setInterval(() => {
      this.write(': alive\n\n');
      void this.endUnlessAllowed();
    }, HEARTBEAT_MS);
    this.heartbeat.unref();
    out.once('close', () => this.end());
  }

  /** Sends what came after an event, then what comes. */
  async run(after: number | undefined): Promise<void> {
    let from = after;
    while (from !== undefined && !this.ended && !this.out.destroyed) {
      const found = await this.feed.after(from);
      for (const { id } of found) this.replayed.add(id);
      this.send(found);
      from = found.at(-1)?.id;
    }
    const waited = this.live ?? [];
    this.live = undefined;
    this.send(waited.filter(({ id }) => !this.replayed.has(id)));
    this.replayed.clear();
  }

  end(): void {
    this.ended = true;
    clearInterval(this.heartbeat);
    this.unsubscribe();
    this.out.end();
  }

  /** A token may expire or be revoked while its stream is open. */
  private async endUnlessAllowed(): Promise<void> {
    // Where that cannot be found out now, the next sign of life tells.
    if (!(await this.mayGoOn().catch(() => true))) this.end();
  }

  private send(found: readonly StreamedEvent[]): void {
    const text = found.filter(this.wants).map(eventText).join('');
    if (text !== '') this.write(text);
  }

  private write(text: string): void {
    // It may end while events of before are still being read.
    if (this.ended || this.out.destroyed) return;
    this.out.write(text);
    if (this.out.writableLength > mostWaiting) this.out.destroy();
  }
}

/** What happens, as it happens, as server-sent events. */
export function eventRoutes(app: FastifyInstance, { feed, tokens, sessions }: ApiParts): void {
  const open = new Set<Stream>();
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });

  app.get<{ Querystring: { requestId?: string; connection?: string }; Headers: { 'last-event-id'?: string } }>(
    '/api/v1/events',
    {
      config: { access: 'events:read' },
      schema: {
        tags: ['events'],
        summary: 'What happens, as it happens (server-sent events)',
        description:
          'Each message has the event as JSON and its id. Give `Last-Event-ID` to get what came after it first. What was done about tokens, keys and exports comes to those who may read the audit log. The stream ends with the token. An event may come twice; its id tells.',
        querystring: object(
          { requestId: text('Only of this request.'), connection: text('Only of this connection.') },
          'requestId',
          'connection',
        ),
        response: answers(
          { 200: { description: 'A stream that does not end.', content: { 'text/event-stream': { schema: text() } } } },
          [422],
        ),
      },
    },
    async (request, reply) => {
      const { requestId, connection } = request.query;
      const lastId = request.headers['last-event-id'];
      if (lastId !== undefined && !/^\d{1,15}$/.test(lastId)) {
        throw new HostProblem('INPUT_INVALID', 'Last-Event-ID must be the id of an event.');
      }
      reply.hijack();
      const headers = {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      };
      reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...headers });
      reply.raw.write('retry: 2000\n\n');
      const { role } = actorOf(request);
      const wants = (event: StreamedEvent) =>
        (!ofTheAudit.test(event.kind) || may(role, 'audit:read')) &&
        (requestId === undefined || event.requestId === requestId) &&
        (connection === undefined || event.connection === connection);
      const { session } = request;
      const token = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
      const mayGoOn = async () =>
        session === null ? (await tokens.verify(token)) !== undefined : sessions.goesOn(session);
      const stream = new Stream(feed, reply.raw, wants, mayGoOn);
      open.add(stream);
      reply.raw.once('close', () => open.delete(stream));
      await stream.run(lastId === undefined ? undefined : Number(lastId)).catch((error: unknown) => {
        request.log.warn({ err: error }, 'A stream of events broke off');
        stream.end();
      });
    },
  );
}
