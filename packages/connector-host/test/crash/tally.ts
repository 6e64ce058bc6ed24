/** What a round is judged by, and how that is printed. */
import type { Person } from './sender.js';
import type { VendorRecords } from './vendor.js';

/** The counts of a round, or of several together. */
export interface Counts {
  /** People of whom the host said that it has them. */
  accepted: number;
  /** Of these, those whose request came to its good end. */
  concluded: number;
  /** Accepted people who did not come to that end, or of whom the vendor lacks an identifier. */
  lost: number;
  /** Identifiers that are in more than one regulation. */
  doubled: number;
  /** Identifiers the vendor has of whom nobody was accepted. */
  strays: number;
  /** `kill -9` of processes of the host, and of the database with them. */
  kills: number;
  databaseKills: number;
  /** How often a worker was cut off from the database. */
  cuts: number;
  /** How often a process stood still, a clock was set, and something answered in the vendor's place. */
  standstills: number;
  clocks: number;
  gateways: number;
  /** How often the database took no writes or had no room, and its pooler was killed. */
  readOnly: number;
  fullDisks: number;
  poolerKills: number;
  /** What people were told, by mail and webhook, and how often a receiver was sent it again. */
  told: number;
  toldAgain: number;
  /** Work items that people have to do. */
  items: number;
  /** How often the key that seals people was replaced. */
  keys: number;
  /** Files and people sent again because no answer came. */
  resent: number;
  /** Submissions whose answer never came: cut off, reset, broken. */
  lostAnswers: number;
  /** Errors the vendor answered: 429 and 500. */
  refusals: number;
  /** Submissions that a process found begun by one that was killed. */
  interrupted: number;
  /** What looking for lost submissions showed: found at the vendor, absent, or too early to tell. */
  found: number;
  absent: number;
  notYet: number;
  regulations: number;
}

/** Nothing yet. */
export const nothing: Readonly<Counts> = {
  accepted: 0,
  concluded: 0,
  lost: 0,
  doubled: 0,
  strays: 0,
  kills: 0,
  databaseKills: 0,
  cuts: 0,
  standstills: 0,
  clocks: 0,
  gateways: 0,
  readOnly: 0,
  fullDisks: 0,
  poolerKills: 0,
  told: 0,
  toldAgain: 0,
  items: 0,
  keys: 0,
  resent: 0,
  lostAnswers: 0,
  refusals: 0,
  interrupted: 0,
  found: 0,
  absent: 0,
  notYet: 0,
  regulations: 0,
};

/** What came of a round. */
export interface RoundResult {
  readonly name: string;
  readonly seed: number;
  readonly counts: Counts;
  readonly seconds: number;
  /** Everything else that went wrong, in words. Empty in a good round. */
  readonly wrong: readonly string[];
  /** Where the logs are, if they were kept. */
  readonly logs?: string;
}

/** Whether a round was as it has to be. */
export function isGood({ counts, wrong }: RoundResult): boolean {
  const { accepted, concluded, lost, doubled, strays } = counts;
  return accepted > 0 && concluded === accepted && lost === 0 && doubled === 0 && strays === 0 && wrong.length === 0;
}

/** Adds rounds up. */
export function sum(all: readonly Counts[]): Counts {
  const names = Object.keys(nothing) as (keyof Counts)[];
  return all.reduce(
    (so, one) => Object.fromEntries(names.map((name) => [name, so[name] + one[name]])) as unknown as Counts,
    nothing,
  );
}

/** Compares who was accepted with how their requests ended and with what the vendor has. */
export function judge(
  accepted: Iterable<Person>,
  states: ReadonlyMap<string, string>,
  { times }: Pick<VendorRecords, 'times'>,
): Pick<Counts, 'accepted' | 'concluded' | 'lost' | 'doubled' | 'strays'> {
  const known = new Set<string>();
  const found = { accepted: 0, concluded: 0, lost: 0, doubled: 0, strays: 0 };
  for (const { requestId, identifiers } of accepted) {
    found.accepted += 1;
    const concluded = states.get(requestId) === 'left_over';
    if (concluded) found.concluded += 1;
    if (!concluded || identifiers.some(({ value }) => !times.has(value))) found.lost += 1;
    for (const { value } of identifiers) known.add(value);
  }
  for (const [value, often] of times) {
    if (often > 1) found.doubled += 1;
    if (!known.has(value)) found.strays += 1;
  }
  return found;
}

/** The counts as a line of text. */
export function tallyText(counts: Counts): string {
  const { accepted, concluded, lost, doubled, kills, databaseKills, cuts, keys, resent } = counts;
  const { standstills, clocks, gateways, readOnly, fullDisks, poolerKills, told, toldAgain, items } = counts;
  const { lostAnswers, refusals, interrupted, found, absent, notYet, regulations } = counts;
  return [
    `accepted ${accepted}, concluded ${concluded}, lost ${lost}, doubled ${doubled}`,
    `kills ${kills} (of the database ${databaseKills}, of a pooler ${poolerKills}), cuts ${cuts}, keys replaced ${keys}, sent again by the client ${resent}`,
    `stood still ${standstills}, clocks set ${clocks}, gateways ${gateways}, read-only ${readOnly}, disks full ${fullDisks}`,
    `work items ${items}, told ${told} (again under the same id ${toldAgain})`,
    `answers lost ${lostAnswers}, refused by 429 or 500 ${refusals}, interrupted submissions ${interrupted}`,
    `reconciled: found ${found}, absent ${absent}, too early ${notYet}; regulations ${regulations}`,
  ].join(' · ');
}
