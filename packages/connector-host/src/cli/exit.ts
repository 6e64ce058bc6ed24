/** Exit codes of `connector-host`, the same for every command; `--help` lists them. */
export const ExitCode = {
  /** Done as asked. */
  ok: 0,
  /** Something unforeseen. */
  failure: 1,
  /** The command line, a file or a value is wrong. */
  usage: 2,
  /** The host cannot be reached, or does not accept the token. */
  unreachable: 3,
  /** The host said no: a blocked connection, a conflict, a role that may not. */
  refused: 4,
  /** It ran, but something ended in error: bad lines, people not erased. */
  incomplete: 5,
} as const;

/** One of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends a command with a message for the person at the terminal and an exit code. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    readonly remedy?: string,
    /** What `--json` prints in place of the message. */
    readonly data?: unknown,
  ) {
    super(message);
    this.name = 'CliError';
  }
}
