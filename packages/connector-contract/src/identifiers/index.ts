export { type IdentifierJudge, identifierJudge, type KindTerms, LONGEST_IDENTIFIER } from './judge.js';
export type { IdentifierRule, IdentifierVerdict } from './rule.js';
export { identifierRules } from './rules.js';
