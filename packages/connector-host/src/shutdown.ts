import type { Logger } from './log.js';

const usualGraceMs = 20_000;
/** How the process ends after an error that nothing caught (EX_SOFTWARE of sysexits). */
const uncaughtCode = 70;

/** Undoes what was begun, the last first; what fails on the way does not stop the rest. */
export class Undo {
  private readonly steps: { readonly name: string; readonly step: (graceMs: number) => Promise<unknown> }[] = [];

  constructor(private readonly log: Logger) {}

  /** Remembers how to undo one thing. */
  later(name: string, step: (graceMs: number) => Promise<unknown>): void {
    this.steps.push({ name, step });
  }

  /** Undoes all that was remembered, once. */
  async run(graceMs: number): Promise<void> {
    for (const { name, step } of this.steps.splice(0).reverse()) {
      await step(graceMs).catch((error: unknown) => this.log.error({ err: error, part: name }, 'A part did not close'));
    }
  }
}

/** A `close` that may be called twice. */
export function closing(undo: Undo): (graceMs?: number) => Promise<void> {
  let closed: Promise<void> | undefined;
  return (graceMs = usualGraceMs) => {
    closed ??= undo.run(graceMs);
    return closed;
  };
}

/**
 * Has a host look again at its connectors when the process is sent `SIGUSR2`, where the system has that signal.
 * @param done is called each time they are in use.
 */
export function reloadOnSignal(host: { readonly log: Logger; reload(): Promise<void> }, done: () => void): void {
  if (process.platform === 'win32') return;
  process.on('SIGUSR2', () => {
    host.log.info('Looking again at the connectors');
    host.reload().then(
      () => {
        host.log.info('The connectors that are installed now are in use');
        done();
      },
      (error: unknown) => host.log.error({ err: error }, 'The connectors could not be looked at again'),
    );
  });
}

/** What tells a process to stop; the last comes where its terminal is closed. */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Closes a host when the process is told to stop, and ends the process. A second signal ends it at once; so does the deadline.
 * An error that nothing caught closes it in the same way, with code 70: what is begun comes to its end, and a supervisor starts it anew.
 * @param graceMs how long running work may take.
 */
export function closeOnSignals(
  host: { readonly log: Logger; close(graceMs?: number): Promise<void> },
  graceMs = usualGraceMs,
): void {
  let stopping = false;
  const stop = (code: number) => {
    stopping = true;
    // Above the grace time itself: closing what is left takes a moment, too.
    setTimeout(() => process.exit(Math.max(1, code)), graceMs + 10_000).unref();
    void host.close(graceMs).then(() => process.exit(code));
  };
  const told = (signal: NodeJS.Signals) => {
    // A terminal that is closed may say so more than once, directly and by whoever started the process.
    if (stopping && signal === 'SIGHUP') return;
    if (stopping) process.exit(1);
    host.log.info({ signal }, 'Stopping');
    stop(0);
  };
  for (const signal of signals) process.on(signal, told);
  // Of a rejection that nobody handled, too.
  process.on('uncaughtException', (error, origin) => {
    host.log.fatal({ err: error, origin }, 'An error that nothing caught: the host finishes what is begun and ends');
    if (!stopping) stop(uncaughtCode);
  });
}
