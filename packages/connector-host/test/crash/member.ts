/** A process of the host under a supervisor that starts it again whenever it ends, as systemd or a container runtime does. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Program, type ReadyLine, RunningProcess } from './running-process.js';

/** Of a process that the supervisor gave up. */
export class NeverReady extends Error {}

/** A supervised process. */
export class Member {
  /** How often it was killed. */
  kills = 0;
  /** Ends that nobody asked for: it should have none. */
  readonly diedByItself: string[] = [];
  private current: RunningProcess;
  private wanted = true;
  private killing = false;
  private readonly watching: Promise<void>;

  constructor(
    private readonly program: Program,
    /** How long the supervisor waits before it starts the process again, in milliseconds. */
    private readonly restartAfter: () => number,
    /** Whether it may end before it is ready: what it needs is not there just now. */
    private readonly mayFailToStart: () => boolean,
  ) {
    this.current = RunningProcess.start(program);
    this.watching = this.watch();
  }

  get name(): string {
    return this.program.name;
  }

  /** Where its API is, once it is ready. */
  async url(): Promise<string> {
    return String((await this.ready())['url']);
  }

  /** The ready line of the process that runs now, or of the next where this one is killed meanwhile. */
  async ready(): Promise<ReadyLine> {
    for (;;) {
      const { current } = this;
      const line = await current.ready.catch(() => undefined);
      if (line !== undefined && current.running) return line;
      // The supervisor has not started the next one yet, or has given up.
      while (this.current === current && this.wanted) await pause(20);
      if (!this.wanted) throw new NeverReady(`${this.name} does not run any more`);
    }
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    if (!this.current.running) return;
    this.killing = true;
    this.kills += 1;
    await this.current.kill();
  }

  /** Lets it stand still (SIGSTOP), or go on (SIGCONT). */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.current.running) this.current.signal(name);
  }

  /** Asks it to end in order, and does not start it again. Answers its exit code. */
  async stop(): Promise<number | string> {
    this.wanted = false;
    // Killed just now, and not started again yet: there is nothing to end.
    const code = this.current.running ? await this.current.stop() : 0;
    await this.watching;
    return code;
  }

  /** Ends it for good, at once. */
  async abandon(): Promise<void> {
    this.wanted = false;
    await this.current.kill();
    await this.watching;
  }

  private async watch(): Promise<void> {
    for (;;) {
      const code = await this.current.ended;
      if (!this.wanted) return;
      const started = await this.current.ready.then(
        () => true,
        () => false,
      );
      const failed = !started && !this.killing;
      if (!this.killing && (started || !this.mayFailToStart()))
        this.diedByItself.push(`${this.name} ended by itself with ${code}`);
      if (this.diedByItself.length > 5) this.wanted = false;
      this.killing = false;
      // What did not even come up is left alone for longer, as supervisors do: starting is most of what a round costs.
      await pause(failed ? 10 * this.restartAfter() : this.restartAfter());
      if (!this.wanted) return;
      this.current = RunningProcess.start(this.program);
    }
  }
}
