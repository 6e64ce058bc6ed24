/**
 * A time for each call to arrive whole. A body that drips in would keep its connection, and what the host holds for it, for ever.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HostProblem } from '../problem.js';
import { sendProblem } from './problems.js';

/** How long a call may take to arrive, in milliseconds. */
export const ARRIVAL_MS = 30_000;

/** Least that an upload of any size has to bring in {@link ARRIVAL_MS}, in bytes: about a kilobyte a second. */
const LEAST_BYTES = 32 * 1024;

/** How long the rest of a call that is answered already is read and thrown away, in milliseconds: its sender may read the answer only then. */
const LINGER_MS = 2_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is streamed and may take as long as it brings something. */
    streamed?: true;
  }
}

/** Ends calls that do not arrive in time. Register it before everything that may wait. */
export function demandArrival(app: FastifyInstance, arrivalMs: number): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!hasBody(request)) return;
    // What leads nowhere is not read first.
    if (request.is404) return reply.callNotFound();
    const stop = request.routeOptions.config.streamed
      ? watchSpeed(request, reply, arrivalMs)
      : once(arrivalMs, () => give(request, reply));
    request.raw.once('close', stop);
  });
  app.addHook('onResponse', async ({ raw }) => {
    if (raw.complete) return;
    raw.resume();
    once(Math.min(LINGER_MS, arrivalMs), () => {
      if (!raw.complete) raw.socket.destroy();
    });
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function once(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Looks now and then whether an upload brings something. While the host itself has not read what came, the sender cannot be blamed. */
function watchSpeed(request: FastifyRequest, reply: FastifyReply, arrivalMs: number): () => void {
  const { raw } = request;
  let before = raw.socket.bytesRead;
  const timer = setInterval(() => {
    const now = raw.socket.bytesRead;
    if (!raw.complete && raw.readableLength === 0 && now - before < LEAST_BYTES) give(request, reply);
    before = now;
  }, arrivalMs);
  timer.unref();
  return () => clearInterval(timer);
}

function give(request: FastifyRequest, reply: FastifyReply): void {
  if (request.raw.complete) return;
  request.log.warn('A call did not arrive in time');
  if (reply.sent) request.raw.socket.destroy();
  else {
    void sendProblem(
      reply.header('connection', 'close'),
      new HostProblem('CALL_UNFINISHED', 'The call did not arrive in time.', { remedy: 'Send it again.' }),
    );
  }
}
