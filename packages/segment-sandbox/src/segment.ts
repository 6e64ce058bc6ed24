import type { AnswerStyle } from './answers.js';
import type { SandboxClock } from './clock.js';
import type { MonthlyQuota, RateLimits, RateWindows } from './limits.js';
import type { Progress } from './regulations/progress.js';
import type { RegulationStore } from './regulations/store.js';
import type { SubjectRules } from './regulations/subjects.js';
import type { TokenBook } from './tokens.js';
import type { Workspace } from './workspace.js';

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
