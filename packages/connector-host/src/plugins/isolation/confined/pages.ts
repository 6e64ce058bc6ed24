const mostItems = 100;

/** What an iterator gave. */
export interface Page {
  readonly items: readonly unknown[];
  readonly done: boolean;
}

/** Collects what an async iterator yields into pages: what is there at once goes together, and nobody waits for a page to fill. */
export class Pages {
  /** The step that was asked for and is in no page yet: it stays here until a page takes it, however long nobody asks. */
  #pending: Promise<IteratorResult<unknown>> | undefined;

  constructor(private readonly iterator: AsyncIterator<unknown>) {}

  /**
   * The next page; empty only where it is the last.
   * @throws what the iterator throws, once all that came before it has been answered.
   */
  async next(): Promise<Page> {
    const items: unknown[] = [];
    let step: IteratorResult<unknown> | undefined = await this.#step();
    while (step !== undefined) {
      this.#pending = undefined;
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

  #step(): Promise<IteratorResult<unknown>> {
    this.#pending ??= this.iterator.next();
    // A failure that is not awaited yet must not count as unhandled.
    this.#pending.catch(() => undefined);
    return this.#pending;
  }

  /** The next step, if it is there before anything else happens; one that is late, or a failure, is left for the next page. */
  #soon(): Promise<IteratorResult<unknown> | undefined> {
    const turn = new Promise<undefined>((resolve) => {
      setImmediate(() => resolve(undefined));
    });
    return Promise.race([this.#step().catch(() => undefined), turn]);
  }
}
