/** Where the time comes from: milliseconds since 1970, as `Date.now()` gives them. */
export interface TimeSource {
  now(): number;
}

/**
 * The sandbox's own time. It runs with its source and can be moved ahead by hand; `speed` does not change it, only how
 * fast regulations age. So the dates in the answers agree with the clock of the client at any speed.
 */
export class SandboxClock implements TimeSource {
  private ahead = 0;

  constructor(
    private readonly source: TimeSource,
    /** How many milliseconds a regulation ages in one millisecond: 0 stands still, `Infinity` finishes at once. */
    readonly speed: number,
    /** Told of every move ahead. */
    private readonly moved: (ms: number) => void = () => undefined,
  ) {}

  now(): number {
    return this.source.now() + this.ahead;
  }

  /** Moves the time ahead by `ms` milliseconds: for regulations, retention, rate windows, the monthly quota and tokens. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0)
      throw new RangeError('advance: milliseconds must be zero or more; time never runs back');
    this.ahead += ms;
    this.moved(ms);
  }

  /** Takes up a move ahead that was made before this start. */
  restore(ms: number): void {
    this.ahead += ms;
  }

  /** How old (in milliseconds of a regulation's life) something created at `createdAt` is now. */
  ageOf(createdAt: number): number {
    if (this.speed === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
    return Math.max(0, this.now() - createdAt) * this.speed;
  }

  /** The moment at which something created at `createdAt` reaches `age`. */
  momentOf(createdAt: number, age: number): number {
    return this.speed === Number.POSITIVE_INFINITY ? createdAt : Math.round(createdAt + age / this.speed);
  }
}
