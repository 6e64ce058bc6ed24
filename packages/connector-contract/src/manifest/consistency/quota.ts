import { at, type ManifestIssue, within } from '../issue.js';
import type { ConnectorManifest } from '../manifest.generated.js';
import { repeats } from './repeats.js';
import { valueIssues } from './visibility.js';

/** Groups of a quota: unique names, and conditions that a configuration can meet. */
export function quotaIssues({ limits, config }: ConnectorManifest): ManifestIssue[] {
  const groups = limits.quota?.groups ?? [];
  const place = ['limits', 'quota', 'groups'];
  const fields = new Map(config.fields.map((field) => [field.key, field]));
  return [
    ...repeats(groups, ({ id }) => id, place, 'id'),
    ...groups.flatMap((group, index) => valueIssues(group, fields).map((issue) => within(at(...place, index), issue))),
  ];
}
