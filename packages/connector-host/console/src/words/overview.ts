const units = [
  [1, 'day', 'days'],
  [1 / 24, 'hour', 'hours'],
  [1 / 1440, 'minute', 'minutes'],
  [1 / 86_400, 'second', 'seconds'],
] as const;

/** `4.5 days`, `20 minutes`: days in the unit that says most. */
import { howMany } from './common.js';
export function durationText(days: number): string {
  const [size, one, many] = units.find(([each]) => days >= each) ?? units[3];
  const amount = days / size;
  const text = amount.toLocaleString(undefined, { maximumFractionDigits: size === 1 && amount < 10 ? 1 : 0 });
  return `${text} ${text === '1' ? one : many}`;
}

/** Words of the overview. */
export const overviewWords = {
  title: 'Overview',
  open: 'Open requests',
  openLead: 'not concluded yet',
  late: 'Late',
  lateLead: 'past the time that the law gives',
  dueSoon: 'Due soon',
  dueSoonLead: 'within a week, by the law',
  leftOver: 'Left over',
  leftOverLead: 'concluded, but not in every system',
  error: 'In error',
  errorLead: 'need somebody to look',
  days: 'Time to completion',
  daysLead: (count: number) =>
    count === 0 ? 'nothing was completed yet' : `median of ${count.toLocaleString()} in the last 90 days`,
  median: 'Median',
  p90: (text: string) => `9 of 10 in ${text}`,
  undecided: (count: number, countedTo?: number) =>
    `Nobody has decided what becomes of people in ${count === 1 ? 'one system' : `${howMany(count, countedTo)} systems`} that a deletion is not known to reach.`,
  decide: 'Decide',
  waiting: 'What waits, and for what',
  waits: {
    batch: 'the next batch',
    quota: 'the vendor’s quota',
    rate: 'the vendor’s rate limit',
    vendor: 'a vendor that fails or cannot be reached',
    reconnect: 'a new token',
    paused: 'a paused connection',
    connector: 'a connector that cannot be used',
  },
  waitsFor: (count: string, why: string) => `${count} for ${why}`,
  nothingWaits: 'Nothing waits.',
  overTime: 'Accepted and completed, by day',
  overTimeLead: 'The last 30 days',
  accepted: 'Accepted',
  completed: 'Complete',
  trouble: 'Left over, with exceptions, skipped or in error',
  durations: 'How long deletions took',
  durationsLead: 'Completed in the last 90 days',
  upTo: (days: number) => (days < 1 ? `≤ ${Math.round(days * 24)} h` : `≤ ${days} d`),
  more: 'longer',
  requests: 'requests',
  inTime: 'Not settled: open, left over or in error',
  byConnection: 'By connection',
  columns: { name: 'Connection', health: 'Health', open: 'Open', late: 'Late', errors: 'Errors', quota: 'Quota left' },
  map: 'What a deletion reaches',
  toMap: 'Open the map',
  welcomeTitle: 'Nothing is connected yet',
  welcome: 'Three steps: connect a system, see which systems stand behind it, and erase the first person.',
  welcomeAction: 'Connect a system',
  noData: 'Nothing happened in this time yet.',
} as const;
