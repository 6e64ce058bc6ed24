/** A connector that is loaded in a process of its own, for as long as that process lives. */
import type { ConnectorContext, ConnectorManifest } from 'connector-contract';
import { IMPORT_GRACE_MS, importLimitOf, Refusal, type RefusalCode, refusalCodes } from 'connector-contract/loading';
import type { Logger } from '../../log.js';
import { largestAnswer } from './answer-size.js';
import { type Call, Calls } from './calls.js';
import { ConnectorProcess, type ProcessListener } from './connector-process.js';
import { Excess } from './excess.js';
import { connectorCrashed } from './faults.js';
import { type FrameSize, sizeOf } from './frames.js';
import type { LaunchTerms } from './launch.js';
import { LineBudget } from './line-budget.js';
import {
  BEGIN_WITHIN_MS,
  type ContextData,
  type FromConnector,
  type Method,
  type Permit,
  steadyNow,
} from './messages.js';

/** What is loaded, and on which terms. */
export interface ConnectorTerms extends LaunchTerms {
  readonly manifest: ConnectorManifest;
  /** File URL of the module. */
  readonly entry: string;
  /** Milliseconds that import and binding may take together, at least; longer where the process itself was slow to come up. */
  readonly loadMs: number;
  /** Whether it is rehearsed once it is bound. */
  readonly rehearse?: boolean;
  readonly log: Logger;
}

/** So much later than it should rings a timer of a host that was stopped, or had no turn on a busy machine, in milliseconds. */
const STOOD_STILL_MS = 500;

type Step = 'up' | 'bound' | 'loaded';

/** A step of its start that is waited for. */
interface Loading {
  readonly step: Step;
  reached(): void;
  failed(error: Refusal): void;
}

/** One call as it is sent. */
export interface CallTo {
  readonly method: Method;
  readonly args: readonly unknown[];
  readonly ctx?: ConnectorContext;
  readonly permits: readonly Permit[];
}

/** How a call's answers are taken. */
export type Answers = Pick<Call, 'settle' | 'fail'>;

/** A process with its connector. */
export class RunningConnector implements ProcessListener {
  readonly #process: ConnectorProcess;
  readonly #calls: Calls;
  readonly #egress: LineBudget;
  readonly #strays: LineBudget;
  readonly #unawaited: LineBudget;
  /** Resolves with the reason when the process has ended. */
  readonly end: Promise<string>;
  #tellEnd: (why: string) => void = () => undefined;
  #loading: Loading | undefined;
  #rehearsed: Promise<void> | undefined;
  /** What a step of its start may take, before it counts as one that lets nothing else run. */
  #patienceMs = 0;
  #gone: string | undefined;
  /** The call whose answer was too large. */
  #excessive: number | undefined;

