import { describe, expect, test } from '@jest/globals';
import { clockIssues, latestExtension, legalClock, plusMonths, usualClock } from '../../src/requests/legal-clock.js';
import { endOfDay, isZone, localDate } from '../../src/requests/zoned-days.js';

const accepted = Date.UTC(2026, 0, 31, 10);
const iso = (time: number) => new Date(time).toISOString();
const berlin = { ...usualClock, zone: 'Europe/Berlin' };

describe('the time that the law gives', () => {
  test.each([
    ['a calendar month, to the end of a month that is shorter', {}, usualClock, '2026-02-28T23:59:59.999Z'],
    [
      'a calendar month from the day the person asked',
      { receivedAt: '2026-01-10T23:30:00.000Z' },
      usualClock,
      '2026-02-10T23:59:59.999Z',
    ],
    ['by the days of the zone', { receivedAt: '2026-01-10T23:30:00.000Z' }, berlin, '2026-02-11T22:59:59.999Z'],
    ['45 days in California', { jurisdiction: 'ccpa' }, usualClock, '2026-03-17T23:59:59.999Z'],
    ['as many days as are said', { jurisdiction: 'other', days: 10 }, usualClock, '2026-02-10T23:59:59.999Z'],
    [
      'as many days as the host is set to',
      {},
      { zone: 'UTC', jurisdiction: 'other', days: 15 },
      '2026-02-15T23:59:59.999Z',
    ],
    ['a date, to its end in the zone', { dueAt: '2026-07-01' }, berlin, '2026-07-01T21:59:59.999Z'],
    ['a time, as it is', { dueAt: '2026-02-01T08:00:00.000Z' }, berlin, '2026-02-01T08:00:00.000Z'],
  ] as const)('%s', (_name, wish, settings, dueAt) => {
    expect(iso(legalClock(wish, accepted, settings).dueAt)).toBe(dueAt);
  });

  test('begins when it was accepted where nothing else is said, and with a day where that is all that is known', () => {
    expect(legalClock({}, accepted, usualClock)).toMatchObject({ receivedAt: accepted, jurisdiction: 'gdpr' });
    expect(iso(legalClock({ receivedAt: '2026-01-10' }, accepted, berlin).receivedAt)).toBe('2026-01-09T23:00:00.000Z');
  });

  test('days are kept for the jurisdiction that has them from the sender alone', () => {
    expect(legalClock({ jurisdiction: 'other', days: 10 }, accepted, usualClock).days).toBe(10);
    expect(legalClock({ jurisdiction: 'ccpa' }, accepted, { ...usualClock, days: 10 })).not.toHaveProperty('days');
  });

  test('two months more under the GDPR, 45 days more under the CCPA, and no bound that the host knows elsewhere', () => {
    const due = Date.UTC(2026, 11, 31, 23, 59, 59, 999);
    expect(iso(latestExtension(due, 'gdpr', 'UTC') ?? 0)).toBe('2027-02-28T23:59:59.999Z');
    expect(iso(latestExtension(due, 'ccpa', 'UTC') ?? 0)).toBe('2027-02-14T23:59:59.999Z');
    expect(latestExtension(due, 'other', 'UTC')).toBeUndefined();
  });

  test('a month over the end of a year', () => {
    expect(plusMonths('2026-12-15', 1)).toBe('2027-01-15');
    expect(plusMonths('2027-12-31', 2)).toBe('2028-02-29');
  });
});

describe('times that cannot be', () => {
  test.each([
    ['a person who asks tomorrow', { receivedAt: '2026-02-02' }, ['receivedAt']],
    ['due before it was asked for', { receivedAt: '2026-01-20', dueAt: '2026-01-10' }, ['dueAt']],
    ['other, and nothing that says how long', { jurisdiction: 'other' }, ['days']],
    ['days where the law has its own', { jurisdiction: 'gdpr', days: 3 }, ['days']],
    ['other with a date', { jurisdiction: 'other', dueAt: '2026-03-01' }, []],
    ['due in the past: it comes late, and is taken', { receivedAt: '2025-11-01' }, []],
  ] as const)('%s', (_name, wish, fields) => {
    expect(clockIssues(wish, accepted, usualClock).map(({ field }) => field)).toEqual(fields);
  });
});

describe('days of a zone', () => {
  test.each([
    ['America/New_York', '2026-03-08', '2026-03-09T03:59:59.999Z'],
    ['America/New_York', '2026-03-07', '2026-03-08T04:59:59.999Z'],
    ['Asia/Kathmandu', '2026-01-31', '2026-01-31T18:14:59.999Z'],
    ['Pacific/Kiritimati', '2026-01-31', '2026-01-31T09:59:59.999Z'],
    ['UTC', '2026-01-31', '2026-01-31T23:59:59.999Z'],
  ])('%s %s ends at %s', (zone, date, end) => {
    expect(iso(endOfDay(date, zone))).toBe(end);
    expect(localDate(endOfDay(date, zone), zone)).toBe(date);
    expect(localDate(endOfDay(date, zone) + 1, zone) > date).toBe(true);
  });

  test('go by names of zones alone', () => {
    expect(['UTC', 'Europe/Berlin', 'Nowhere/At-All', '+02:00', ''].map(isZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
