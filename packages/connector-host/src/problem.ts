/**
 * The host's own errors: everything a caller of the API, the command line or the library can be told. Each code stands here
 * once, with its HTTP status and title, and in `docs/problems.md`. The API sends them as RFC 9457 problem details.
 */
import type { CheckReport, FieldIssue } from 'connector-contract';
import { given } from './given.js';

interface ProblemFacts {
  /** HTTP status the API answers with. */
  readonly status: number;
  /** Short, the same for every occurrence. */
  readonly title: string;
}

/** Every problem the host reports, by its stable code. */
export const problemCodes = {
  INPUT_INVALID: { status: 400, title: 'The input does not have the expected shape' },
  CURSOR_INVALID: { status: 400, title: 'The cursor is not one that this list gave' },
  UNAUTHENTICATED: { status: 401, title: 'No valid access token' },
  ROLE_MISSING: { status: 403, title: 'The token does not have the role for this' },
  ORIGIN_NOT_ALLOWED: { status: 403, title: 'Another site may not call this host' },
  NOT_FOUND: { status: 404, title: 'There is no such thing' },
  CALL_UNFINISHED: { status: 408, title: 'The call did not arrive in time' },
  REQUEST_DIFFERS: { status: 409, title: 'Another request stands under this requestId' },
  STATE_FORBIDS: { status: 409, title: 'The present state does not allow this' },
  TOO_LARGE: { status: 413, title: 'The body is too large' },
  MEDIA_TYPE_NOT_TAKEN: { status: 415, title: 'This media type is not taken here' },
  HOST_NOT_ALLOWED: { status: 421, title: 'The Host header names another host' },
  REQUEST_INVALID: { status: 422, title: 'The request cannot be carried out as it is' },
  CONNECTOR_UNKNOWN: { status: 422, title: 'No such connector is installed' },
  CONNECTOR_REFUSED: { status: 422, title: 'The connector was refused and cannot be used' },
  CONNECTION_INVALID: { status: 422, title: 'The configuration has faults' },
  CONNECTION_BLOCKED: { status: 422, title: 'The check found the connection unusable' },
  CONNECTION_UNKNOWN: { status: 422, title: 'No such connection' },
  NO_CONNECTION: { status: 422, title: 'No connection can carry this out' },
  TOO_MANY_CALLS: { status: 429, title: 'Too many calls' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  INTERNAL: { status: 500, title: 'The host failed' },
  CONNECTOR_FAILED: { status: 502, title: 'The connector or the vendor failed' },
  NOT_READY: { status: 503, title: 'The host is not ready' },
  DISK_FULL: { status: 507, title: 'The disk of the database is full' },
  OPTION_INVALID: { status: 500, title: 'A start option is not usable' },
} as const satisfies Record<string, ProblemFacts>;

/** A code of {@link problemCodes}. */
export type ProblemCode = keyof typeof problemCodes;

/** What a problem may carry beside its detail. */
export interface ProblemMore {
  /** What a person can do about it. */
  readonly remedy?: string;
  /** One entry for each faulty field. */
  readonly errors?: readonly FieldIssue[];
  /** For `CONNECTION_BLOCKED`: what the check found. */
  readonly report?: CheckReport;
}

/** A problem as RFC 9457 writes it, with the host's own members `code`, `remedy`, `errors` and `report`. */
export interface ProblemDetails extends ProblemMore {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
}

/** Thrown by every part of the host that cannot do what it was asked. Holds no secret and no identifier of a person. */
export class HostProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly remedy?: string;
  readonly errors?: readonly FieldIssue[];
  readonly report?: CheckReport;

  /**
   * @param code decides status and title.
   * @param detail what happened this time, in plain words.
   */
  constructor(code: ProblemCode, detail: string, more: ProblemMore = {}) {
    super(detail);
    this.name = 'HostProblem';
    this.code = code;
    this.status = problemCodes[code].status;
    this.title = problemCodes[code].title;
    this.detail = detail;
    if (more.remedy !== undefined) this.remedy = more.remedy;
    if (more.errors !== undefined) this.errors = more.errors;
    if (more.report !== undefined) this.report = more.report;
  }

  /** The body of the API's answer. */
  toJSON(): ProblemDetails {
    return {
      type: `urn:connector-host:problem:${this.code}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      code: this.code,
      ...given({ remedy: this.remedy, errors: this.errors, report: this.report }),
    };
  }
}
