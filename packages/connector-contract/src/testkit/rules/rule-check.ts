import type { Bench } from '../bench.js';
import type { RuleId } from '../rules.js';

/** Asks one rule of a connector; rejects with an assertion error where it is broken. */
export type RuleCheck = (bench: Bench) => Promise<void>;

/** The checks of one chapter, by rule. */
export type RuleChecks<Letter extends string> = Readonly<Record<Extract<RuleId, `${Letter}${string}`>, RuleCheck>>;
