import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { tokenHash } from '../../access/token-text.js';
import { present } from '../../clock.js';
import { type Asked, answerByLink, askedBy, noteLook, wrongWith } from '../../contacts/answering.js';
import { ANSWER_PATH } from '../../contacts/links.js';
import type { Answer } from '../../requests/answer.js';
import { answerLimits } from '../../requests/answer.js';
import { discardFiles, fileLimits } from '../../requests/files.js';
import { answerPolicy, askPage, type Entered, nowherePage, plainPage, thanksPage } from '../answer-page.js';
import { tooMany } from '../authenticate.js';
import { acceptForms, passOver, takeFile } from '../forms.js';
import type { ApiParts } from '../parts.js';
import { problemOf } from '../problems.js';

/** Calls a minute that a link may be opened by, from wherever: behind a proxy, all have one address. The host's own limit counts those. */
const CALLS_A_MINUTE = 60;

const outcomes: Readonly<Record<string, Answer['outcome']>> = {
  data: 'done',
  nothing: 'not_needed',
  cannot: 'could_not',
};

interface ByToken {
  Params: { token: string };
}

/** What a contact entered, with the files that were taken in on the way. */
interface Given {
  answer: string;
  reason: string;
  readonly files: number[];
  wrong?: string;
  /** HTTP status that goes with what is wrong. */
  status?: number;
}

/** Said to whoever is not the first to answer by one link at the same time. */
const ANOTHER = 'Another answer by this link is arriving just now. This one was not taken.';

/** Which folder has how much room is nothing for whoever has a link. */
const NO_ROOM =
  'There is no room for your files here just now. Nothing of them was kept: please send them again later.';

/**
 * The page by which a contact answers. In a scope of its own: its bodies are forms, and its errors are pages. Nothing of it stands in the
 * OpenAPI document: it is for people.
 */
export async function answerRoutes(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { db, clock, keyring, settings } = parts;
  /** Links over which an answer arrives just now: one at a time, so that nobody fills the disk side by side. */
  const arriving = new Set<number>();

  await acceptForms(app);
  app.addHook('onRequest', async (_request, reply) => {
    void reply
      .header('content-security-policy', answerPolicy)
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .header('x-robots-tag', 'noindex');
  });
  app.setErrorHandler((error, request, reply) => {
    if (request.raw.destroyed && !request.raw.complete) return reply.raw.destroy();
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'A call failed');
    const busy = problem.status === 429;
    const title = busy ? 'Please wait a moment' : 'Your answer was not taken';
    const remedy = busy ? 'This link was opened too often.' : 'Nothing was changed. Open the link again.';
    return page(reply, problem.status, plainPage(title, [remedy]));
  });

  const day = ({ answerBy }: Asked) =>
    answerBy.toLocaleString('en-GB', {
      ...{ timeZone: settings.zone, day: 'numeric', month: 'long', year: 'numeric' },
      ...{ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
    });
  const ofLink = app.createRateLimit({
    max: CALLS_A_MINUTE,
    timeWindow: 60_000,
    keyGenerator: ({ params }) => tokenHash((params as ByToken['Params']).token).toString('base64'),
  });
  const asked = async (request: FastifyRequest<ByToken>) => {
    const limit = await ofLink(request);
    if (!limit.isAllowed && limit.isExceeded) throw tooMany(limit.ttlInSeconds);
    return askedBy(db, await keyring.people(), request.params.token);
  };
  const options = {
    config: { access: 'open', streamed: true },
    schema: { hide: true },
  } as const;

  app.get<ByToken>(`${ANSWER_PATH}:token`, { ...options, exposeHeadRoute: false }, async (request, reply) => {
    const found = await asked(request);
    if (found === undefined) return page(reply, 404, nowherePage());
    await noteLook(db, found.linked, present(clock));
    return page(reply, 200, askPage(found, day(found)));
  });

  app.post<ByToken>(`${ANSWER_PATH}:token`, options, async (request, reply) => {
    const found = await asked(request);
    if (found === undefined) return page(reply, 404, nowherePage());
    const { task } = found.linked;
    const alone = !arriving.has(task);
    if (alone) arriving.add(task);
    const given: Given = { answer: '', reason: '', files: [], ...(alone ? {} : { wrong: ANOTHER, status: 409 }) };
    let kept = false;
    try {
      await take(request, found, given);
      const outcome = outcomes[given.answer];
      if (outcome === undefined)
        return await again(reply, found, { ...given, wrong: given.wrong ?? 'Choose an answer.' });
      const files = outcome === 'done' ? given.files : [];
      const said = outcome === 'could_not' ? given.reason : '';
      const wrong = given.wrong ?? wrongWith({ outcome, said, files }, found);
      if (wrong !== undefined) return await again(reply, found, { ...given, wrong });
      kept = await answerByLink(db, found, { outcome, said, files }, present(clock));
      if (!kept) return page(reply, 404, nowherePage());
      if (outcome !== 'done') kept = false;
      return page(reply, 200, thanksPage(found.reference));
    } finally {
      if (!kept) await discardFiles(db.orm, given.files);
      if (alone) arriving.delete(task);
    }
  });

  /** Reads a form as it arrives. What is wrong with it is said once all of it is here: a browser reads no answer before that. */
  async function take(request: FastifyRequest, { linked }: Asked, given: Given): Promise<void> {
    try {
      for await (const part of request.parts()) {
        if (part.type === 'field') takeField(part, given);
        else await takeOne(part);
      }
    } catch (error) {
      const wrong = tooMuch(error);
      if (wrong === undefined) throw error;
      given.wrong ??= wrong;
    }

    async function takeOne(part: MultipartFile): Promise<void> {
      if (given.answer !== 'data' || given.wrong !== undefined || part.filename === '') return passOver(part.file);
      try {
        const { request: of, task } = linked;
        given.files.push(await takeFile(parts, { request: of, task }, part));
      } catch (error) {
        const { code, status, message } = problemOf(error);
        if (code !== 'REQUEST_INVALID' && code !== 'DISK_FULL') throw error;
        given.status = status;
        given.wrong = code === 'DISK_FULL' ? NO_ROOM : message;
      }
    }
  }

  /** Shows the page again, which tells whom it is about as it does when the link is opened. */
  async function again(
    reply: FastifyReply,
    found: Asked,
    { status = 422, ...entered }: Entered & Pick<Given, 'status'>,
  ): Promise<FastifyReply> {
    await noteLook(db, found.linked, present(clock));
    return page(reply, status, askPage(found, day(found), entered));
  }
}

function takeField({ fieldname, value }: MultipartValue, given: Given): void {
  if (typeof value !== 'string') return;
  if (fieldname === 'answer') given.answer = value;
  if (fieldname === 'reason') given.reason = value;
  if (given.reason.length > answerLimits.said)
    given.wrong ??= `The reason is longer than ${answerLimits.said} characters.`;
}

/** What a limit that was passed reads like; `undefined` for an error of another kind. */
function tooMuch(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  if (code === 'FST_FILES_LIMIT') return `There are more than ${fileLimits.files} files.`;
  return code === 'FST_FIELDS_LIMIT' || code === 'FST_PARTS_LIMIT' ? 'The form could not be read.' : undefined;
}

function page(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}
