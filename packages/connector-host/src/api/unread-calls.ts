/** Calls that never come to a route: what could not be read of them is answered as a problem like any other, and repeated nowhere. */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { HostProblem } from '../problem.js';
import { PROBLEM, problemOf, sendProblem } from './problems.js';

/** The problem of a call whose bytes the HTTP parser did not take, by the parser's code. */
function unreadProblem(code: string | undefined): HostProblem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HostProblem('HEADERS_TOO_LARGE', 'The address and the headers are larger than 16 KB together.', {
      remedy: 'Send a search in the body (POST /api/v1/requests/search), and fewer or smaller headers.',
    });
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new HostProblem('CALL_UNFINISHED', 'The call did not arrive in time.', { remedy: 'Send it again.' });
  }
  return new HostProblem('INPUT_INVALID', 'The call could not be read: it is not HTTP/1.1.');
}

/** Answers on the bare connection, since there is no call yet, and ends it. The error holds what was sent: it is not logged. */
export function answerUnread(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const problem = unreadProblem(error.code);
    const body = JSON.stringify(problem.toJSON());
    const head = [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `content-type: ${PROBLEM}`,
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  }
  socket.destroy();
}

/** Answers a call whose path could not be taken apart. */
export function answerUnrouted(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.header('x-request-id', request.id);
  sendProblem(reply, problemOf(error));
}
