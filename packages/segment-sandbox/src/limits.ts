import type { RegulationType } from './regulations/regulation.js';
import { reachesDestinations } from './regulations/regulation.js';

/** Requests a minute for each token; `Infinity` means no limit. */
export interface RateLimits {
  /** Creating regulations in the Public API. Segment: 600. */
  readonly creates: number;
  /** Everything else in the Public API. Segment: 200 (less on some operations). */
  readonly requests: number;
  /** The Config API. Segment: 200. */
  readonly config: number;
}

/** Segment's published limits. */
export const PUBLISHED_RATE_LIMITS: RateLimits = { creates: 600, requests: 200, config: 200 };

/** Users that may be regulated in a calendar month, counted for each group of regulation types. */
export const PUBLISHED_QUOTA = 110_000;

/** What a limit says after it was asked: in points (requests or users), and when it starts anew (ms since 1970). */
export interface LimitState {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly consumed: number;
  readonly resetAt: number;
}

const MINUTE = 60_000;

/** Fixed windows of a minute that begin with the first request, as the vendor's `msBeforeNext` and `consumedPoints` show. */
export class RateWindows {
  private readonly windows = new Map<string, { startedAt: number; consumed: number }>();

  /** Counts one request under `key`; a refused request counts too, as the vendor's counter runs past its limit. */
  take(key: string, limit: number, now: number): LimitState {
    let window = this.windows.get(key);
    if (!window || now - window.startedAt >= MINUTE || now < window.startedAt) {
      window = { startedAt: now, consumed: 0 };
      this.windows.set(key, window);
    }
    window.consumed += 1;
    return {
      allowed: window.consumed <= limit,
      remaining: Math.max(0, limit - window.consumed),
      consumed: window.consumed,
      resetAt: window.startedAt + MINUTE,
    };
  }
}

/** The regulation quota: users a calendar month (UTC), Segment-only types and types that reach destinations apart. */
export class MonthlyQuota {
  private readonly used = new Map<string, number>();

  constructor(private limit: number) {}

  /** Changes the limit from now on; what was used stays used. */
  setLimit(limit: number): void {
    this.limit = limit;
  }

  /** True where there is no quota to speak of. */
  get unlimited(): boolean {
    return this.limit === Number.POSITIVE_INFINITY;
  }

  /**
   * Takes `users` from the quota, all or none. (Whether Segment takes a part of a request that crosses the limit is not
   * published; all or none leaves no half regulation behind.)
   */
  take(workspaceId: string, type: RegulationType, users: number, now: number): LimitState {
    const before = this.state(workspaceId, type, now);
    if (users > before.remaining) return { ...before, allowed: false };
    this.used.set(this.key(workspaceId, type, now), before.consumed + users);
    return { ...before, remaining: before.remaining - users, consumed: before.consumed + users };
  }

  /** How the quota stands, taking nothing. */
  state(workspaceId: string, type: RegulationType, now: number): LimitState {
    const consumed = this.used.get(this.key(workspaceId, type, now)) ?? 0;
    const today = new Date(now);
    return {
      allowed: true,
      remaining: Math.max(0, this.limit - consumed),
      consumed,
      resetAt: Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1),
    };
  }

  private key(workspaceId: string, type: RegulationType, now: number): string {
    const group = reachesDestinations(type) ? 'destinations' : 'segment-only';
    return `${workspaceId} ${group} ${new Date(now).toISOString().slice(0, 7)}`;
  }
}

/** `Fri, 21 Nov 1997 09:55:06 +0000`: the date form of RFC 5322 that the reset header uses. */
export function rfc5322Date(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}
