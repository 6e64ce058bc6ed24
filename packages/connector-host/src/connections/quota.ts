/**
 * The monthly quota of a connection: what the vendor says of it, and, where it says nothing, what the host itself has counted against
 * the number in the manifest. Counted are identifiers, since each one that is sent is a person to the vendor. A quota belongs to the
 * vendor's account: connections to one account are counted together.
 */
import { type ConnectorManifest, type QuotaReading, quotaGroupOf } from 'connector-contract';
import { and, eq, type SQL, sql } from 'drizzle-orm';
import { given } from '../given.js';
import type { Queryable } from '../store/database.js';
import { type connections, quotaCounts } from '../store/schema.js';
import { settingsOf } from './settings.js';

/** What the vendor last said about the quota, as kept; times ISO 8601. Absent group: the vendor counts all deletions together. */
export type KeptQuota = QuotaReading & { readonly readAt: string; readonly group?: string };

/** What a connection's deletions count against, by its manifest and configuration. */
export interface QuotaTerms {
  /** Identifiers in a period; absent where the manifest names no quota. */
  readonly published?: number;
  /** Stable name of the group that they are counted in; empty where the vendor counts all deletions together. */
  readonly group: string;
  /** Its name for people. */
  readonly label?: string;
}

/** How the quota stands; times ISO 8601. */
export interface QuotaStanding {
  /** Whose figures these are. The vendor's win where it gave any in this period. */
  readonly source: 'vendor' | 'host';
  /** Identifiers that still go out before `resetsAt`. */
  readonly remaining?: number;
  readonly consumed?: number;
  /** Identifiers in a period, by the connection's setting or the manifest. */
  readonly limit?: number;
  readonly resetsAt?: string;
  /** When the vendor said so; now, where the host counted. */
  readonly readAt: string;
  /** What is counted, where the vendor counts kinds of deletions apart: the manifest's name for people. */
  readonly group?: string;
}

type QuotaColumns = Pick<typeof connections.$inferSelect, 'id' | 'connector' | 'facts' | 'quota' | 'settings'>;

/** The terms of a connection. @param config its configuration; secrets are not needed. Pure. */
export function quotaTermsOf(
  manifest: Pick<ConnectorManifest, 'limits'> | undefined,
  config: Readonly<Record<string, unknown>>,
): QuotaTerms {
  const published = manifest?.limits.quota?.subjects;
  const { id = '', label } = (manifest && quotaGroupOf(manifest, config)) ?? {};
  return { group: id, ...given({ published, label }) };
}

/** The calendar month of a time, UTC: `2026-01`. @param now milliseconds since the epoch. */
export function monthOf(now: number): string {
  return new Date(now).toISOString().slice(0, 7);
}

/** When the next calendar month begins, in UTC: a quota's reset where the vendor does not say. */
export function nextMonth(now: number): Date {
  const today = new Date(now);
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1));
}

/** How the quota stands by the vendor's last word, where that word is of this period and group and names an amount. Pure. */
export function vendorStanding(
  kept: KeptQuota | null,
  limit: number | undefined,
  now: number,
  group = '',
): QuotaStanding | undefined {
  if (kept === null || (kept.group ?? '') !== group) return undefined;
  const { group: _group, ...reading } = kept;
  const { resetsAt, readAt, consumed } = reading;
  const current = resetsAt === undefined ? monthOf(Date.parse(readAt)) === monthOf(now) : Date.parse(resetsAt) > now;
  const left = limit === undefined || consumed === undefined ? undefined : Math.max(0, limit - consumed);
  const remaining = reading.remaining ?? left;
  if (!current || remaining === undefined) return undefined;
  return { source: 'vendor', ...given({ limit }), ...reading, remaining };
}

/** How the quota stands by what the host counted. Pure. */
function hostStanding(used: number, limit: number, now: number): QuotaStanding {
  const [resetsAt, readAt] = [nextMonth(now).toISOString(), new Date(now).toISOString()];
  return { source: 'host', limit, consumed: used, remaining: Math.max(0, limit - used), resetsAt, readAt };
}

/**
 * Until when an operation of so many identifiers has to wait; `undefined` where there is room. With nothing used yet there always is:
 * what is larger than a whole period would wait for ever, and the vendor may know better. Pure.
 */
export function waitsForQuota(standing: QuotaStanding, identifiers: number, now: number): Date | undefined {
  const { remaining, limit = Number.POSITIVE_INFINITY, resetsAt } = standing;
  if (remaining === undefined || remaining >= Math.min(identifiers, limit)) return undefined;
  return resetsAt === undefined ? nextMonth(now) : new Date(resetsAt);
}

