import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ProblemDetails } from '../problem.js';
import { CliError, ExitCode } from './exit.js';

/** Where the host is and who asks. */
export interface ClientOptions {
  readonly url: string;
  readonly token: string;
}

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

  /** The answer as text, for things that are not JSON. */
  async text(path: string): Promise<string> {
    const answer = await this.fetch('GET', path);
    if (!answer.ok) throw await problemOf(answer);
    return answer.text();
  }

  private async call<T>(method: string, path: string, body?: string | Readable, contentType?: string): Promise<T> {
    const answer = await this.fetch(method, path, body, contentType);
    if (!answer.ok) throw await problemOf(answer);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  private async fetch(method: string, path: string, body?: string | Readable, contentType?: string): Promise<Response> {
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers: {
        authorization: `Bearer ${this.options.token}`,
        accept: 'application/json, application/problem+json',
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
    };
    if (body !== undefined) {
      init.body = body as NonNullable<RequestInit['body']>;
      init.duplex = 'half';
    }
    try {
      return await fetch(new URL(path, this.options.url), init);
    } catch {
      throw new CliError(
        `No host answers at ${this.options.url}.`,
        ExitCode.unreachable,
        'Start one with "connector-host serve", or name another with --url or CONNECTOR_HOST_URL.',
      );
    }
  }
}

async function problemOf(answer: Response): Promise<CliError> {
  // Something else than a host may stand at the address: nothing about the body is certain.
  const problem = (await answer.json().catch(() => ({}))) as Partial<ProblemDetails>;
  const fields = (problem.errors ?? []).map(({ field, message, remedy }) =>
    [field === undefined ? `  ${message}` : `  ${field}: ${message}`, remedy].filter(Boolean).join(' '),
  );
  const message = [problem.detail ?? problem.title ?? `The host answered ${answer.status}.`, ...fields].join('\n');
  const exitCode =
    answer.status === 401
      ? ExitCode.unreachable
      : answer.status === 400
        ? ExitCode.usage
        : answer.status >= 500
          ? ExitCode.failure
          : ExitCode.refused;
  return new CliError(message, exitCode, problem.remedy, problem);
}

/** A client from flags and environment: a token is taken from a file or the environment, never from the command line, which other users can read. */
export function clientFrom(
  flags: { readonly url?: string; readonly tokenFile?: string },
  environment: NodeJS.ProcessEnv = process.env,
): HostClient {
  const url = flags.url ?? environment['CONNECTOR_HOST_URL'] ?? 'http://127.0.0.1:4600';
  if (!URL.canParse(url))
    throw new CliError(`--url: "${url}" is not a URL.`, ExitCode.usage, 'Write it as http://127.0.0.1:4600.');
  const token =
    flags.tokenFile === undefined ? environment['CONNECTOR_HOST_TOKEN'] : readText('--token-file', flags.tokenFile);
  if (token === undefined || token === '') {
    throw new CliError(
      'No access token.',
      ExitCode.usage,
      'Set CONNECTOR_HOST_TOKEN, or put the token in a file and name it with --token-file. "connector-host serve" prints the first one.',
    );
  }
  return new HostClient({ url, token });
}

/** The text of a file without the line break at its end; an error names the option that named the file. */
export function readText(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new CliError(
      `${option}: cannot read ${path} (${reason}).`,
      ExitCode.usage,
      'Name a file that exists and that you may read.',
    );
  }
}
