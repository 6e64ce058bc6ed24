/** Counts down the time a plugin has for itself; stands still while the plugin waits for its turn. */
export class StopWatch {
  #left: number;
  #since = 0;
  #pauses = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  /** Starts at once. `ring` is called when `ms` milliseconds have run. */
  constructor(
    ms: number,
    private readonly ring: () => void,
  ) {
    this.#left = ms;
    this.#go();
  }

  /** Stands still until the function that is answered is called; pauses may overlap. */
  pause(): () => void {
    this.#pauses += 1;
    if (this.#pauses === 1) {
      clearTimeout(this.#timer);
      this.#left = Math.max(0, this.#left - (performance.now() - this.#since));
    }
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#pauses -= 1;
      if (this.#pauses === 0 && !this.#stopped) this.#go();
    };
  }

  /** Ends the count: it will not ring any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #go(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.ring, this.#left);
  }
}
