import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { FieldIssue } from 'connector-contract';
import { given } from '../given.js';
import type { ProblemDetails } from '../problem.js';
import { CliError, ExitCode } from './exit.js';

/** Where the host is and who asks. */
export interface ClientOptions {
  readonly url: string;
  readonly token: string;
}

type Body = string | Readable | FormData;

/** The host's HTTP API as the commands use it: JSON in and out, problems as {@link CliError}. */
export class HostClient {
  constructor(private readonly options: ClientOptions) {}

  get<T>(path: string): Promise<T> {
    return this.call<T>('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('POST', path, JSON.stringify(body), 'application/json');
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.call<T>('PATCH', path, JSON.stringify(body), 'application/json');
  }

  delete<T>(path: string): Promise<T> {
    return this.call<T>('DELETE', path);
  }

  /** Streams a body of any size; the host reads as fast as it stores. */
  upload<T>(path: string, body: Readable, contentType: string): Promise<T> {
    return this.call<T>('POST', path, body, contentType);
  }

  /** Sends a file, as a form. */
  sendFile<T>(path: string, file: File): Promise<T> {
    const form = new FormData();
    form.append('file', file);
    return this.call<T>('POST', path, form);
  }

  /** The answer as text, for things that are not JSON. */
  async text(path: string): Promise<string> {
    const answer = await this.fetch('GET', path);
    if (!answer.ok) throw await problemOf(answer);
    return answer.text();
  }

  /** The answer as it arrives, for files of any size. */
  async stream(path: string): Promise<ReadableStream<Uint8Array>> {
    const answer = await this.fetch('GET', path);
    if (!answer.ok || answer.body === null) throw await problemOf(answer);
    return answer.body;
  }

  private async call<T>(method: string, path: string, body?: Body, contentType?: string): Promise<T> {
    const answer = await this.fetch(method, path, body, contentType);
    if (!answer.ok) throw await problemOf(answer);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  private async fetch(method: string, path: string, body?: Body, contentType?: string): Promise<Response> {
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      // Token and people go to the address that was given: no host leads elsewhere.
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${this.options.token}`,
        accept: 'application/json, application/problem+json',
        ...given({ 'content-type': contentType }),
      },
    };
    if (body !== undefined) {
      init.body = body as NonNullable<RequestInit['body']>;
      init.duplex = 'half';
    }
    // The host may stand under a path of its address: what is called stands below it, never beside it.
    const answer = await fetch(this.options.url.replace(/\/$/, '') + path, init).catch((error: unknown) => {
      throw unreached(this.options.url, error);
    });
    const elsewhere = answer.status >= 300 && answer.status < 400;
    if (!elsewhere && isOfHost(answer)) return answer;
    await answer.body?.cancel();
    if (!elsewhere) throw noHost(this.options.url, answer.status);
    throw new CliError(
      `${this.options.url} leads elsewhere (${answer.status}), and nothing is sent there.`,
      ExitCode.unreachable,
      'Name the address of the host itself with --url or CONNECTOR_HOST_URL.',
    );
  }
}

/** Whether a host answered: of every call that it reads it names the id, and what it does not read is answered as a problem. */
function isOfHost({ headers }: Response): boolean {
  return headers.has('x-request-id') || headers.get('content-type')?.startsWith('application/problem+json') === true;
}

function noHost(url: string, status: number): CliError {
  return new CliError(
    `What answers at ${url} (${status}) is no connector host.`,
    ExitCode.unreachable,
    'Name the address of the host with --url or CONNECTOR_HOST_URL. Where a proxy stands in front of it, see whether the host behind it runs.',
  );
}

/** How OpenSSL and Node.js begin the codes of a certificate that they do not trust. */
const untrusted = /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/;

/** Why a call came to no answer: the cause says more than the "fetch failed" above it. */
function unreached(url: string, error: unknown): CliError {
  const { code, found } = causeOf(error);
  // What the call was to send could not be read.
  if (found !== undefined) return found;
  if (code !== undefined && untrusted.test(code)) {
    return new CliError(
      `The certificate of ${url} is not trusted (${code}).`,
      ExitCode.unreachable,
      'Name a file with the certificate of the authority that issued it in NODE_EXTRA_CA_CERTS, and call the host by a name that its certificate holds.',
    );
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return new CliError(`${url} does not speak TLS.`, ExitCode.unreachable, 'Write http:// where the host has no TLS.');
  }
  return new CliError(
    `No host answers at ${url}${code === undefined ? '' : ` (${code})`}.`,
    ExitCode.unreachable,
    'Start one with "connector-host serve", or name another with --url or CONNECTOR_HOST_URL.',
  );
}

function causeOf(error: unknown): { readonly code?: string; readonly found?: CliError } {
  let code: string | undefined;
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one instanceof CliError) return { found: one };
    const own = (one as NodeJS.ErrnoException).code;
    if (own !== undefined) code = own;
  }
  return code === undefined ? {} : { code };
}

/** Most messages begin with the field. */
function named({ field, message }: FieldIssue): string {
  return field === undefined || message.startsWith(field) ? message : `${field}: ${message}`;
}

async function problemOf(answer: Response): Promise<CliError> {
  const problem = (await answer.json().catch(() => ({}))) as Partial<ProblemDetails>;
  const { detail = problem.title ?? `The host answered ${answer.status}.`, errors = [] } = problem;
  // What is wrong with one field alone is what `detail` says; of several, it says all that they do where none has a remedy.
  const [only] = errors.length === 1 && errors[0]?.message === detail ? errors : [];
  const told =
    only !== undefined || errors.every(({ message, remedy }) => remedy === undefined && detail.includes(message));
  const fields = told ? [] : errors.map((one) => `  ${[named(one), one.remedy].filter(Boolean).join(' ')}`);
  const message = [only === undefined ? detail : named(only), ...fields].join('\n');
  const exitCode =
    answer.status === 401
      ? ExitCode.unreachable
      : answer.status === 400
        ? ExitCode.usage
        : answer.status >= 500
          ? ExitCode.failure
          : ExitCode.refused;
  return new CliError(message, exitCode, problem.remedy ?? only?.remedy, problem);
}

/** A client from flags and environment: a token is taken from a file or the environment, never from the command line, which other users can read. */
export function clientFrom(
  flags: { readonly url?: string; readonly tokenFile?: string },
  environment: NodeJS.ProcessEnv = process.env,
): HostClient {
  const named = flags.url === undefined ? 'CONNECTOR_HOST_URL' : '--url';
  const url = urlOf(named, flags.url ?? environment['CONNECTOR_HOST_URL'] ?? 'http://127.0.0.1:4600');
  const source = flags.tokenFile === undefined ? 'CONNECTOR_HOST_TOKEN' : '--token-file';
  const token =
    flags.tokenFile === undefined ? environment['CONNECTOR_HOST_TOKEN'] : readText('--token-file', flags.tokenFile);
  if (token === undefined || token === '') {
    throw new CliError(
      'No access token.',
      ExitCode.usage,
      'Set CONNECTOR_HOST_TOKEN, or put the token in a file and name it with --token-file. "connector-host serve" prints the first one.',
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CliError(
      `${source}: this is not an access token, which is a single line of visible ASCII characters.`,
      ExitCode.usage,
      'Give the token alone, as it was shown, without blanks around it.',
    );
  }
  return new HostClient({ url, token });
}

/** An address may hold a password: where it is refused it is not repeated. */
function urlOf(named: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const remedy = 'Write it as http://127.0.0.1:4600.';
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new CliError(`${named} is not an http:// or https:// URL.`, ExitCode.usage, remedy);
  if (url.username !== '' || url.password !== '') {
    throw new CliError(
      `${named} holds a user name or a password, which the host does not ask for.`,
      ExitCode.usage,
      `${remedy} The access token goes into CONNECTOR_HOST_TOKEN or a --token-file.`,
    );
  }
  return text;
}

/** The text of a file without the line break at its end; an error names the option that named the file. */
export function readText(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw unreadable(option, path, error as NodeJS.ErrnoException);
  }
}

/** Says that the file which an option names cannot be read. */
export function unreadable(option: string, path: string, { code = 'unreadable' }: NodeJS.ErrnoException): CliError {
  const remedy = 'Name a file that exists and that you may read.';
  return new CliError(`${option}: cannot read ${path} (${code}).`, ExitCode.usage, remedy);
}
