import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Call } from './call.js';
import { MAX_BODY_BYTES } from './call.js';
import { CONFIG_API_ROOT } from './config-api/config-api.js';
import { CONTROL_ROOT } from './control.js';
import type { Ending } from './fault-effects.js';
import { perform } from './fault-effects.js';
import type { FaultBook, FaultRule } from './faults.js';
import { isApplied } from './faults.js';
import type { Journal } from './journal.js';
import { Query } from './query.js';
import type { Reply } from './reply.js';
import { byteLength } from './reply.js';
import type { Match } from './routes.js';

/** A part of the sandbox that answers calls: an API generation, or the control of the sandbox itself. */
export interface Answerer {
  match(method: string, path: string): Match<unknown> | undefined;
  answer(call: Call): Reply;
  /** An error of this HTTP status in this part's own form. */
  errorReply(status: number): Reply;
}

/** What stands behind the server. */
export interface Backstage {
  readonly publicApi: Answerer;
  readonly configApi: Answerer;
  readonly control: Answerer;
  readonly faults: FaultBook;
  readonly journal: Journal;
  readonly now: () => number;
}

/** Makes the HTTP server: both API generations and the control on one port, told apart by path. */
export function makeServer(backstage: Backstage): Server {
  // Nagle's wait would cost 40 ms on answers written in pieces.
  const server = createServer({ noDelay: true, keepAlive: true }, (request, response) => {
    response.on('error', () => response.destroy());
    readBody(request).then(
      (body) => serve(backstage, request, response, body),
      () => response.destroy(),
    );
  });
  server.keepAliveTimeout = 30_000;
  return server;
}

/** Reads the whole body, and past the limit drops it: a client hears of a 413 only once it has sent everything. */
async function readBody(request: IncomingMessage): Promise<{ body: Buffer | undefined; bytes: number }> {
  let chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) chunks = [];
    else chunks.push(chunk);
  }
  return { body: bytes > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks), bytes };
}

function serve(
  { publicApi, configApi, control, faults, journal, now }: Backstage,
  request: IncomingMessage,
  response: ServerResponse,
  { body, bytes }: { body: Buffer | undefined; bytes: number },
): void {
  const { method = 'GET', url = '/', headers } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new Query(mark < 0 ? '' : url.slice(mark));
  const call: Call = { method, path, params: {}, query, headers, body };
  if (isUnder(CONTROL_ROOT, path)) {
    send(response, answerSafely(control, call));
    return;
  }
  const api = isUnder(CONFIG_API_ROOT, path) ? configApi : publicApi;
  const template = api.match(method, path)?.route.template;
  const note = (ending: Ending): void => {
    const route = `${method} ${template ?? '(no such route)'}`;
    journal.note({ at: now(), method, url, route, bodyBytes: bytes, ending }, headers);
  };
  const fault = faults.strike(method, template ?? path, path);
  if (!fault) {
    const reply = answerSafely(api, call);
    // Noted before it is sent: a client that has its answer finds the call counted.
    note(reply.status);
    send(response, reply);
    return;
  }
  const reply = isApplied(fault) ? answerSafely(api, call) : undefined;
  later(fault, response, () =>
    note(
      perform(fault, {
        response,
        reply,
        errorReply: (status) => api.errorReply(status),
        send: (answer) => send(response, answer),
      }),
    ),
  );
}

function isUnder(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

/** A defect of the sandbox shows as its own kind of 500, so that nobody takes it for Segment's behaviour. */
function answerSafely(part: Answerer, call: Call): Reply {
  try {
    return part.answer(call);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown';
    return {
      status: 500,
      headers: { 'content-type': 'text/plain', 'x-sandbox-defect': 'true' },
      body: [`segment-sandbox failed: ${message}`],
    };
  }
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': String(byteLength(body)) });
  for (const piece of body) response.write(piece);
  response.end();
}

/** Waits as long as a fault asks; a client that leaves meanwhile is let go. */
function later({ kind, afterMs }: FaultRule, response: ServerResponse, effect: () => void): void {
  const wait = afterMs ?? (kind === 'slow' ? 1_000 : 0);
  if (wait === 0) {
    effect();
    return;
  }
  const timer = setTimeout(effect, wait);
  response.once('close', () => clearTimeout(timer));
}
