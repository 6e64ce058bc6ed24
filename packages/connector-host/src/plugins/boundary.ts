/**
 * One call across the boundary to a plugin: it gets copies, has a deadline, can be called off, and whatever it throws comes out as
 * a `ConnectorFault`.
 */
import { type Clock, type ConnectorContext, ConnectorFault, faultData, isConnectorFault } from 'connector-contract';
import { isFaultData, WrongShape } from './answers.js';
import { NotPlainData, plainCopy } from './plain-copy.js';
import type { Redact } from './redact.js';
import { StopWatch } from './stop-watch.js';

/** What a call is bound by. */
export interface CallTerms {
  /** Milliseconds of the plugin's own time; waiting in `ctx.pace` does not count. */
  readonly deadlineMs: number;
  /** Milliseconds a plugin has to come to an end by itself after it was called off. */
  readonly graceMs: number;
  readonly redact: Redact;
}

const reportIt = 'Report this to the author of the connector, with the log of the host.';

/** The calls of one piece of work, which share a context and are called off together. */
export class Boundary {
  readonly #controller = new AbortController();
  readonly #watches = new Set<StopWatch>();
  readonly #forward: () => void;
  #overdue = false;

  /** @param outer the host's context; absent for work that needs none. */
  constructor(
    private readonly terms: CallTerms,
    private readonly outer?: ConnectorContext,
  ) {
    this.#forward = () => this.#controller.abort(outer?.signal.reason);
    if (outer?.signal.aborted === true) this.#forward();
    else outer?.signal.addEventListener('abort', this.#forward, { once: true });
  }

  /** The context as the plugin gets it: copies of the data, and functions that cannot be used against the host. */
  context(): ConnectorContext {
    const { outer } = this;
    if (outer === undefined) throw new Error('This work has no context.');
    const clock: Clock = {
      now: () => outer.clock.now(),
      sleep: (ms, signal) => outer.clock.sleep(ms, signal ?? this.#controller.signal),
      heard: (time) => outer.clock.heard?.(time),
    };
    const { connection, secrets, auth } = outer;
    // What takes the host's time is none of the plugin's.
    const byHost = async <T>(work: () => Promise<T>): Promise<T> => {
      const resumes = [...this.#watches].map((watch) => watch.pause());
      try {
        return await work();
      } finally {
        for (const resume of resumes) resume();
      }
    };
    return {
      config: structuredClone(outer.config),
      facts: structuredClone(outer.facts),
      capabilities: [...outer.capabilities],
      allowedOrigins: [...outer.allowedOrigins],
      signal: this.#controller.signal,
      log: outer.log,
      clock,
      pace: (limit) => byHost(() => outer.pace(limit)),
      left: (limit, requests, resetsAt) => outer.left?.(limit, requests, resetsAt),
      ...(connection === undefined ? {} : { connection: { id: connection.id } }),
      ...(secrets === undefined
        ? {}
        : {
            secrets: {
              get: (name) => byHost(() => secrets.get(name)),
              put: (name, value, seen) => byHost(() => secrets.put(name, value, seen)),
            },
          }),
      ...(auth === undefined ? {} : { auth: { token: (refused) => byHost(() => auth.token(refused)) } }),
    };
  }

  /**
   * Makes one call.
   * @param read judges what the plugin answered and makes a copy of it; throws WrongShape or NotPlainData.
   * @throws ConnectorFault: the plugin's own; `ABORTED` and `TIMEOUT` where the host gave up; else `CONNECTOR_BUG`.
   */
  async run<T>(method: string, work: () => unknown, read: (answer: unknown) => T): Promise<T> {
    const { deadlineMs, graceMs } = this.terms;
    if (this.#controller.signal.aborted) throw this.#faultOf(method, undefined);
    const watch = new StopWatch(deadlineMs, () => {
      this.#overdue = true;
      this.#controller.abort(ConnectorFault.of('ABORTED', 'The host called the work off: it took too long.'));
    });
    this.#watches.add(watch);
    const answer = (async () => work())();
    const over = givenUp(this.#controller.signal, graceMs);
    try {
      return read(await Promise.race([answer, over.promise]));
    } catch (error) {
      throw this.#faultOf(method, error);
    } finally {
      watch.stop();
      over.stop();
      this.#watches.delete(watch);
      // Whatever comes later is nobody's business any more, and must not end the process as an unhandled rejection.
      answer.catch(() => undefined);
    }
  }

  /** Ends the work: what the plugin still does is called off. */
  close(): void {
    this.outer?.signal.removeEventListener('abort', this.#forward);
    if (!this.#controller.signal.aborted) this.#controller.abort(ConnectorFault.of('ABORTED', 'The work is over.'));
  }

  #faultOf(method: string, error: unknown): ConnectorFault {
    try {
      return this.#told(method, error);
    } catch {
      // A getter or a trap of it threw in its turn.
      return connectorBug(method, 'it threw something that cannot be read');
    }
  }

  #told(method: string, error: unknown): ConnectorFault {
    const { deadlineMs, redact } = this.terms;
    if (this.#controller.signal.aborted && (!isConnectorFault(error) || error.code === 'ABORTED')) {
      return this.#overdue
        ? ConnectorFault.of('TIMEOUT', `The connector did not come to an end with ${method} within ${deadlineMs} ms.`)
        : ConnectorFault.of('ABORTED', `The host called ${method} off before it was done.`);
    }
    if (isConnectorFault(error)) {
      const data: unknown = plainCopy(faultData(error));
      if (isFaultData(data))
        return new ConnectorFault({ ...data, message: redact(data.message), ...redactedRemedy(data, redact) });
      return connectorBug(method, 'it threw a fault that is not as the contract says');
    }
    if (error instanceof NotPlainData || error instanceof WrongShape)
      return connectorBug(method, redact(error.message));
    // A message may hold anything the plugin had in hand; its kind and its place in the code do not.
    this.outer?.log.error('The connector threw something that is not a fault', {
      method,
      error: kindOf(error),
      at: framesOf(error),
    });
    return connectorBug(method, `it threw a ${kindOf(error)}`);
  }
}

/** A defect of the plugin, as a fault. `what` goes on from "The connector failed in METHOD: ". */
export function connectorBug(method: string, what: string): ConnectorFault {
  return ConnectorFault.of('CONNECTOR_BUG', `The connector failed in ${method}: ${what}.`, { remedy: reportIt });
}

function redactedRemedy(data: { remedy?: string }, redact: Redact): { remedy?: string } {
  return data.remedy === undefined ? {} : { remedy: redact(data.remedy) };
}

function kindOf(error: unknown): string {
  const name = (error as { name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' && /^[A-Za-z]{1,60}$/.test(name) ? name : typeof error;
}

function framesOf(error: unknown): string {
  const stack = (error as { stack?: unknown } | null | undefined)?.stack;
  if (typeof stack !== 'string') return '';
  return stack
    .slice(0, 8_000)
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 6)
    .map((line) => line.trim())
    .join(' | ');
}

function givenUp(signal: AbortSignal, graceMs: number): { promise: Promise<never>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(new Error('The plugin did not come to an end by itself.')), graceMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  const stop = () => {
    clearTimeout(timer);
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  };
  return { promise, stop };
}
