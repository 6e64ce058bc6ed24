import type { ServerResponse } from 'node:http';
import type { FaultRule } from './faults.js';
import type { Reply } from './reply.js';
import { byteLength } from './reply.js';

/** How the answer to a call ended: with this status, or as one of these. */
export type Ending = number | 'lost' | 'reset' | 'timeout';

/** The means by which a fault is carried out. */
export interface FaultStage {
  readonly response: ServerResponse;
  /** The answer, where the request was carried out. */
  readonly reply: Reply | undefined;
  /** An error in the form of the API that was asked. */
  readonly errorReply: (status: number) => Reply;
  /** Sends an answer as it should be. */
  readonly send: (reply: Reply) => void;
}

const PAGE = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

/** What clients get where an answer is due that was never made: the shape does not matter, the fault does. */
const BARE: Reply = { status: 200, headers: { 'content-type': 'application/json' }, body: ['{}'] };

/** Lets a fault happen to an answer and tells how it ended. */
export function perform(rule: FaultRule, stage: FaultStage): Ending {
  const { response, errorReply, send } = stage;
  const reply = stage.reply ?? BARE;
  switch (rule.kind) {
    case 'lost-before':
    case 'lost-after':
      response.socket?.destroy();
      return 'lost';
    case 'reset':
      response.socket?.resetAndDestroy();
      return 'reset';
    case 'timeout':
      // The connection stays open until the client gives up or the sandbox closes.
      return 'timeout';
    case 'status': {
      const error = errorReply(rule.status ?? 500);
      send(error);
      return error.status;
    }
    case 'slow':
      send(reply);
      return reply.status;
    case 'html':
      send({ status: rule.status ?? 502, headers: { 'content-type': 'text/html; charset=utf-8' }, body: [PAGE] });
      return rule.status ?? 502;
    case 'empty':
      send({ ...reply, body: [] });
      return reply.status;
    case 'truncated': {
      const whole = Buffer.concat(reply.body.map((piece) => Buffer.from(piece)));
      response.writeHead(reply.status, { ...reply.headers, 'content-length': String(byteLength(reply.body)) });
      response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.socket?.destroy());
      return 'lost';
    }
    case 'huge':
      sendHuge(response, reply.status, rule.bytes ?? 64 * 1024 * 1024);
      return reply.status;
  }
}

/** A body of valid JSON that does not end for a long time; stops when the client goes away. */
function sendHuge(response: ServerResponse, status: number, bytes: number): void {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let left = bytes;
  const pump = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', pump);
        return;
      }
    }
    if (!response.destroyed) response.end('"}}');
  };
  response.writeHead(status, { 'content-type': 'application/json' });
  response.write('{"data":{"padding":"');
  pump();
}
