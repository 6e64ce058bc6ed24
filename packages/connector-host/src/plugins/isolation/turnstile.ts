/** Lets so many through at a time; the others wait in a row. */
export class Turnstile {
  #inside = 0;
  readonly #row: (() => void)[] = [];

  constructor(private readonly most: number) {}

  /**
   * Waits for a place.
   * @param withinMs how long to wait at most, in milliseconds.
   * @returns how to leave, to be called once; `undefined` where no place was free in time.
   */
  async enter(withinMs: number): Promise<(() => void) | undefined> {
    if (this.#inside < this.most) this.#inside += 1;
    else if (!(await this.#turn(withinMs))) return undefined;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      // A place goes straight to whoever waited longest: nobody can slip in between.
      const next = this.#row.shift();
      if (next === undefined) this.#inside -= 1;
      else next();
    };
  }

  #turn(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#row.splice(this.#row.indexOf(mine), 1);
        resolve(false);
      }, withinMs);
      const mine = () => {
        clearTimeout(timer);
        resolve(true);
      };
      this.#row.push(mine);
    });
  }
}
