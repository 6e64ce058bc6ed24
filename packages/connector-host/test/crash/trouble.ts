/** What befalls a round: the vendor's faults, kills at random moments, keys that are replaced, and every trouble of `hardship.ts`. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { Gateway } from './gateway.js';
import { hardships, type Strain } from './hardship.js';
import type { House } from './house.js';
import type { RoundPlan } from './round.js';
import type { Sender } from './sender.js';
import type { Counts } from './tally.js';
import type { Fault, Vendor } from './vendor.js';

const creation = 'POST /regulations';

/**
 * The vendor's faults.
 * @param brief keeps those rare that lose a call before it is taken: each costs a minute of waiting for it to arrive.
 */
export function faultsOf(brief: boolean): Fault[] {
  const rare = brief ? { times: 2 } : {};
  return [
    { on: creation, kind: 'lost-before', probability: 0.1, ...rare },
    { on: creation, kind: 'lost-after', probability: 0.15 },
    { on: creation, kind: 'status', status: 429, probability: 0.1 },
    { on: creation, kind: 'status', status: 500, probability: 0.08, ...rare },
    // An error although it was taken: the worst answer there is.
    { on: creation, kind: 'status', status: 500, applied: true, probability: 0.06 },
    { on: creation, kind: 'reset', probability: 0.06, ...rare },
    { on: creation, kind: 'truncated', probability: 0.05 },
    { on: creation, kind: 'slow', afterMs: 1_200, probability: 0.5 },
    { on: 'GET /regulations', kind: 'status', status: 500, probability: 0.1 },
    { on: 'GET /regulations', kind: 'reset', probability: 0.05 },
    { on: 'GET /regulations/{id}', kind: 'status', status: 429, probability: 0.05 },
    { on: 'GET /regulations/{id}', kind: 'lost-after', probability: 0.05 },
  ];
}

/** Makes trouble until as many processes were killed as the plan says; then everything is whole again. */
export async function troubleMaker(
  { on, kills, brief }: RoundPlan,
  house: House,
  vendor: Vendor,
  gateway: Gateway,
  strain: Strain,
  sender: Sender,
  chance: Chance,
  counts: Counts,
): Promise<void> {
  const over = new AbortController();
  const killing = kill(house, vendor, chance.branch(), counts, kills, on === 'all killed');
  const cutting = cut(house, chance.branch(), counts, over.signal);
  const replacing = replaceKeys(sender, chance.branch(), counts, over.signal);
  const suffering = brief ? undefined : hardships(house, gateway, strain, chance.branch(), counts, over.signal);
  // Each is awaited below; until then the end of a round that went wrong may fail them.
  for (const one of [cutting, replacing, suffering]) one?.catch(() => undefined);
  await killing.finally(() => over.abort());
  await Promise.all([cutting, replacing, suffering]);
}

/** Kills one process after the other; often just when the vendor took something, so that its answer meets nobody. */
async function kill(
  house: House,
  vendor: Vendor,
  chance: Chance,
  counts: Counts,
  kills: number,
  withDatabase: boolean,
): Promise<void> {
  for (let done = 0; done < kills; done += 1) {
    const victim = chance.pick(house.members);
    // Sometimes while it is still starting.
    if (chance.hits(0.8)) await victim.ready();
    await pause(chance.whole(0, 3_000));
    if (chance.hits(0.6)) await nextRegulation(vendor, 10_000);
    if (withDatabase && chance.hits(0.6)) {
      if (await house.killAll()) counts.databaseKills += 1;
    } else await victim.kill();
  }
}

async function nextRegulation(vendor: Vendor, withinMs: number): Promise<void> {
  const over = Date.now() + withinMs;
  const before = await vendor.regulations();
  while (Date.now() < over && (await vendor.regulations()) === before) await pause(20);
}

/** Cuts the last worker off from the database: silence, or one way only; then the network heals, or every connection is reset. */
async function cut({ weak: { proxy } }: House, chance: Chance, counts: Counts, over: AbortSignal): Promise<void> {
  if (proxy === undefined) return;
  for (let cuts = 0; cuts === 0 || !over.aborted; cuts += 1) {
    await pause(chance.whole(0, 5_000));
    proxy.set(chance.pick(['silent', 'half-open']));
    counts.cuts += 1;
    // Long enough, mostly, for the worker to lose hold of what it works on.
    await pause(chance.whole(8_000, 22_000));
    if (chance.hits(0.3)) {
      proxy.set(chance.pick(['silent', 'half-open']));
      await pause(chance.whole(1_000, 5_000));
    }
    if (chance.hits(0.6)) proxy.reset();
    proxy.set('open');
  }
}

/** Replaces the key that seals people, who come in, wait and are sent meanwhile. */
async function replaceKeys(sender: Sender, chance: Chance, counts: Counts, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await pause(chance.whole(1_000, 8_000));
    await sender.replacePeopleKey();
    counts.keys += 1;
  }
}
