import { asksFor, type ContractFeature } from '../../features.js';
import { at, type ManifestIssue } from '../issue.js';
import type { ConnectorManifest } from '../manifest.generated.js';

/** Parts of a manifest that not every host knows, and the features that they are. */
const parts: readonly (readonly [
  feature: ContractFeature,
  uses: (manifest: ConnectorManifest) => string | undefined,
])[] = [
  ['oauth-client-credentials', ({ auth }) => (auth === undefined ? undefined : 'auth')],
  ['chosen-region', ({ regionField }) => (regionField === undefined ? undefined : 'regionField')],
  [
    'finer-rates',
    ({ limits: { rate } }) => {
      const index = rate.findIndex(({ spread, within, byHeader }) => spread ?? within ?? byHeader);
      return index < 0 ? undefined : at('limits', 'rate', index);
    },
  ],
];

/** What a manifest uses, it asks for by name: a host that lacks it then says so. */
export function featureIssues(manifest: ConnectorManifest): ManifestIssue[] {
  return parts.flatMap(([feature, uses]) => {
    const path = uses(manifest);
    if (path === undefined || asksFor(manifest, feature)) return [];
    return [
      {
        path,
        message: `This is the feature \`${feature}\`, which contract.features does not ask for.`,
        remedy: `Add "${feature}" to contract.features.`,
      },
    ];
  });
}
