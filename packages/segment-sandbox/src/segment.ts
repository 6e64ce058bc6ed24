import type { SandboxClock } from './clock.js';
import type { MonthlyQuota, RateLimits, RateWindows } from './limits.js';
import type { Progress } from './regulations/progress.js';
import type { RegulationStore } from './regulations/store.js';
import type { SubjectRules } from './regulations/subjects.js';
import type { TokenBook } from './tokens.js';
import type { Workspace } from './workspace.js';

/** How answers look where what Segment sends is not published, so that a client can be tried against each possibility. */
export interface AnswerStyle {
  /** Order of regulations in lists. */
  readonly listOrder: 'newest-first' | 'oldest-first';
  /** What `name` holds in the results per destination: the name in the catalogue, or its slug. */
  readonly destinationNames: 'name' | 'slug';
  /** Config API: whether `regulate_id` is a string or a number. */
  readonly regulateIdAs: 'string' | 'number';
  /** Config API: status of a successful create. */
  readonly createStatus: 200 | 201;
  /** Config API: casing of the fields of a regulation. */
  readonly fields: 'snake_case' | 'camelCase';
  /** Config API: a regulation by itself, or under `regulation`. */
  readonly wrapped: boolean;
  /** Config API: casing of status values (`PARTIAL_SUCCESS`, `Partial_Success`, `partial_success`). */
  readonly statuses: 'SCREAMING' | 'Title' | 'lower';
}

/** The whole state of the local Segment: what both API generations stand on. */
export interface Segment {
  readonly clock: SandboxClock;
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly tokens: TokenBook;
  readonly regulations: RegulationStore;
  readonly progress: Progress;
  readonly subjectRules: SubjectRules;
  readonly quota: MonthlyQuota;
  readonly windows: RateWindows;
  /** Requests a minute; may be changed while it runs. */
  rateLimits: RateLimits;
  readonly style: AnswerStyle;
}
