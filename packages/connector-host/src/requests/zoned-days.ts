/** Days as they begin and end in a zone. Pure. */

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whether there is a zone of this name. Offsets are no names: PostgreSQL reads them with their sign turned round. */
export function isZone(zone: string): boolean {
  if (/^[+-]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The zone of this name, or UTC where there is none. */
export function knownZone(zone: string): string {
  return isZone(zone) ? new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone : 'UTC';
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const found = formats.get(zone);
  if (found !== undefined) return found;
  const made = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
  formats.set(zone, made);
  return made;
}

/** The date that a moment falls on in a zone: `2026-01-31`. */
export function localDate(time: number, zone: string): string {
  return zone === 'UTC' ? new Date(time).toISOString().slice(0, 10) : formatOf(zone).format(time);
}

/** Ends of days that were looked for last; the people of one file share few. */
const ends = new Map<string, number>();
const MOST_ENDS = 10_000;

/** The last millisecond of a day in a zone. */
export function endOfDay(date: string, zone: string): number {
  if (zone === 'UTC') return Date.parse(date) + dayMs - 1;
  const key = `${date} ${zone}`;
  const known = ends.get(key);
  if (known !== undefined) return known;
  if (ends.size >= MOST_ENDS) ends.clear();
  const found = firstAfter(date, zone) - 1;
  ends.set(key, found);
  return found;
}

/** The moment at which a later date begins, by halves: zones are up to 14 hours from UTC, and some days begin at one o'clock. */
function firstAfter(date: string, zone: string): number {
  const nextInUtc = Date.parse(date) + dayMs;
  let [before, after] = [nextInUtc - 15 * hourMs, nextInUtc + 15 * hourMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDate(middle, zone) > date) after = middle;
    else before = middle;
  }
  return after;
}
