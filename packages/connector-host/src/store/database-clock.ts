/**
 * The database's clock: the one clock for all that is stored, whichever process stores it. Between two readings the steady clock of the
 * machine keeps it up, which nobody can set. The machine's own clock is only held against it.
 */
import type pg from 'pg';
import { type HostClock, sleep } from '../clock.js';
import type { Logger } from '../log.js';
import type { Outage } from './outage.js';

/** Time between two readings, in milliseconds. */
const READ_EVERY = 10_000;

/** Clocks that are further apart than this are told, in milliseconds. */
const TOLD_APART = 5_000;

/** Clocks that are further apart than this are not relied on, in milliseconds: one of them is wrong, and nobody knows which. */
const MOST_APART = 60_000;

/** The machine's clock that moved against its steady one by more than this, in milliseconds, was set, or the machine slept. */
const SET = 1_000;

/** What a vendor said longer ago than this, in milliseconds, is not held against the clock any more. */
const REMEMBERED = 15 * 60_000;

const REMEDY = 'Set the clocks of the machines by the network (NTP); it goes on by itself.';

/** The clocks that are looked at, as milliseconds since the epoch and since the process began. Tests give others. */
export interface MachineClocks {
  wall(): number;
  steady(): number;
}

const machine: MachineClocks = { wall: () => Date.now(), steady: () => performance.now() };

/** What the clock stands on. */
export interface DatabaseClockParts {
  readonly pool: Pick<pg.Pool, 'connect'>;
  readonly outage: Pick<Outage, 'met'>;
  readonly log: Logger;
  readonly machine?: MachineClocks;
}

/** How clocks stand to that of the database. */
export interface ClockStanding {
  /** Milliseconds that this machine's clock is ahead of the database's, beyond what the reading itself may have taken; negative: behind. */
  readonly aheadMs: number;
  /** The same of what each vendor said in the last minutes, by connection. */
  readonly vendors: ReadonlyMap<string, number>;
}

/** One reading. Offsets are milliseconds to be added to the steady clock. */
interface Reading {
  readonly least: number;
  readonly most: number;
  /** Of the machine's own clock. */
  readonly wall: number;
  readonly at: number;
}

/** {@link HostClock} by the database. */
export class DatabaseClock implements HostClock {
  private readonly machine: MachineClocks;
  private readonly vendors = new Map<string, { readonly offset: number; readonly at: number }>();
  private readonly timer: NodeJS.Timeout;
  private reading: Reading;
  private offset: number;
  private again: Promise<void> | undefined;
  private told: 'fine' | 'apart' | 'doubtful' = 'fine';

  private constructor(
    private readonly parts: DatabaseClockParts,
    first: Reading,
  ) {
    this.machine = parts.machine ?? machine;
    this.reading = first;
    this.offset = (first.least + first.most) / 2;
    this.tell();
    this.timer = setInterval(() => {
      this.read().catch((error: unknown) => parts.outage.met(error, "The database's clock could not be read"));
    }, READ_EVERY).unref();
  }

  /** Reads the database's clock for the first time. Throws what the query throws. */
  static async open(parts: DatabaseClockParts): Promise<DatabaseClock> {
    return new DatabaseClock(parts, await readingOf(parts));
  }

  now(): number {
    return Math.floor(this.machine.steady() + this.offset);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleep(ms, signal);
  }

  /** Reads it again; whoever comes meanwhile waits for the same reading. */
  read(): Promise<void> {
    this.again ??= this.readAgain().finally(() => {
      this.again = undefined;
    });
    return this.again;
  }

  /** Every vendor that was heard decides where no connection is named: only where none agrees, the time is in doubt. */
  async doubt(connection?: string): Promise<string | undefined> {
    const { wall, steady } = this.machine;
    const moved = Math.abs(wall() - steady() - this.reading.wall) > SET;
    if (moved || steady() - this.reading.at > 3 * READ_EVERY) await this.read();
    return this.doubtNow(connection);
  }

  /** {@link doubt} by the last reading. */
  doubtNow(connection?: string): string | undefined {
    const { aheadMs, vendors } = this.standing();
    if (Math.abs(aheadMs) > MOST_APART) return apart("This machine's clock", aheadMs, "the database's");
    const off = [...vendors].filter(([id, ms]) => Math.abs(ms) > MOST_APART && (connection ?? id) === id);
    const [first] = off;
    if (first === undefined || (connection === undefined && off.length < vendors.size)) return undefined;
    return apart(`The clock of the vendor of ${first[0]}`, first[1], "the database's");
  }

  /** How the clocks stand by the last reading. */
  standing(): ClockStanding {
    const now = this.machine.steady();
    const vendors = [...this.vendors].flatMap(([id, { offset, at }]): [string, number][] =>
      now - at > REMEMBERED ? [] : [[id, Math.round(offset - this.offset)]],
    );
    return { aheadMs: Math.round(outside(this.reading)), vendors: new Map(vendors) };
  }

  heardFrom(connection: string, time: number): void {
    if (!Number.isFinite(time)) return;
    const at = this.machine.steady();
    this.vendors.set(connection, { offset: time - at, at });
    this.tell();
  }

  /** Reads no more. */
  close(): void {
    clearInterval(this.timer);
  }

  private async readAgain(): Promise<void> {
    const reading = await readingOf(this.parts);
    this.reading = reading;
    // A reading is no finer than it took: what agrees with it stays, so that time runs on evenly.
    if (this.offset < reading.least || this.offset > reading.most) this.offset = (reading.least + reading.most) / 2;
    this.tell();
  }

  /** A line of log where it changes how far clocks are apart. */
  private tell(): void {
    const { log } = this.parts;
    const { aheadMs, vendors } = this.standing();
    const doubt = this.doubtNow();
    const far = Math.abs(aheadMs) > TOLD_APART;
    const next = doubt !== undefined ? 'doubtful' : far ? 'apart' : 'fine';
    if (next === this.told) return;
    this.told = next;
    const found = { aheadMs, vendors: Object.fromEntries(vendors) };
    if (doubt !== undefined) log.error(found, `${doubt} Nothing is submitted, followed or purged. ${REMEDY}`);
    else if (far)
      log.warn(found, `The clocks of this machine and of the database are more than ${TOLD_APART / 1000} s apart`);
    else log.info(found, 'The clocks agree again');
  }
}

function apart(whose: string, aheadMs: number, others: string): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return `${whose} is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} ${others}.`;
}

/** How far the machine's clock lies outside of what the reading allows. */
function outside({ least, most, wall }: Reading): number {
  return wall > most ? wall - most : Math.min(wall - least, 0);
}

async function readingOf({ pool, machine: clocks = machine }: DatabaseClockParts): Promise<Reading> {
  // The wait for a connection is not part of the reading.
  const client = await pool.connect();
  try {
    const before = clocks.steady();
    const { rows } = await client.query<{ now: number }>(
      'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
    );
    const after = clocks.steady();
    const now = rows[0]?.now ?? Number.NaN;
    return { least: now - after, most: now - before, wall: clocks.wall() - after, at: after };
  } finally {
    client.release();
  }
}
