export { type IdentifierJudge, identifierJudge, type KindTerms, LONGEST_IDENTIFIER } from './judge.js';
export { type IdentifierRule, type IdentifierVerdict, identifierRules } from './rules.js';
