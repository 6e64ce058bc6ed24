/** By when the law wants a person served: how long each law gives, and how far it lets that be extended. Pure. */
import type { FieldIssue } from 'connector-contract';
import { given } from '../given.js';
import { endOfDay, localDate } from './zoned-days.js';

/** The laws whose time the host knows; `other` gives as many days as are said. */
export const jurisdictions = ['gdpr', 'ccpa', 'other'] as const;

/** One of {@link jurisdictions}. */
export type Jurisdiction = (typeof jurisdictions)[number];

/** What counts where a request does not say. */
export interface ClockSettings {
  /** IANA name of the zone in which days begin and end. */
  readonly zone: string;
  readonly jurisdiction: Jurisdiction;
  /** Days that `other` gives. */
  readonly days?: number;
}

/** Settings where the operator says nothing. */
export const usualClock: ClockSettings = { zone: 'UTC', jurisdiction: 'gdpr' };

/** What a request says of its time. A date without a time (`2026-01-31`) is that day in the host's zone. */
export interface ClockWish {
  readonly receivedAt?: string;
  readonly dueAt?: string;
  readonly jurisdiction?: Jurisdiction;
  readonly days?: number;
}

/** The legal time of one request. Times are in milliseconds since the epoch. */
export interface LegalClock {
  readonly receivedAt: number;
  readonly dueAt: number;
  readonly jurisdiction: Jurisdiction;
  readonly days?: number;
}

/** Days that the CCPA gives (California Civil Code 1798.130(a)(2)), and once more where that is necessary. */
const CCPA_DAYS = 45;

/** Months that the GDPR gives (article 12(3)), and by how many it lets them be extended. */
const GDPR_MONTHS = { first: 1, more: 2 } as const;

const dayMs = 86_400_000;
const dateAlone = /^\d{4}-\d{2}-\d{2}$/;

function dateText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function plusDays(date: string, days: number): string {
  return dateText(Date.parse(date) + days * dayMs);
}

/** The same day so many months later, or the last day of that month where it has none such (Regulation 1182/71, article 3(2)(c)). */
export function plusMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const lastOfMonth = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dateText(Date.UTC(year, month - 1 + months, Math.min(day, lastOfMonth)));
}

/** A due time as it was said: a date without a time is over at its end. */
export function dueTime(said: string, zone: string): number {
  return dateAlone.test(said) ? endOfDay(said, zone) : Date.parse(said);
}

/**
 * The legal time of a request. A time that is counted in days or months ends with the last of its days, in the host's zone.
 * @param acceptedAt when the host accepted it; the person asked then, as far as nothing else is said.
 */
export function legalClock(wish: ClockWish, acceptedAt: number, settings: ClockSettings): LegalClock {
  const { zone } = settings;
  const jurisdiction = wish.jurisdiction ?? settings.jurisdiction;
  const days =
    jurisdiction !== 'other' ? undefined : (wish.days ?? (wish.dueAt === undefined ? settings.days : undefined));
  const said = wish.receivedAt;
  const date = said !== undefined && dateAlone.test(said) ? said : undefined;
  // Of a day alone its beginning: nobody is served too late for it.
  const receivedAt =
    date !== undefined ? endOfDay(plusDays(date, -1), zone) + 1 : said === undefined ? acceptedAt : Date.parse(said);
  const dueAt =
    wish.dueAt === undefined
      ? endOfDay(lastDay(date ?? localDate(receivedAt, zone), jurisdiction, days), zone)
      : dueTime(wish.dueAt, zone);
  return { receivedAt, dueAt, jurisdiction, ...given({ days }) };
}

function lastDay(from: string, jurisdiction: Jurisdiction, days: number | undefined): string {
  if (jurisdiction === 'gdpr') return plusMonths(from, GDPR_MONTHS.first);
  return plusDays(from, jurisdiction === 'ccpa' ? CCPA_DAYS : (days ?? CCPA_DAYS));
}

/** The latest time to which the law lets a due time be extended; `undefined` where the law is one the host does not know. */
export function latestExtension(dueAt: number, jurisdiction: Jurisdiction, zone: string): number | undefined {
  if (jurisdiction === 'other') return undefined;
  const date = localDate(dueAt, zone);
  return endOfDay(jurisdiction === 'gdpr' ? plusMonths(date, GDPR_MONTHS.more) : plusDays(date, CCPA_DAYS), zone);
}

/** How far ahead the time may lie at which the person asked, in milliseconds: clocks differ, and days begin earlier in other zones. */
const AHEAD_MS = dayMs;

/** What is wrong with the times that a request says. Its fields have their form already. */
export function clockIssues(wish: ClockWish, acceptedAt: number, settings: ClockSettings): FieldIssue[] {
  const { jurisdiction = settings.jurisdiction } = wish;
  const issue = (field: string, code: string, message: string, remedy: string) => [{ field, code, message, remedy }];
  if (jurisdiction !== 'other' && wish.days !== undefined) {
    const message = 'days is for the jurisdiction "other"; the others have days of their own.';
    return issue('days', 'INVALID', message, 'Leave days out, or say jurisdiction "other".');
  }
  if (jurisdiction === 'other' && (wish.days ?? wish.dueAt ?? settings.days) === undefined) {
    const message = 'The jurisdiction "other" needs days, or dueAt.';
    return issue('days', 'REQUIRED', message, 'Say how many days its law gives, or by when the person must be served.');
  }
  if (wish.receivedAt === undefined && wish.dueAt === undefined) return [];
  const { receivedAt, dueAt } = legalClock(wish, acceptedAt, settings);
  if (receivedAt > acceptedAt + AHEAD_MS) {
    return issue('receivedAt', 'INVALID', 'receivedAt lies in the future.', 'Say when the person asked.');
  }
  if (dueAt < receivedAt) {
    return issue(
      'dueAt',
      'INVALID',
      'dueAt lies before receivedAt.',
      'Say when the person asked, and by when they must be served.',
    );
  }
  return [];
}