/** How the quota of a connection stands. @param used what was counted in this period. Pure. */
export function quotaOf(
  row: QuotaColumns,
  { published, group, label }: QuotaTerms,
  used: Used,
  now: number,
): QuotaStanding | undefined {
  const limit = settingsOf(row.settings).monthlyQuota ?? published;
  const told = vendorStanding(row.quota as KeptQuota | null, limit, now, group);
  const named = label === undefined ? {} : { group: label };
  if (told !== undefined || limit === undefined) return told && { ...told, ...named };
  return { ...hostStanding(used(row.id, group), limit, now), ...named };
}

/**
 * Identifiers that a connection's group was charged with. Those of no group count in every one: they were sent before the manifest told
 * groups apart.
 */
export type Used = (connection: string, group: string) => number;

/**
 * The connections that spend the same quota as one of these, each with that one: itself, and those to the same account of the vendor by
 * what the connector says (fact `account`), removed ones among them, whose deletions were counted as well.
 */
export function sharing(ids: readonly string[]): SQL {
  return sql`
    select c.id as connection, s.id as shares
      from connector_host.connections c
      join connector_host.connections s on s.id = c.id
        or s.connector = c.connector and s.facts ->> 'account' = c.facts ->> 'account'
     where c.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;
}

/** What was counted for the accounts of these connections in the month of a time. */
export async function usedIn(db: Queryable, ids: readonly string[], now: number): Promise<Used> {
  const { rows } = await db.execute(sql`
    select a.connection, q.quota_group as "group", sum(q.used)::float8 as used
      from (${sharing(ids)}) a join connector_host.quota_counts q on q.connection = a.shares and q.month = ${monthOf(now)}
     group by 1, 2`);
  const counted = rows as { readonly connection: string; readonly group: string; readonly used: number }[];
  const counts = new Map(counted.map((row) => [`${row.connection}\0${row.group}`, row.used]));
  const one = (connection: string, group: string) => counts.get(`${connection}\0${group}`) ?? 0;
  return (connection, group) => one(connection, '') + (group === '' ? 0 : one(connection, group));
}

/** Lets one submission of an account be counted at a time, until the transaction ends: those of its other connections wait. */
function alone({ connector, facts }: QuotaColumns): SQL {
  const account = (facts as { readonly account?: unknown }).account;
  if (account === undefined) return sql`select`;
  return sql`select pg_advisory_xact_lock(hashtextextended(${`quota ${connector} ${String(account)}`}, 0))`;
}

/**
 * Counts a submission that is about to go out, in the transaction of its intent; of several at once, each sees the others.
 * @returns until when it has to wait, where the quota has no room for it: then nothing was counted.
 */
export async function countSubmission(
  tx: Queryable,
  row: QuotaColumns,
  { published, group }: QuotaTerms,
  identifiers: number,
  now: number,
): Promise<Date | undefined> {
  const limit = settingsOf(row.settings).monthlyQuota ?? published;
  const told = vendorStanding(row.quota as KeptQuota | null, limit, now, group);
  if (limit === undefined) return told && waitsForQuota(told, identifiers, now);
  await tx.execute(sql`
    with alone as (${alone(row)})
    insert into ${quotaCounts} as q (connection, month, quota_group, used)
    select ${row.id}, ${monthOf(now)}, ${group}, ${identifiers}::bigint from alone
    on conflict (connection, month, quota_group) do update set used = q.used + excluded.used`);
  const used = told === undefined ? (await usedIn(tx, [row.id], now))(row.id, group) - identifiers : 0;
  const until = waitsForQuota(told ?? hostStanding(used, limit, now), identifiers, now);
  if (until !== undefined) {
    await uncountSubmission(tx, { connection: row.id, attemptedAt: new Date(now), quotaGroup: group, identifiers });
  }
  return until;
}

/** A submission as it was counted. */
export interface CountedSubmission {
  readonly connection: string;
  readonly attemptedAt: Date;
  readonly quotaGroup: string;
  readonly identifiers: number;
}

/** Takes a submission back out of the count: the vendor has not got it. */
export async function uncountSubmission(
  tx: Queryable,
  { connection, attemptedAt, quotaGroup, identifiers }: CountedSubmission,
): Promise<void> {
  await tx
    .update(quotaCounts)
    .set({ used: sql`greatest(${quotaCounts.used} - ${identifiers}, 0)` })
    .where(
      and(
        eq(quotaCounts.connection, connection),
        eq(quotaCounts.month, monthOf(attemptedAt.getTime())),
        eq(quotaCounts.group, quotaGroup),
      ),
    );
}
