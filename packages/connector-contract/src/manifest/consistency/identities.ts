import { at, type ManifestIssue, within } from '../issue.js';
import type { ConnectorManifest } from '../manifest.generated.js';
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
