import { fraction } from '../random.js';
import type { Outcome, RegulationScope, RegulationType } from './regulation.js';

/** What a rule may look at: a regulation that is about to be made. */
export interface OutcomeCandidate {
  /** Position in order of creation in this sandbox, from 0. */
  readonly index: number;
  readonly workspace: string;
  readonly scope: RegulationScope;
  readonly regulationType: RegulationType;
  readonly subjectIds: readonly string[];
}

/** Decides how regulations end. Every condition given must hold; a rule without conditions holds for all. */
export interface OutcomeRule {
  /** Only the regulation made as number `index` (from 0). */
  readonly index?: number;
  /** Only regulations that hold this identifier. */
  readonly subject?: string;
  /** Only regulations for which this answers true (library only). */
  readonly when?: (candidate: OutcomeCandidate) => boolean;
  /** How it ends; `mixed` chooses by the seed. */
  readonly outcome: Outcome | 'mixed';
}

/** What `mixed` gives, with its share in a hundred. */
const MIX: readonly (readonly [Outcome, number])[] = [
  ['finished', 50],
  ['failed-unsupported', 25],
  ['partial-success', 15],
  ['failed-supported', 5],
  ['not-supported', 3],
  ['invalid', 2],
];

/** The rules in force. The first that holds wins; later additions go first; with no rule a regulation ends `finished`. */
export class OutcomeBook {
  private rules: OutcomeRule[];

  constructor(
    rules: readonly OutcomeRule[],
    private readonly seed: number,
  ) {
    this.rules = [...rules];
  }

  /** Adds a rule before all others. It applies to regulations made from now on. */
  add(rule: OutcomeRule): void {
    this.rules.unshift(rule);
  }

  /** Drops all rules. */
  clear(): void {
    this.rules = [];
  }

  /** How this regulation is going to end. */
  decide(candidate: OutcomeCandidate): Outcome {
    const outcome = this.rules.find((rule) => holds(rule, candidate))?.outcome ?? 'finished';
    return outcome === 'mixed' ? mixed(this.seed, candidate.index) : outcome;
  }
}

function holds(rule: OutcomeRule, candidate: OutcomeCandidate): boolean {
  if (rule.index !== undefined && rule.index !== candidate.index) return false;
  if (rule.subject !== undefined && !candidate.subjectIds.includes(rule.subject)) return false;
  return rule.when === undefined || rule.when(candidate);
}

function mixed(seed: number, index: number): Outcome {
  let point = fraction(seed, 'outcome', index) * 100;
  for (const [outcome, share] of MIX) {
    if (point < share) return outcome;
    point -= share;
  }
  return 'finished';
}
