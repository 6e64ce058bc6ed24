import { identifierRules, LONGEST_IDENTIFIER } from '../../identifiers/index.js';
import { at, type ManifestIssue, within } from '../issue.js';
import type { ConnectorManifest, IdentityKind } from '../manifest.generated.js';
import { patternProblem } from '../pattern.js';
import { repeats } from './repeats.js';
import { valueIssues } from './visibility.js';

/** What people are known by: unique kinds, no more asked of a person than there are, and sense in what the vendor knows them by. */
export function identityIssues({ identities: { kinds, atLeast }, config }: ConnectorManifest): ManifestIssue[] {
  const fields = new Map(config.fields.map((field) => [field.key, field]));
  const place = ['identities', 'kinds'];
  const issues = repeats(kinds, ({ kind }) => kind, place, 'kind');
  if (atLeast > kinds.length) {
    issues.push({
      path: 'identities.atLeast',
      message: 'A person would need more kinds of identifier than there are.',
      remedy: `Use at most ${kinds.length}.`,
    });
  }
  for (const [index, kind] of kinds.entries()) {
    issues.push(...ruleIssues(kind).map((issue) => within(at(...place, index), issue)));
  }
  for (const [index, { sentWhen }] of kinds.entries()) {
    if (sentWhen === undefined) continue;
    issues.push(...valueIssues(sentWhen, fields).map((issue) => within(at(...place, index, 'sentWhen'), issue)));
  }
  for (const [index, { knownBy, equalsKnownByWhen }] of kinds.entries()) {
    if (equalsKnownByWhen === undefined) continue;
    const path = at(...place, index, 'equalsKnownByWhen');
    issues.push(...valueIssues(equalsKnownByWhen, fields).map((issue) => within(path, issue)));
    if (knownBy === true || !kinds.some((one) => one.knownBy === true)) {
      issues.push({
        path,
        message: knownBy === true ? 'The vendor knows people by this kind anyway.' : 'No kind is `knownBy`.',
        remedy: 'Say `knownBy` at the kind that the vendor knows people by, and this at another one.',
      });
    }
  }
  return issues;
}

/** Rules about identifiers: names that exist or are new, and expressions that end in time on any value. */
function ruleIssues({ rules = [], expects = [] }: IdentityKind): ManifestIssue[] {
  const doubtful = new Set(identifierRules.flatMap(({ code, verdict }) => (verdict === 'doubtful' ? code : [])));
  const all = new Set(identifierRules.map(({ code }) => code));
  const issues = repeats(rules, ({ code }) => code, ['rules'], 'code');
  for (const [index, code] of expects.entries()) {
    if (doubtful.has(code)) continue;
    const message = `The contract has no doubtful rule ${code}.`;
    issues.push({ path: at('expects', index), message, remedy: `Use some of: ${[...doubtful].join(', ')}.` });
  }
  for (const [index, { code, pattern }] of rules.entries()) {
    const problem = patternProblem(pattern, LONGEST_IDENTIFIER);
    if (problem !== undefined) {
      const message = `The pattern cannot be used: ${problem}.`;
      issues.push({ path: at('rules', index, 'pattern'), message, remedy: 'Write a simpler one, such as ^tmp-.' });
    }
    if (all.has(code)) {
      const message = `The contract has a rule ${code} already.`;
      issues.push({ path: at('rules', index, 'code'), message, remedy: 'Give it a name of its own.' });
    }
  }
  return issues;
}
