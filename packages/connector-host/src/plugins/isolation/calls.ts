/** The calls that are under way in a connector's process, as the host sees them. */
import {
  authOf,
  type ConnectorContext,
  ConnectorFault,
  faultData,
  isConnectorFault,
  secretsOf,
} from 'connector-contract';
import { LONGEST_TIMER_MS } from '../../clock.js';
import { isFaultData } from '../answers.js';
import { connectorBug } from '../boundary.js';
import { NotPlainData, plainCopy } from '../plain-copy.js';
import { ORDINARY_SIZE } from './answer-size.js';
import { Excess } from './excess.js';
import { connectorCrashed } from './faults.js';
import type { FrameSize } from './frames.js';
import type { ProcessLimits } from './limits.js';
import type { Asked, FromConnector, Permit, Thrown, ToConnector } from './messages.js';

/** What a call may keep waiting for at a time: its turns and its sleeps. */
const mostAsks = 256;

/** Milliseconds after it was called off in which a call may still answer; the host does not wait so long. */
const forgetMs = 5_000;

/** One call, or one detection with all its pages. */
export interface Call {
  readonly method: string;
  readonly ctx: ConnectorContext | undefined;
  /** What it may reach. */
  readonly permits: readonly Permit[];
  /** Its answers, one after another. */
  settle(message: Extract<FromConnector, { kind: 'answer' | 'systems' }>): void;
  fail(error: unknown): void;
}

interface Entry extends Call {
  lines: number;
  mayAnswer: FrameSize;
  readonly asks: Map<number, AbortController>;
  readonly release: () => void;
}

/** Calls by their number. */
export class Calls {
  readonly #entries = new Map<number, Entry>();
  #last = 0;
  #asks = 0;

  /** @param send speaks to the process. */
  constructor(
    private readonly send: (message: ToConnector) => void,
    private readonly limits: Pick<ProcessLimits, 'lines' | 'asks'>,
  ) {}

  /** How many are under way. */
  get size(): number {
    return this.#entries.size;
  }

  /** What they may reach together. */
  *permits(): Iterable<Permit> {
    for (const { permits } of this.#entries.values()) yield* permits;
  }

  /** Takes a call in; it is called off with its context. */
  add(call: Call): number {
    this.#last += 1;
    const number = this.#last;
    const signal = call.ctx?.signal;
    const asks = new Map<number, AbortController>();
    let timer: NodeJS.Timeout | undefined;
    const calledOff = () => {
      const { reason } = signal ?? {};
      const fault = isConnectorFault(reason) ? reason : ConnectorFault.of('ABORTED', 'The host called the work off.');
      this.send({ kind: 'abort', call: number, fault: faultData(fault) });
      timer = setTimeout(() => this.#remove(number)?.fail(fault), forgetMs).unref();
    };
    const release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', calledOff);
      for (const ask of asks.values()) ask.abort();
    };
    this.#entries.set(number, { ...call, lines: 0, mayAnswer: ORDINARY_SIZE, asks, release });
    if (signal?.aborted === true) queueMicrotask(calledOff);
    else signal?.addEventListener('abort', calledOff, { once: true });
    return number;
  }

  /** Lets a call have an answer of this size. */
  expect(call: number, mayAnswer: FrameSize): void {
    const entry = this.#entries.get(call);
    if (entry !== undefined) entry.mayAnswer = mayAnswer;
  }

  /** How large a message may be now: which call it is about is known only when it is parsed. */
  largest(): FrameSize {
    let { bytes, parts } = ORDINARY_SIZE;
    for (const { mayAnswer } of this.#entries.values()) {
      bytes = Math.max(bytes, mayAnswer.bytes);
      parts = Math.max(parts, mayAnswer.parts);
    }
    return { bytes, parts };
  }

  /** Forgets a call that nobody waits for any more. */
  remove(call: number): void {
    this.#remove(call);
  }

  /**
   * Ends all of them: the process is gone.
   * @param excessive the call whose answer was too large, where it was ended for that: trying it again would end the process again.
   */
  failAll(why: string, excessive?: number): void {
    for (const number of [...this.#entries.keys()]) {
      const entry = this.#remove(number);
      entry?.fail(
        number === excessive
          ? connectorBug(entry.method, 'its answer is larger than one may be')
          : connectorCrashed(`The connector's process ${why} during ${entry.method}.`),
      );
    }
  }

  /**
   * Hands a message to the call it is about.
   * @returns whether there is such a call; what is about none came too late.
   * @throws Excess
   */
  hear(message: Extract<FromConnector, { call: number }>): boolean {
    const entry = this.#entries.get(message.call);
    if (entry !== undefined) this.#hear(entry, message);
    return entry !== undefined;
  }

  #hear(entry: Entry, message: Extract<FromConnector, { call: number }>): void {
    switch (message.kind) {
      case 'log':
        this.#write(entry, message);
        return;
      case 'ask':
        this.#ask(entry, message);
        return;
      case 'heard':
        entry.ctx?.clock.heard?.(message.time);
        return;
      case 'left':
        entry.ctx?.left?.(message.limit, message.requests, message.resetsAt);
        return;
      case 'unask':
        entry.asks.get(message.ask)?.abort();
        return;
      case 'systems':
        if (message.done) this.#remove(message.call);
        entry.settle(message);
        return;
      case 'answer':
        this.#remove(message.call);
        entry.settle(message);
        return;
      case 'fault':
        this.#remove(message.call);
        entry.fail(faultFrom(message.fault, entry.method));
        return;
      case 'not-plain':
        this.#remove(message.call);
        entry.fail(new NotPlainData(message.reason));
        return;
      case 'threw':
        this.#remove(message.call);
        entry.fail(thrownAgain(message.error));
        return;
    }
  }

  #remove(call: number): Entry | undefined {
    const entry = this.#entries.get(call);
    this.#entries.delete(call);
    entry?.release();
    return entry;
  }

