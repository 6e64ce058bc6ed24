/**
 * Troubles of a round that last for a while: processes that stand still, clocks that are wrong, a gateway that answers in the vendor's
 * place, a database that is killed, takes no writes or has no room, and a pooler that is killed.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import { type Gateway, refusals } from './gateway.js';
import type { House } from './house.js';
import type { Counts } from './tally.js';

/** Whether what every process needs is taken away just now, or was so short a time ago that a process may still end for it. */
export class Strain {
  private until = 0;

  get now(): boolean {
    return performance.now() < this.until;
  }

  /** Takes it away for as long as `during` lasts. */
  async around(during: () => Promise<void>): Promise<void> {
    this.until = Number.POSITIVE_INFINITY;
    await during().finally(() => {
      this.until = performance.now() + AFTERWARDS;
    });
  }
}

/** How long a process may take to start, find nothing and end, in milliseconds. */
const AFTERWARDS = 60_000;

/** As faketime has them: an hour and a quarter of a year ahead, two and ten minutes behind. */
const shifts = ['+1h', '+91d', '-2m', '-10m'] as const;

/** Lets all of them happen, each now and then, and each at least once, until it is over. */
export async function hardships(
  house: House,
  gateway: Gateway,
  strain: Strain,
  chance: Chance,
  counts: Counts,
  over: AbortSignal,
): Promise<void> {
  const { clock, disk, pooler, cluster, setReadOnly } = house.weak;
  const repeat = async (own: Chance, trouble: () => Promise<void>): Promise<void> => {
    for (let times = 0; times === 0 || !over.aborted; times += 1) {
      await pause(own.whole(0, 10_000));
      await trouble();
    }
  };
  const lanes: Promise<void>[] = [];
  const add = (make: (own: Chance) => () => Promise<void>) => {
    const own = chance.branch();
    lanes.push(repeat(own, make(own)));
  };
  add((own) => async () => {
    const member = own.pick(house.members);
    member.signal('SIGSTOP');
    counts.standstills += 1;
    // Long enough, now and then, for the database to end its sessions.
    await pause(own.hits(0.3) ? own.whole(26_000, 35_000) : own.whole(500, 5_000));
    member.signal('SIGCONT');
  });
  add((own) => async () => {
    gateway.set(own.pick(refusals));
    counts.gateways += 1;
    await pause(own.whole(500, 4_000));
    gateway.set('open');
  });
  if (clock !== undefined)
    add((own) => async () => {
      await clock.set(own.pick(shifts));
      counts.clocks += 1;
      await pause(own.whole(2_000, 12_000));
      await clock.set('+0');
    });
  // One after the other: a process that meets two of these at once could not say which.
  const taken: ((own: Chance) => () => Promise<void>)[] = [];
  if (setReadOnly !== undefined)
    taken.push((own) => async () => {
      await setReadOnly(true);
      counts.readOnly += 1;
      await pause(own.whole(1_000, 8_000));
      await setReadOnly(false);
    });
  if (pooler !== undefined)
    taken.push((own) => async () => {
      await pooler.stop();
      counts.poolerKills += 1;
      await pause(own.whole(0, 3_000));
      await pooler.run();
    });
  if (cluster !== undefined)
    taken.push(() => async () => {
      if (await house.killDatabase()) counts.databaseKills += 1;
    });
  if (disk !== undefined)
    taken.push((own) => async () => {
      await disk.fill(own.whole(0, 60) * 1024 * 1024);
      counts.fullDisks += 1;
      await pause(own.whole(1_000, 8_000));
      await disk.empty();
    });
  add((own) => {
    const troubles = taken.map((make) => make(own));
    let next = 0;
    return async () => {
      const trouble = troubles[next++ % troubles.length];
      if (trouble !== undefined) await strain.around(trouble);
    };
  });
  await Promise.all(lanes);
}
