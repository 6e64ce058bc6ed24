/**
 * Gathers what comes while something else is stored, and stores it together: nobody waits for company, and a hundred that come at once
 * take one commit.
 */
/** Most that are stored together: what waits for a commit is in memory. */
const MOST = 500;

interface Waiting<Wish, Done> {
  readonly wish: Wish;
  /** Its group failed on what one of it held: it is stored by itself. */
  readonly alone?: true;
  resolve(done: Done): void;
  reject(error: unknown): void;
}

/** Stores wishes in groups, each with distinct ids. */
export class Gathering<Wish extends { readonly id: string }, Done> {
  private waiting: Waiting<Wish, Done>[] = [];
  private busy = false;
  private called = false;

  /**
   * @param store stores a group, all or none of it, and answers what became of each; a wish that is refused has an error of its own.
   * @param isOfOne whether what a group failed on is the doing of one of it.
   */
  constructor(
    private readonly store: (group: readonly Wish[]) => Promise<readonly (Done | Error)[]>,
    private readonly isOfOne: (error: unknown) => boolean,
  ) {}

  /** Answers once the wish is stored. Throws what storing it throws. */
  add(wish: Wish): Promise<Done> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ wish, resolve, reject });
      this.call();
    });
  }

  /** Begins the next group once the calls are read that came in the same moment: they join it. */
  private call(): void {
    if (this.called) return;
    this.called = true;
    setImmediate(() => {
      this.called = false;
      this.go();
    });
  }

  private go(): void {
    const group = this.busy ? [] : this.next();
    if (group.length === 0) return;
    // One at a time: the log of audits lets no other commit meanwhile, and two would share out the callers among more commits.
    this.busy = true;
    void this.run(group).finally(() => {
      this.busy = false;
      // Whoever is answered now may have sent the next by then.
      this.call();
    });
  }

  /** Whoever comes under the id of another waits for what becomes of that one. */
  private next(): readonly Waiting<Wish, Done>[] {
    const group: Waiting<Wish, Done>[] = [];
    const ids = new Set<string>();
    const left: Waiting<Wish, Done>[] = [];
    for (const one of this.waiting) {
      const full = group.length === MOST || group[0]?.alone === true || (one.alone === true && group.length > 0);
      if (full || ids.has(one.wish.id)) left.push(one);
      else {
        group.push(one);
        ids.add(one.wish.id);
      }
    }
    this.waiting = left;
    return group;
  }

  private async run(group: readonly Waiting<Wish, Done>[]): Promise<void> {
    try {
      const results = await this.store(group.map(({ wish }) => wish));
      group.forEach(({ resolve, reject }, at) => {
        const result = results[at] as Done | Error;
        if (result instanceof Error) reject(result);
        else resolve(result);
      });
    } catch (error) {
      if (group.length > 1 && this.isOfOne(error)) {
        this.waiting.unshift(...group.map((one) => ({ ...one, alone: true as const })));
      } else for (const { reject } of group) reject(error);
    }
  }
}
