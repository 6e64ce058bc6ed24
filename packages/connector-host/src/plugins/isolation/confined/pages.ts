const mostItems = 100;

/** What an iterator gave. */
export interface Page {
  readonly items: readonly unknown[];
  readonly done: boolean;
}

/** Collects what an async iterator yields into pages: what is there at once goes together, and nobody waits for a page to fill. */
export class Pages {
  #pending: Promise<IteratorResult<unknown>> | undefined;

  constructor(private readonly iterator: AsyncIterator<unknown>) {}

  /**
   * The next page; empty only where it is the last.
   * @throws what the iterator throws, once all that came before it has been answered.
   */
  async next(): Promise<Page> {
    const items: unknown[] = [];
    let step: IteratorResult<unknown> | undefined = await this.#take();
    while (step !== undefined) {
      if (step.done === true) return { items, done: true };
      items.push(step.value);
      if (items.length >= mostItems) break;
      step = await this.#soon();
    }
    return { items, done: false };
  }

  /** Lets the iterator end. */
  close(): void {
    const ending = (async () => this.iterator.return?.())();
    ending.catch(() => undefined);
  }

  async #take(): Promise<IteratorResult<unknown>> {
    this.#pending ??= this.iterator.next();
    const step = this.#pending;
    // A failure that is not awaited yet must not count as unhandled.
    step.catch(() => undefined);
    const result = await step;
    this.#pending = undefined;
    return result;
  }

  /** The next step, if it is there before anything else happens; a failure is left for the next page. */
  async #soon(): Promise<IteratorResult<unknown> | undefined> {
    const turn = new Promise<undefined>((resolve) => {
      setImmediate(() => resolve(undefined));
    });
    const step = this.#take().catch(() => undefined);
    return Promise.race([step, turn]);
  }
}
