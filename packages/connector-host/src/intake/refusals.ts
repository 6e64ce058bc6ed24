/** Why a request is not accepted, as problems that its sender can mend. */
import type { FieldIssue } from 'connector-contract';
import { given } from '../given.js';
import { HostProblem } from '../problem.js';
import { issuesText, type RequestBody, readRequestBody } from '../requests/request-body.js';
import type { Findings } from './judging.js';
import { type Assignment, connectorMissing, type Offer } from './offers.js';

/** Reads what somebody sent as a request. Throws REQUEST_INVALID with its faults by field. */
export function bodyOf(input: unknown): RequestBody {
  const read = readRequestBody(input);
  if ('body' in read) return read.body;
  throw new HostProblem('REQUEST_INVALID', issuesText(read.issues), {
    errors: read.issues,
  });
}

/** Identifiers of it cannot be a person's. */
export function refused({ refused: issues }: Pick<Findings, 'refused'>): HostProblem {
  return new HostProblem('REQUEST_INVALID', issuesText(issues), { errors: issues });
}

/** Another request stands under its id. */
export function differs(detail: string): HostProblem {
  return new HostProblem('REQUEST_DIFFERS', detail, {
    remedy: 'Send it under a requestId of its own, or send exactly what was sent before.',
  });
}

/** It can go nowhere. */
export function refusal(body: RequestBody, { issues, nowhere }: Extract<Assignment, { issues: unknown }>): HostProblem {
  if (nowhere === 'no connection') return noConnection(`${body.right} requests`);
  const [first] = issues;
  if (nowhere === 'unknown connector' && first !== undefined) return notThere(first);
  const unknown = issues.some(({ code }) => code === 'CONNECTION_UNKNOWN');
  const detail = issuesText(issues);
  return new HostProblem(unknown ? 'CONNECTION_UNKNOWN' : 'REQUEST_INVALID', detail, { errors: issues });
}

/** Until its connector is there again, or the connection is gone. */
function notThere({ message, remedy }: FieldIssue): HostProblem {
  return new HostProblem('NOT_READY', message, given({ remedy }));
}

/** No connection takes such a thing. */
function noConnection(what: string): HostProblem {
  return new HostProblem('NO_CONNECTION', `No connection takes ${what}.`, {
    remedy: 'Connect a system first (POST /api/v1/connections), then send it again.',
  });
}

/** The kinds of identifier that some connection takes. Throws NO_CONNECTION, or NOT_READY, where there are none. */
export function kindsOf(offers: ReadonlyMap<string, Offer>): ReadonlySet<string> {
  const all = [...offers.values()];
  const kinds = new Set(all.flatMap((offer) => [...offer.kinds]));
  if (kinds.size > 0) return kinds;
  const unknown = all.find((offer) => offer.unknown);
  throw unknown === undefined ? noConnection('requests') : notThere(connectorMissing(unknown.connection));
}
