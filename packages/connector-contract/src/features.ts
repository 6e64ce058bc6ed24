import type { ConnectorManifest } from './manifest/manifest.generated.js';

/**
 * Parts of the contract that a host may lack, and what a connector relies on that asks for them by name in its manifest
 * (`contract.features`). Everything else that the contract says, every host keeps. A name is never reused.
 */
export const contractFeatures = {
  'operation-keys': 'Every operation that is submitted or reconciled has a `key`; see `Operation.key`.',
  'divided-operations':
    'Where `submit` answers `instead`, those smaller operations take the place of the refused one; see `NotAccepted.instead`.',
  'claimed-references': '`reconcile` is told which references belong to other operations.',
  'shared-references': 'Several operations of a connection may have one reference; see `Accepted.reference`.',
  'subject-results':
    'What a vendor says that became of one person counts for that person, whatever became of the others; see `SubjectResult`.',
  'connection-state': 'A connector knows its connection by an id and keeps something with it; see `ConnectionSecrets`.',
  'oauth-client-credentials': "The host gets tokens by the manifest's `auth`; see `ConnectionAuth`.",
  'finer-rates':
    'A rate may follow what answers say is left, be used up at once, and count within another one; see `limits.rate` and `ConnectorContext.left`.',
  'chosen-region': 'A connection talks to the hosts of its own region alone; see `regionField` of the manifest.',
  'resumable-reconcile': '`reconcile` is given back the `progress` that it answered; see `ReconcileOutcome`.',
  'wider-detection':
    'Systems may be of the kinds `model`, `function` and `space`, and one may stand for a list that the vendor refused or does not have; see `DetectedSystem.unlisted`.',
} as const;

/** A name in {@link contractFeatures}. */
export type ContractFeature = keyof typeof contractFeatures;

/** Whether a manifest asks for a feature. */
export function asksFor({ contract }: Pick<ConnectorManifest, 'contract'>, feature: ContractFeature): boolean {
  return contract.features?.includes(feature) === true;
}

/**
 * The features that a manifest asks for and a host lacks, in the manifest's order; names that no contract knows among them.
 * @param offered what the host offers: all of {@link contractFeatures}, unless it says otherwise.
 */
export function missingFeatures(
  { contract }: Pick<ConnectorManifest, 'contract'>,
  offered: readonly string[] = Object.keys(contractFeatures),
): readonly string[] {
  return (contract.features ?? []).filter((feature) => !offered.includes(feature));
}
