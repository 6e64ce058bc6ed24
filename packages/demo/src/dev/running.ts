import type { Line, Server } from '../child.js';

/** How a server that is under development is started, and what is told of it. */
export interface RunningTerms {
  readonly start: (heard: (line: Line) => void) => Server;
  /** Whether two may run side by side: then the old one serves until the new one is ready. */
  readonly sideBySide: boolean;
  readonly tell: (text: string) => void;
  /** Whoever uses it is to look again. */
  readonly renewed: () => void;
}

/** A server that is started again on each change. Where it fails, that is told, and the next change gives it another try. */
export class Running {
  #present: { readonly server: Server; readonly url: string } | undefined;
  #starting: Server | undefined;
  #started: Promise<void> = Promise.resolve();

  constructor(private readonly terms: RunningTerms) {}

  /** Where it listens; waits while it starts. Undefined where it does not run. */
  async url(): Promise<string | undefined> {
    if (this.#present === undefined) await this.#started;
    return this.#present?.url;
  }

  /** Starts it, or starts it again; a start that is under way is given up. */
  start(why?: string): Promise<void> {
    this.#starting?.signal('SIGKILL');
    this.#started = this.#start(why);
    return this.#started;
  }

  /** Tells it to look again at what it has loaded. */
  reload(): void {
    this.#present?.server.signal('SIGUSR2');
  }

  async #start(why: string | undefined): Promise<void> {
    const { sideBySide, tell, renewed } = this.terms;
    const begun = performance.now();
    const before = this.#present;
    if (!sideBySide) {
      this.#present = undefined;
      await before?.server.stop();
    }
    const server = this.terms.start((line) => {
      if (line['reloaded'] === true) renewed();
    });
    this.#starting = server;
    const ready = await server.ready.catch(() => undefined);
    // Somebody has begun anew meanwhile.
    if (this.#starting !== server) return void server.signal('SIGKILL');
    this.#starting = undefined;
    if (ready === undefined) {
      const after = this.#present === undefined ? '' : ' The one before goes on.';
      tell(`did not start; the message is above.${after} Waits for the next change.`);
      return;
    }
    const present = { server, url: String(ready['url']) };
    this.#present = present;
    void server.ended.then((code) => {
      if (this.#present !== present) return;
      this.#present = undefined;
      tell(`ended with code ${code}; the message is above. Waits for the next change.`);
    });
    if (sideBySide) void before?.server.stop();
    if (why !== undefined) tell(`${why}: started again in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    if (before !== undefined || why !== undefined) renewed();
  }
}