  #write(entry: Entry, { level, message, fields }: Extract<FromConnector, { kind: 'log' }>): void {
    const { lines } = this.limits;
    entry.lines += 1;
    if (entry.lines > lines) return;
    if (entry.lines === lines) entry.ctx?.log.warn('The connector logs too much; the rest of this call is left out');
    else entry.ctx?.log[level](message, fields);
  }

  #ask(entry: Entry, { call, ask, what }: Extract<FromConnector, { kind: 'ask' }>): void {
    const { ctx, asks } = entry;
    if (asks.has(ask)) throw new Excess('asked for two things by one number');
    if (asks.size >= mostAsks || this.#asks >= this.limits.asks) {
      throw new Excess('waited for too many things at a time');
    }
    const controller = new AbortController();
    asks.set(ask, controller);
    this.#asks += 1;
    const work = async (): Promise<unknown> => {
      if (ctx === undefined) throw ConnectorFault.of('CONNECTOR_BUG', 'This call has nothing to wait for.');
      return carryOut(what, ctx, controller.signal);
    };
    const reply = (fault?: ConnectorFault, value?: unknown) => {
      asks.delete(ask);
      this.#asks -= 1;
      const now = ctx?.clock.now() ?? 0;
      const answer = fault === undefined ? { value } : { fault: faultData(fault) };
      this.send({ kind: 'reply', call, ask, now, ...answer });
    };
    work().then(
      (value) => reply(undefined, value),
      (error: unknown) =>
        reply(isConnectorFault(error) ? error : ConnectorFault.of('ABORTED', 'The host called the waiting off.')),
    );
  }
}

/** Does what a connector asks of the host. */
async function carryOut(what: Asked, ctx: ConnectorContext, calledOff: AbortSignal): Promise<unknown> {
  if ('limit' in what) return ctx.pace(what.limit);
  if ('get' in what) return secretsOf(ctx).get(what.get);
  if ('put' in what) return secretsOf(ctx).put(what.put, what.text, what.seen);
  if ('token' in what) return authOf(ctx).token(what.refused);
  const ms = Math.min(Math.max(what.ms, 0), LONGEST_TIMER_MS);
  return ctx.clock.sleep(ms, AbortSignal.any([calledOff, ctx.signal]));
}

/** A fault as the contract says, or the defect that it is none. */
function faultFrom(given: unknown, method: string): ConnectorFault {
  const data = plainCopy(given);
  return isFaultData(data)
    ? new ConnectorFault(data)
    : connectorBug(method, 'it threw a fault that is not as the contract says');
}

/** An error with the kind and the places of the one that was thrown over there. */
function thrownAgain({ name, stack }: Thrown): Error {
  const error = new Error('It was thrown in the process of the connector.');
  error.name = name;
  error.stack = stack;
  return error;
}
