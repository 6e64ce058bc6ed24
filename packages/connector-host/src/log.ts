import pino from 'pino';
import { StandardError } from './standard-error.js';

/** The host's structured log: pino's own logger. */
export type Logger = pino.Logger;

/** Keys whose values never reach the log, at the top of a line or one level down. */
const secretKeys = [
  'authorization',
  'token',
  'apiToken',
  'adminToken',
  'secret',
  'secrets',
  'password',
  'masterKey',
  'config',
  'identifiers',
  'email',
  'user_id',
  'value',
  'databaseUrl',
  'connectionString',
];

/** How a log is set up. */
export interface LogOptions {
  /** Least level that is written: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`. Default `info`. */
  readonly level?: string;
  /** Where the lines go. Default standard error, so that standard output stays free for answers. */
  readonly to?: pino.DestinationStream;
}

/** Makes a log that writes one line of JSON for each entry and blanks what must not be in it. */
export function openLog(options: LogOptions = {}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '•••' },
      serializers: { err: safeError },
    },
    options.to ?? standardError(),
  );
}

let ofProcess: StandardError | undefined;

function standardError(): StandardError {
  ofProcess ??= new StandardError();
  return ofProcess;
}

/** A failed query carries its parameters in its message, and so in its stack. */
const parameters = /\nparams: [\s\S]*?(?=\n {4}at |$)/;

/**
 * What may be told of an error: its name, message, code, cause and stack; never the other properties, which may hold queries or bodies,
 * nor the parameters of a query, nor a value that the database could not read.
 */
export function safeError(error: unknown): SafeError {
  if (!isErrorLike(error)) return { name: 'unknown', message: typeof error };
  const { name = 'Error', stack = '', cause, code } = error;
  const unreadable = typeof code === 'string' && /^22\w{3}$/.test(code);
  const message = unreadable ? 'The database could not read a value' : error.message.replace(parameters, '');
  return {
    name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: unreadable ? stack.slice(stack.search(/\n {4}at /)) : stack.replace(parameters, ''),
    ...(cause === undefined ? {} : { cause: safeError(cause) }),
  };
}

interface ErrorLike {
  readonly name?: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: unknown;
  readonly code?: unknown;
}

/** Also what a library made of an error by copying its properties. */
function isErrorLike(error: unknown): error is ErrorLike {
  return typeof error === 'object' && error !== null && typeof (error as { message?: unknown }).message === 'string';
}

/** An error as it may be told. */
export interface SafeError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: SafeError;
}