  private constructor(private readonly terms: ConnectorTerms) {
    this.end = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
    const { log, limits } = terms;
    this.#egress = new LineBudget(limits.strayLines, (left) =>
      log.warn({ left }, 'The connector tried more often to reach places that it may not; these times are left out'),
    );
    this.#strays = new LineBudget(limits.strayLines, (left) =>
      log.error({ left }, 'The connector failed more often outside of any call; these times are left out'),
    );
    this.#unawaited = new LineBudget(limits.strayMessages, () => undefined);
    this.#process = new ConnectorProcess(terms, this, log);
    const calls = new Calls((message) => void this.#process.send(message), limits);
    terms.enclosure?.door.leadBy(() => calls.permits());
    this.#calls = calls;
  }

  /**
   * Starts a process and loads the connector there.
   * @throws Refusal; the process is gone then.
   */
  static async start(terms: ConnectorTerms): Promise<RunningConnector> {
    const running = RunningConnector.#begin(terms);
    try {
      await running.#load();
      return running;
    } catch (error) {
      await running.stop();
      throw error;
    }
  }

  static #begin(terms: ConnectorTerms): RunningConnector {
    try {
      return new RunningConnector(terms);
    } catch (error) {
      // Some errors of the system are thrown by Node, others are told to the listener.
      const { code = 'unknown' } = error as NodeJS.ErrnoException;
      throw new Refusal('PROCESS_ENDED', `Its process could not be started (${code}).`);
    }
  }

  /** Whether it has ended. */
  get isGone(): boolean {
    return this.#gone !== undefined;
  }

  /** The id of its process, while it runs. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Begins a call; answers its number. */
  begin({ method, args, ctx, permits }: CallTo, answers: Answers): number {
    if (this.#gone !== undefined) throw connectorCrashed(`The connector's process ${this.#gone} before ${method}.`);
    const call = this.#calls.add({ method, ctx, permits, ...answers });
    this.terms.enclosure?.door.closeOthers();
    const sent = this.#process.send({
      kind: 'call',
      call,
      method,
      args,
      permits,
      ...(ctx === undefined ? {} : { context: dataOf(ctx) }),
      beginBy: steadyNow() + BEGIN_WITHIN_MS,
      now: ctx?.clock.now() ?? 0,
    });
    if (sent !== undefined) this.#calls.expect(call, largestAnswer(sizeOf(sent)));
    return call;
  }

  /** Asks for the next systems of a detection. */
  more(call: number): void {
    this.#process.send({ kind: 'more', call });
  }

  /** Ends a detection. */
  enough(call: number): void {
    this.#process.send({ kind: 'enough', call });
    this.#calls.remove(call);
  }

  /** Ends the process. */
  stop(): Promise<void> {
    return this.#process.stop();
  }

  busy(): boolean {
    return this.#calls.size > 0;
  }

  message(message: FromConnector): void {
    const { log } = this.terms;
    switch (message.kind) {
      case 'up':
        this.#awaited('up').reached();
        return;
      case 'bound':
        this.#awaited('bound').reached();
        this.#rehearsed = this.#step(
          this.#patienceMs,
          'IMPORT_TIMEOUT',
          'The connector was imported, and then one of its calls let nothing else run.',
          'loaded',
        );
        return;
      case 'loaded':
        this.#awaited('loaded').reached();
        return;
      case 'refused':
        this.#awaited(this.#rehearsed === undefined ? 'bound' : 'loaded').failed(
          refusalFrom(message.code, message.reason),
        );
        return;
      case 'egress':
        this.#noteUnawaited();
        if (!this.#egress.take()) return;
        log.warn({ to: message.to.slice(0, 260) }, 'The connector tried to reach a place that it may not');
        return;
      case 'stray':
        this.#noteUnawaited();
        if (!this.#strays.take()) return;
        log.error(
          { error: message.error.name.slice(0, 60), at: message.error.stack.slice(0, 2_000) },
          message.fatal ? 'The connector threw outside of any call' : 'The connector left a rejection unhandled',
        );
        return;
      case 'pong':
        return;
      default:
        if (!this.#calls.hear(message)) this.#noteUnawaited();
    }
  }

  largest(): FrameSize {
    return this.#calls.largest();
  }

  exceeded(call: number): void {
    this.#excessive = call;
  }

  ended(why: string): void {
    this.#gone = why;
    this.#egress.close();
    this.#strays.close();
    this.#unawaited.close();
    this.#loading?.failed(new Refusal('PROCESS_ENDED', `While it was being loaded, its process ${why}.`));
    this.#calls.failAll(why, this.#excessive);
    this.#tellEnd(why);
  }

  /** What waits for this step of its start; a step is made once. */
  #awaited(step: Step): Loading {
    if (this.#loading?.step !== step) throw new Excess('said twice, or too soon, how far it is');
    return this.#loading;
  }

  #noteUnawaited(): void {
    if (!this.#unawaited.take()) throw new Excess('said without end what nobody waits for');
  }

  async #load(): Promise<void> {
    const { manifest, entry, rehearse = false, limits } = this.terms;
    const began = steadyNow();
    await this.#step(limits.startMs, 'PROCESS_ENDED', `Its process was not up within ${limits.startMs} ms.`, 'up');
    const loadMs = Math.round(importLimitOf(this.terms.loadMs, steadyNow() - began));
    // Import and binding are timed over there, together; this is for code that lets nothing else run.
    this.#patienceMs = loadMs + IMPORT_GRACE_MS;
    const bound = this.#step(
      this.#patienceMs,
      'IMPORT_TIMEOUT',
      `Importing the connector did not end within ${loadMs} ms, and let nothing else run.`,
      'bound',
    );
    this.#process.send({ kind: 'load', entry, manifest, timeoutMs: loadMs, rehearse });
    await bound;
    await this.#rehearsed;
  }

  #step(ms: number, code: RefusalCode, reason: string, until: Step): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#loading = undefined;
      };
      const reached = () => {
        done();
        resolve();
      };
      const failed = (error: Refusal) => {
        done();
        reject(error);
      };
      let timer: NodeJS.Timeout;
      const wait = () => {
        const due = steadyNow() + ms;
        timer = setTimeout(() => {
          // The host itself stood still: what was said meanwhile has yet to be heard.
          if (steadyNow() > due + STOOD_STILL_MS) return wait();
          failed(new Refusal(code, reason));
          this.#process.kill('was stopped by the host');
        }, ms);
      };
      wait();
      this.#loading = { step: until, reached, failed };
    });
  }
}

function dataOf({ connection, config, facts, capabilities, allowedOrigins, auth }: ConnectorContext): ContextData {
  const data = { config, facts, capabilities, allowedOrigins, tokens: auth !== undefined };
  return connection === undefined ? data : { ...data, connection };
}

function refusalFrom(code: string, reason: string): Refusal {
  const known = Object.hasOwn(refusalCodes, code) ? (code as RefusalCode) : 'IMPORT_FAILED';
  return new Refusal(known, reason.slice(0, 1_000));
}
