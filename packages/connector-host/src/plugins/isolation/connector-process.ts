/** One process of one connector, from its start to its end: messages, signs of life, memory. */
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Logger } from '../../log.js';
import { Excess } from './excess.js';
import { BrokenFrame, ExcessiveFrame, FrameReader, type FrameSize, writeFrame } from './frames.js';
import { type Launched, type LaunchTerms, launch } from './launch.js';
import { callIn, type FromConnector, isFromConnector, type ToConnector } from './messages.js';
import { firstToGo, residentBytes } from './vital-signs.js';
import { lineOf } from './wall/wall.js';

const { signals } = constants;

const mebibyte = 1024 * 1024;
const pingEvery = 4;

/** Hears what a process says, and that it has ended. */
export interface ProcessListener {
  message(message: FromConnector): void;
  /** How large its next message may be. */
  largest(): FrameSize;
  /** It sent a larger one about this call and is being ended. */
  exceeded(call: number): void;
  /** @param why goes on from "the connector's process": `ended by itself with code 1`. */
  ended(why: string): void;
  /** Whether it has work to do; a process without may be silent. */
  busy(): boolean;
}

/** A process that was started. */
export class ConnectorProcess {
  readonly #launched: Launched;
  readonly #terms: LaunchTerms;
  readonly #reader = new FrameReader(() => this.listener.largest());
  readonly #exit: Promise<unknown>;
  readonly #watch: NodeJS.Timeout;
  /** Why the host ends it, where it does. */
  #verdict: string | undefined;
  #over = false;
  #lastWords = '';
  #heard = false;
  #printed = false;
  #ticks = 0;
  #unanswered = 0;
  /** Pings that it has not answered yet. */
  #pings = 0;

  constructor(
    terms: LaunchTerms,
    private readonly listener: ProcessListener,
    private readonly log: Logger,
  ) {
    this.#terms = terms;
    this.#launched = (terms.launch ?? launch)(terms);
    const { child, channel } = this.#launched;
    this.#exit = once(child, 'exit').catch(() => undefined);
    child.once('error', (error) => this.#end(`could not be started (${(error as NodeJS.ErrnoException).code})`));
    child.once('exit', (code, signal) => this.#end(this.#verdict ?? this.#reasonOf(code, signal)));
    if (terms.develop === undefined) child.stdout?.on('data', () => this.#notePrinting());
    else for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => process.stderr.write(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString('latin1')).slice(-8_192);
    });
    channel.on('data', (chunk: Buffer) => this.#read(chunk));
    // Both are followed by the exit, which says more.
    channel.on('error', () => undefined);
    this.#watch = setInterval(() => void this.#look(), this.#terms.limits.watchMs);
    // A connector keeps nobody's process alive; its own ends when this one is gone.
    this.#watch.unref();
    child.unref();
    for (const stream of [channel, child.stdout, child.stderr]) (stream as { unref?(): void } | null)?.unref?.();
  }

  /** Says something to it; answers the JSON that was sent. After its end, nothing happens. */
  send(message: ToConnector): Buffer | undefined {
    return this.#over ? undefined : writeFrame(this.#launched.channel, message);
  }

  /** The id that the host knows it by, while it runs. */
  get pid(): number | undefined {
    return this.#over ? undefined : this.#launched.pid();
  }

  /** Ends it now. `why` is what its listener hears. */
  kill(why: string): void {
    this.#verdict ??= why;
    const { pid } = this;
    try {
      // What holds it behind the wall ends with it, and leaves no child that nobody waits for.
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      else this.#launched.child.kill('SIGKILL');
    } catch {
      // It has ended just now.
    }
  }

  /** Asks it to end, and ends it where it does not. Resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.#over) return;
    this.#verdict ??= 'was stopped by the host';
    this.send({ kind: 'stop' });
    const timer = setTimeout(() => this.kill('was stopped by the host'), this.#terms.limits.farewellMs);
    await this.#exit;
    clearTimeout(timer);
  }

  #read(chunk: Buffer): void {
    if (this.#verdict !== undefined) return;
    if (!this.#heard) {
      this.#heard = true;
      if (this.pid !== undefined) void firstToGo(this.pid);
    }
    try {
      for (const message of this.#reader.read(chunk)) {
        if (!isFromConnector(message)) throw new BrokenFrame('A message has no known form.');
        // Whatever it says is a sign of life.
        this.#unanswered = 0;
        if (message.kind === 'pong') this.#hearPong(message.rss);
        else this.listener.message(message);
        if (this.#verdict !== undefined) return;
      }
    } catch (error) {
      // Whatever goes wrong over what it said is its own end, and nobody else's.
      if (error instanceof Excess) this.kill(error.message);
      else if (error instanceof ExcessiveFrame) this.#endOver(callIn(error.beginning));
      else {
        if (!(error instanceof BrokenFrame)) this.log.error({ err: error }, 'What a connector said could not be taken');
        this.kill('said something that the host does not understand');
      }
    }
  }

  #endOver(call: number | undefined): void {
    if (call !== undefined) this.listener.exceeded(call);
    this.kill(call === undefined ? 'said something that the host does not understand' : 'answered more than it may');
  }

  #hearPong(rss: number): void {
    if (this.#pings === 0) throw new Excess('said that it lives without being asked');
    this.#pings -= 1;
    this.#judgeMemory(rss);
  }

  async #look(): Promise<void> {
    const busy = this.listener.busy();
    this.#ticks += 1;
    // Counted in looks, not in time: where the host itself stood still, it has not looked.
    this.#unanswered = busy ? this.#unanswered + 1 : 0;
    if (this.#unanswered * this.#terms.limits.watchMs > this.#terms.limits.unresponsiveMs) {
      this.kill(`gave no sign of life for ${Math.ceil(this.#terms.limits.unresponsiveMs / 1000)} seconds`);
      return;
    }
    const turn = this.#ticks % pingEvery === 0;
    if (turn) {
      this.#pings += 1;
      this.send({ kind: 'ping' });
    }
    const pid = busy || turn ? this.pid : undefined;
    if (pid === undefined) return;
    const bytes = await residentBytes(pid);
    if (bytes !== undefined) this.#judgeMemory(bytes);
  }

  #judgeMemory(bytes: number): void {
    if (bytes > this.#terms.limits.memoryMiB * mebibyte)
      this.kill(`used more memory than its ${this.#terms.limits.memoryMiB} MiB`);
  }

  // Not what it printed: that may be anything the connector had in hand.
  #notePrinting(): void {
    if (this.#printed) return;
    this.#printed = true;
    this.log.warn('The connector prints to standard output, which nobody reads; it should use the log it is given');
  }

  #end(why: string): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#watch);
    this.#launched.channel.destroy();
    this.listener.ended(why);
  }

  #reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
    if (/heap out of memory|heap limit/i.test(this.#lastWords)) return 'ran out of memory for its objects';
    const walled = this.#terms.enclosure !== undefined;
    // Until it has said something, none of the connector's code has run: what stands there is bubblewrap's.
    const why = walled && !this.#heard ? lineOf(this.#lastWords) : undefined;
    if (why !== undefined) return `could not be put behind the wall (${why})`;
    const by = signal ?? (walled ? signalIn(code) : undefined);
    return by === undefined ? `ended by itself with code ${code ?? 0}` : `was ended by ${by}`;
  }
}

/** The signal that ended a process behind the wall: like a shell, bubblewrap adds 128. */
function signalIn(code: number | null): string | undefined {
  return Object.entries(signals).find(([, number]) => number + 128 === code)?.[0];
}
