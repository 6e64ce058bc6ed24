/** Hours in which nobody is to be disturbed. Pure. */

/** Times of day such as `22:00`; where `until` is not after `from`, it is that of the next day. */
export interface QuietHours {
  readonly from: string;
  readonly until: string;
}

const minuteMs = 60_000;
const dayMinutes = 24 * 60;

/** Whether a text is a time of day: `07:30`. */
export function isTimeOfDay(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** The minute of the day in a zone, 0 to 1439. */
export function minuteOfDay(time: number, zone: string): number {
  return minutesOf(new Date(time).toLocaleTimeString('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }));
}

/** The earliest moment from `time` on that is not quiet; `time` itself where it is not. Milliseconds since the epoch. */
export function afterQuiet(time: number, quiet: QuietHours | null, zone: string): number {
  if (quiet === null) return time;
  const [from, until] = [minutesOf(quiet.from), minutesOf(quiet.until)];
  const span = (until - from + dayMinutes) % dayMinutes;
  let found = time;
  // Where clocks are changed meanwhile, the end lies an hour further on.
  for (let looks = 0; looks < 3; looks += 1) {
    const since = (minuteOfDay(found, zone) - from + dayMinutes) % dayMinutes;
    if (since >= span) return found;
    found = Math.floor(found / minuteMs) * minuteMs + (span - since) * minuteMs;
  }
  return found;
}
