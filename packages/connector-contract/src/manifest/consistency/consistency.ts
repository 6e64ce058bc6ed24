import type { ManifestIssue } from '../issue.js';
import type { ConnectorManifest } from '../manifest.generated.js';
import { isRange, isVersion } from '../semver.js';
import { authIssues } from './auth.js';
import { capabilityIssues } from './capabilities.js';
import { featureIssues } from './features.js';
import { fieldIssues } from './fields.js';
import { identityIssues } from './identities.js';
import { networkIssues } from './network.js';
import { quotaIssues } from './quota.js';
import { rateIssues } from './rates.js';
import { setupIssues } from './setup.js';
import { visibilityIssues } from './visibility.js';

/** What a schema cannot say: whether the parts of a manifest agree with each other. */
export function consistencyIssues(manifest: ConnectorManifest): ManifestIssue[] {
  return [
    ...packageIssues(manifest),
    ...capabilityIssues(manifest),
    ...identityIssues(manifest),
    ...networkIssues(manifest),
    ...authIssues(manifest),
    ...fieldIssues(manifest),
    ...visibilityIssues(manifest),
    ...rateIssues(manifest),
    ...quotaIssues(manifest),
    ...setupIssues(manifest),
    ...featureIssues(manifest),
  ];
}

function packageIssues({ version, contract, icon }: ConnectorManifest): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  if (!isVersion(version)) {
    issues.push({ path: 'version', message: 'This is not a semver version.', remedy: 'Write it like 1.2.3.' });
  }
  if (!isRange(contract.range)) {
    issues.push({ path: 'contract.range', message: 'This is not a semver range.', remedy: 'Write it like ^1.0.0.' });
  }
  if (icon?.startsWith('./') === true && icon.split('/').includes('..')) {
    issues.push({ path: 'icon', message: 'The icon lies outside the package.', remedy: 'Name a file in the package.' });
  }
  return issues;
}
