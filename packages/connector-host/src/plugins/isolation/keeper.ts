/** Keeps a connector running: starts its process, starts it again after a failure, and knows when to leave it be. */
import type { ConnectorFault } from 'connector-contract';
import { connectorBusy, connectorCrashed } from './faults.js';
import { type RestartTerms, type Standing, standingOf } from './limits.js';
import { type ConnectorTerms, RunningConnector } from './running-connector.js';
import { Turnstile } from './turnstile.js';

/** What a keeper keeps, and when it starts it again. */
export interface KeeperTerms extends ConnectorTerms {
  readonly restarts: RestartTerms;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** One connector of this host. */
export class Keeper {
  readonly #turnstile: Turnstile;
  #failures: number[] = [];
  #lastWhy = '';
  #running: Promise<RunningConnector> | undefined;
  #present: RunningConnector | undefined;
  #closed = false;

  private constructor(private readonly terms: KeeperTerms) {
    this.#turnstile = new Turnstile(terms.limits.calls);
  }

  /**
   * Starts the connector for the first time.
   * @throws Refusal
   */
  static async open(terms: KeeperTerms): Promise<Keeper> {
    const keeper = new Keeper(terms);
    await keeper.#run();
    return keeper;
  }

  /** Whether it may be used, and why not. */
  standing(): Standing & { readonly why: string } {
    const { now, restarts } = this.terms;
    return { ...standingOf(this.#failures, now(), restarts), why: this.#lastWhy };
  }

  /**
   * Waits for a place among the calls, and for the process where it is down.
   * @param withinMs how long to wait at most.
   * @returns how to leave, to be called once.
   * @throws ConnectorFault `CONNECTOR_BUSY`, `CONNECTOR_CRASHED`: the connector was not called.
   */
  async enter(withinMs: number): Promise<() => void> {
    if (this.#closed) throw letGo();
    const leave = await this.#turnstile.enter(withinMs);
    if (leave === undefined) throw connectorBusy();
    try {
      await this.#up(withinMs);
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The process that runs; throws `CONNECTOR_CRASHED` where none does. */
  get running(): RunningConnector {
    if (this.#present === undefined) throw connectorCrashed(`The connector's process ${this.#lastWhy}.`);
    return this.#present;
  }

  /**
   * Takes no more calls and ends the process for good.
   * @param graceMs how long calls under way may take to come to an end.
   */
  async close(graceMs = 0): Promise<void> {
    this.#closed = true;
    // Whoever has all places is alone.
    const places = graceMs > 0 ? this.terms.limits.calls : 0;
    await Promise.all(Array.from({ length: places }, () => this.#turnstile.enter(graceMs)));
    const running = await this.#running?.catch(() => undefined);
    await running?.stop();
  }

  async #up(withinMs: number): Promise<void> {
    if (this.#present !== undefined) return;
    const standing = this.standing();
    if (this.#closed) throw letGo();
    if (this.#running === undefined && standing.state !== 'sound') {
      const waitMs = Math.max(0, standing.until - this.terms.now());
      throw connectorCrashed(`The connector's process ${this.#lastWhy}; it is started again later.`, waitMs);
    }
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const fault = connectorCrashed(`The connector's process ${this.#lastWhy} and is not up again yet.`, withinMs);
      timer = setTimeout(() => reject(fault), withinMs);
    });
    const up = this.#run().catch((error: unknown) => {
      throw connectorCrashed(
        `The connector could not be started again. ${error instanceof Error ? error.message : ''}`,
      );
    });
    await Promise.race([up, late]).finally(() => clearTimeout(timer));
  }

  #run(): Promise<RunningConnector> {
    this.#running ??= this.#start();
    return this.#running;
  }

  async #start(): Promise<RunningConnector> {
    const { log } = this.terms;
    try {
      const begun = performance.now();
      const running = await RunningConnector.start(this.terms);
      if (running.isGone) throw new Error('It ended as soon as it was up.');
      this.#present = running;
      void running.end.then((why) => {
        this.#present = undefined;
        this.#running = undefined;
        if (!this.#closed) this.#noteFailure(why);
      });
      log.debug(
        { process: running.pid, ms: Math.round(performance.now() - begun) },
        'The process of a connector is up',
      );
      return running;
    } catch (error) {
      this.#running = undefined;
      if (!this.#closed) this.#noteFailure('could not be started');
      throw error;
    }
  }

  #noteFailure(why: string): void {
    const { now, restarts, log } = this.terms;
    this.#lastWhy = why;
    this.#failures = [...this.#failures, now()].slice(-restarts.failures);
    log.error({ why, standing: this.standing().state }, 'The process of a connector ended');
  }
}

function letGo(): ConnectorFault {
  return connectorCrashed('The host has let go of the connector, or replaced it.');
}
