/** Lines of one kind that a connector's process may add to the host's log: so many in a minute, then one that says how many more. */
export class LineBudget {
  #written = 0;
  #left = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param most lines in a minute, which begins with the first of them.
   * @param tell writes how many were left out.
   */
  constructor(
    private readonly most: number,
    private readonly tell: (left: number) => void,
  ) {}

  /** Whether one more line may be written; one that may not is counted. */
  take(): boolean {
    this.#timer ??= setTimeout(() => this.close(), 60_000).unref();
    if (this.#written >= this.most) {
      this.#left += 1;
      return false;
    }
    this.#written += 1;
    return true;
  }

  /** Ends the minute now, as at the end of the process. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#left > 0) this.tell(this.#left);
    this.#written = 0;
    this.#left = 0;
  }
}
