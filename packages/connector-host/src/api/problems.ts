/** Every error as RFC 9457 problem details. */
import type { FieldIssue } from 'connector-contract';
import { isConnectorFault } from 'connector-contract';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { HostProblem } from '../problem.js';
import { troubleProblem } from '../store/trouble.js';

/** Media type of problem details. */
export const PROBLEM = 'application/problem+json';

interface Finding {
  readonly instancePath: string;
  readonly schemaPath?: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** What a text of a form has to be, in words. */
const forms: Readonly<Record<string, string>> = {
  date: 'must be a date, such as 2026-01-31',
  'date-time': 'must be a time with its zone, such as 2026-01-31T08:00:00Z',
  uuid: 'must be an id as the list shows it, a UUID',
};

/** Why a value is refused, in words. */
function reasonOf({ keyword, params, message = 'is not valid' }: Finding, branches: readonly Finding[]): string {
  if (Array.isArray(params['allowedValues'])) return `must be one of: ${params['allowedValues'].join(', ')}`;
  if (keyword === 'format') return forms[String(params['format'])] ?? message;
  if (keyword !== 'anyOf') return message;
  const ways = branches.map((one) => reasonOf(one, []).replace(/^must be /, ''));
  return ways.length === 0 ? 'is not valid' : `must be ${[...new Set(ways)].join(', or ')}`;
}

/** What a schema found, by field: `limit`, `config.apiToken`, `requests[2].right`. Values are never repeated. */
export function fieldIssues(all: readonly Finding[]): FieldIssue[] {
  // Where none of several ways fits, what each of them lacks is told as one.
  const inBranch = ({ schemaPath = '' }: Finding) => /\/anyOf\/\d+\//.test(schemaPath);
  const chosen = all.filter(({ keyword }) => keyword === 'anyOf');
  const branchesOf = (one: Finding) =>
    all.filter((other) => inBranch(other) && other.instancePath === one.instancePath);
  const found = all.filter((one) => !chosen.some((choice) => branchesOf(choice).includes(one)));
  return found.map((finding) => {
    const { instancePath, keyword, params } = finding;
    const path = instancePath
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const child = keyword === 'required' ? params['missingProperty'] : params['additionalProperty'];
    if (typeof child === 'string') path.push(child.slice(0, 40));
    const field = path.reduce(
      (all, part) => (/^\d+$/.test(part) ? `${all}[${part}]` : all === '' ? part : `${all}.${part}`),
      '',
    );
    if (keyword === 'required') return { field, code: 'REQUIRED', message: `${field} is required.` };
    if (keyword === 'additionalProperties') return { field, code: 'UNKNOWN', message: `${field} is not known here.` };
    const reason = reasonOf(finding, keyword === 'anyOf' ? branchesOf(finding) : []);
    return { field, code: 'INVALID', message: `${field || 'The body'} ${reason}.` };
  });
}

const byFrameworkCode: Readonly<Record<string, (error: FastifyError) => HostProblem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    new HostProblem('TOO_LARGE', 'The body is larger than 1 MB.', {
      remedy: 'Send many requests as a file to POST /api/v1/requests/import, which takes any size.',
    }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => mediaType(),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new HostProblem('INPUT_INVALID', 'The body is empty; JSON is expected.'),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new HostProblem('INPUT_INVALID', 'The body is not valid JSON.'),
  FST_ERR_BAD_URL: () =>
    new HostProblem('INPUT_INVALID', 'The path is not a valid URL.', {
      remedy: 'Write each part of it percent-encoded as UTF-8.',
    }),
  FST_ERR_MAX_PARAM_LENGTH: () =>
    new HostProblem('INPUT_INVALID', 'A part of the path is longer than any id.', { remedy: 'Compare the id.' }),
};

/** The problem of a media type that is not taken. */
export function mediaType(taken = 'application/json'): HostProblem {
  return new HostProblem('MEDIA_TYPE_NOT_TAKEN', `This call takes ${taken}.`, {
    remedy: 'Set the Content-Type header.',
  });
}

/** Any error as a problem. What is not known becomes INTERNAL, and tells nothing of itself. */
export function problemOf(error: unknown): HostProblem {
  if (error instanceof HostProblem) return error;
  if (isConnectorFault(error)) {
    return new HostProblem(
      'CONNECTOR_FAILED',
      error.message,
      error.remedy === undefined ? {} : { remedy: error.remedy },
    );
  }
  const known = error as Partial<FastifyError>;
  if (known.validation) {
    const errors = fieldIssues(known.validation);
    return new HostProblem('INPUT_INVALID', errors.map(({ message }) => message).join(' '), { errors });
  }
  const translated = known.code === undefined ? undefined : byFrameworkCode[known.code];
  if (translated) return translated(known as FastifyError);
  if (known.statusCode !== undefined && known.statusCode >= 400 && known.statusCode < 500) {
    return new HostProblem('INPUT_INVALID', 'The call could not be read.');
  }
  // The reader of forms gives no code.
  if (/^multipart: boundary not found$|unexpected end of multipart data$/i.test(known.message ?? '')) {
    return new HostProblem(
      'INPUT_INVALID',
      'The form could not be read: it names no boundary, or ends before it is whole.',
      {
        remedy: 'Let your HTTP client make the form, and set its Content-Type.',
      },
    );
  }
  const trouble = troubleProblem(error);
  if (trouble) return trouble;
  return new HostProblem('INTERNAL', 'Something went wrong here; the log says what, under the id of this call.');
}

/** Sends a problem. */
export function sendProblem(reply: FastifyReply, problem: HostProblem): FastifyReply {
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type(PROBLEM).send(JSON.stringify(problem.toJSON()));
}

/** Makes a server answer every error as a problem. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    // Whoever sent it went away in the middle: that is no error of ours, and nobody reads an answer.
    if (request.raw.destroyed && !request.raw.complete) {
      request.log.info('A call ended before it was whole: its sender left');
      return reply.raw.destroy();
    }
    const problem = problemOf(error);
    if (problem.status >= 500) request.log.error({ err: error, code: problem.code }, 'A call failed');
    // Where the answer has begun there is nothing left to say.
    if (reply.raw.headersSent) return reply.raw.destroy();
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(
      reply,
      new HostProblem('NOT_FOUND', 'There is no such path.', { remedy: 'GET /openapi.json lists every call.' }),
    ),
  );
}
