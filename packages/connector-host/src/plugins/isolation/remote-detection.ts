import type { ConnectorContext, DetectedSystem } from 'connector-contract';
import type { Permit } from './messages.js';
import type { RunningConnector } from './running-connector.js';

interface Waiting {
  resolve(step: IteratorResult<DetectedSystem, undefined>): void;
  reject(error: unknown): void;
}

/**
 * The systems of a detection that runs in another process, fetched page by page: the next page is asked for when this one is used up,
 * so that a slow reader slows the connector down.
 */
export class RemoteDetection implements AsyncIterator<DetectedSystem, undefined> {
  readonly #call: number;
  #page: unknown[] = [];
  #done = false;
  #failed: { readonly error: unknown } | undefined;
  #waiting: Waiting | undefined;

  constructor(
    private readonly running: RunningConnector,
    { ctx, permits }: { readonly ctx: ConnectorContext; readonly permits: readonly Permit[] },
  ) {
    this.#call = running.begin(
      { method: 'detect', args: [], ctx, permits },
      {
        settle: (message) => {
          if (message.kind === 'systems') {
            this.#page = [...message.items];
            this.#done = message.done;
          } else this.#done = true;
          this.#serve();
        },
        fail: (error) => {
          this.#failed = { error };
          this.#serve();
        },
      },
    );
  }

  next(): Promise<IteratorResult<DetectedSystem, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#page.length > 0 || this.#done || this.#failed !== undefined) this.#serve();
      else this.running.more(this.#call);
    });
  }

  async return(): Promise<IteratorResult<DetectedSystem, undefined>> {
    if (!this.#done && this.#failed === undefined) this.running.enough(this.#call);
    this.#done = true;
    this.#page = [];
    return { done: true, value: undefined };
  }

  #serve(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    if (this.#page.length > 0) {
      // Shown as what the contract says; GuardedRunner judges what it is.
      waiting.resolve({ done: false, value: this.#page.shift() as DetectedSystem });
    } else if (this.#failed !== undefined) waiting.reject(this.#failed.error);
    else if (this.#done) waiting.resolve({ done: true, value: undefined });
    else {
      // An empty page that is not the last: ask again.
      this.#waiting = waiting;
      this.running.more(this.#call);
    }
  }
}
