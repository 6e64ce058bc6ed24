import Tooltip from '@mui/material/Tooltip';
import { type ReactNode, useSyncExternalStore } from 'react';

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });
/** To the second and with the zone: what is told here may have to be proved. */
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });
const days = new Map<string | undefined, Intl.DateTimeFormat>();
const dayIn = (zone: string | undefined): Intl.DateTimeFormat => {
  const known =
    days.get(zone) ??
    new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', ...(zone === undefined ? {} : { timeZone: zone }) });
  days.set(zone, known);
  return known;
};
const dateAlone = /^\d{4}-\d\d-\d\d$/;
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, ms: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** A time in the reader's zone. */
export const formatTime = (at: string): string => dayAndTime.format(new Date(at));

/** The day of a time, in the reader's zone unless another is named. A date alone is that date everywhere. */
export const formatDay = (at: string, zone?: string): string =>
  dayIn(dateAlone.test(at) ? 'UTC' : zone).format(new Date(at));

/** `3 hours ago`, `in 12 days`. */
export function formatRelative(at: string, now: number): string {
  const ms = Date.parse(at) - now;
  const [unit, size] = units.find(([, length]) => Math.abs(ms) >= length) ?? ['second', 1_000];
  return Math.abs(ms) < 45_000 ? 'just now' : relative.format(Math.round(ms / size), unit);
}

let minute = Date.now();
const listeners = new Set<() => void>();
setInterval(() => {
  minute = Date.now();
  for (const listener of listeners) listener();
}, 30_000);

/** Milliseconds since the epoch, moving on twice a minute. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => minute,
  );
}

/** A time: relative (with the exact one at hand), absolute, or only the day. */
export function When({
  at,
  as = 'time',
  zone,
}: {
  readonly at: string;
  readonly as?: 'relative' | 'time' | 'day';
  /** Of the day. */
  readonly zone?: string | undefined;
}): ReactNode {
  const now = useNow();
  const text =
    as === 'relative'
      ? formatRelative(at, Math.max(now, Date.now()))
      : as === 'day'
        ? formatDay(at, zone)
        : formatTime(at);
  return (
    <Tooltip title={full.format(new Date(at))}>
      <time dateTime={at}>{text}</time>
    </Tooltip>
  );
}
