import { type AnswerStyle, answersProblem, USUAL_ANSWERS } from './answers.js';
import type { TimeSource } from './clock.js';
import type { WorkspaceSize } from './demo/generate.js';
import type { FaultRule } from './faults.js';
import { faultProblem } from './faults.js';
import type { RateLimits } from './limits.js';
import { PUBLISHED_QUOTA, PUBLISHED_RATE_LIMITS } from './limits.js';
import type { OutcomeRule } from './regulations/outcomes.js';
import type { Pace } from './regulations/progress.js';
import { USUAL_PACE } from './regulations/progress.js';
import { isBadByDefault } from './regulations/subjects.js';
import type { Region, TokenSpec } from './tokens.js';
import type { Workspace } from './workspace.js';

/** How a sandbox is set up. Everything has a default. */
export interface SandboxOptions {
  /** Port on 127.0.0.1; 0 (the default) takes a free one. */
  readonly port?: number;
  /** Region it plays; tokens of the other are refused. Default `us`. */
  readonly region?: Region;
  /** Decides ids, durations, mixed outcomes and the dice of faults. Default 1. */
  readonly seed?: number;
  /** Where the time comes from. Default: the system clock. */
  readonly clock?: TimeSource;
  /** Milliseconds that a regulation ages in one: 86,400 makes a day pass in a second; 0 stands still; `Infinity` finishes at once. Default 1. */
  readonly speed?: number;
  /** How long a regulation takes in its own age. Default: an hour to start, one to five days to finish. */
  readonly pace?: Pace;
  /** Requests a minute; `off` for none. What is left out stays as Segment publishes it. */
  readonly rateLimit?: 'off' | Partial<RateLimits>;
  /** Users a calendar month for each group of types; `off` for none. Default 110,000. */
  readonly quota?: number | 'off';
  /** How regulations end; the first rule that holds wins. Without a rule: `finished`. */
  readonly outcomes?: readonly OutcomeRule[];
  /** Faults in force from the start. */
  readonly faults?: readonly FaultRule[];
  /** Identifiers that are refused. Default: with a NUL character, or longer than 1,000 characters. */
  readonly badId?: RegExp | ((id: string) => boolean);
  /** Whether a refusal names the place of the bad identifier. Default false. */
  readonly nameBadIds?: boolean;
  /** A generated workspace of this size in place of the demo's `acme-demo`. */
  readonly generate?: WorkspaceSize;
  /** Workspaces beside (or, by the same slug, in place of) the demo's. */
  readonly workspaces?: readonly Workspace[];
  /** Tokens beside the demo tokens. */
  readonly tokens?: readonly TokenSpec[];
  /**
   * A file in which regulations, time moved ahead and the quota used outlive this process; begun where it is absent. Ids are then random,
   * so that no start gives out those of another. Default: everything is kept in memory, and ids follow from the seed.
   */
  readonly state?: string;
  /** How many requests to record. Default 0: they are only counted. */
  readonly recordRequests?: number;
  /** How answers look where what Segment sends is not published; what is left out is the first of its choices. */
  readonly answers?: Partial<AnswerStyle>;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly port: number;
  readonly region: Region;
  readonly seed: number;
  readonly clock: TimeSource;
  readonly speed: number;
  readonly pace: Pace;
  readonly rateLimits: RateLimits;
  readonly quota: number;
  readonly outcomes: readonly OutcomeRule[];
  readonly faults: readonly FaultRule[];
  readonly isBadId: (id: string) => boolean;
  readonly nameBadIds: boolean;
  readonly generate: WorkspaceSize | undefined;
  readonly workspaces: readonly Workspace[];
  readonly tokens: readonly TokenSpec[];
  readonly state: string | undefined;
  readonly recordRequests: number;
  readonly answers: AnswerStyle;
}

/** Fills in the defaults. @throws RangeError that names the option and what it takes */
export function resolveOptions(options: SandboxOptions): ResolvedOptions {
  const { port = 0, region = 'us', seed = 1, speed = 1, quota = PUBLISHED_QUOTA, generate, faults = [] } = options;
  demand(Number.isInteger(port) && port >= 0 && port <= 65_535, 'port must be a whole number from 0 to 65535');
  demand(region === 'us' || region === 'eu', 'region must be us or eu');
  demand(Number.isSafeInteger(seed), 'seed must be a whole number');
  demand(options.state !== '', 'state must name a file');
  demand(speed >= 0, 'speed must be a number, zero or more');
  demand(quota === 'off' || quota >= 0, 'quota must be "off" or a number of users, zero or more');
  for (const [name, count] of Object.entries(generate ?? {}))
    demand(Number.isInteger(count) && count >= 0, `generate.${name} must be a whole number, zero or more`);
  demand(
    !generate || generate.destinations === 0 || generate.sources > 0,
    'generate.sources must be at least 1: destinations belong to a source',
  );
  for (const fault of faults) {
    const wrong = faultProblem(fault);
    demand(wrong === undefined, wrong ?? '');
  }
  const { badId, answers = {} } = options;
  const wrongAnswer = answersProblem(answers);
  demand(wrongAnswer === undefined, wrongAnswer ?? '');
  return {
    port,
    region,
    seed,
    speed,
    clock: options.clock ?? Date,
    pace: options.pace ?? USUAL_PACE,
    rateLimits: resolveRateLimits(options.rateLimit),
    quota: quota === 'off' ? Number.POSITIVE_INFINITY : quota,
    outcomes: options.outcomes ?? [],
    faults,
    isBadId: badId instanceof RegExp ? (id) => id.search(badId) >= 0 : (badId ?? isBadByDefault),
    nameBadIds: options.nameBadIds ?? false,
    generate,
    workspaces: options.workspaces ?? [],
    tokens: options.tokens ?? [],
    state: options.state,
    recordRequests: options.recordRequests ?? 0,
    answers: { ...USUAL_ANSWERS, ...answers },
  };
}

/** Rate limits with what was left out as published. @throws RangeError */
export function resolveRateLimits(asked: SandboxOptions['rateLimit']): RateLimits {
  const off = Number.POSITIVE_INFINITY;
  const limits =
    asked === 'off' ? { creates: off, requests: off, config: off } : { ...PUBLISHED_RATE_LIMITS, ...asked };
  for (const [name, limit] of Object.entries(limits))
    demand(limit >= 0, `rateLimit.${name} must be a number of requests a minute, zero or more`);
  return limits;
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new RangeError(message);
}
