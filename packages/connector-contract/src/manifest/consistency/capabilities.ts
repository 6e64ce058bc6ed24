import { at, type ManifestIssue } from '../issue.js';
import type { ConnectorManifest, DeletionTerms } from '../manifest.generated.js';
import { repeats } from './repeats.js';

/** What the connector says it can do: products, permissions and deletion agree with each other. */
export function capabilityIssues(manifest: ConnectorManifest): ManifestIssue[] {
  const { permissions, deletion } = manifest;
  return [
    ...repeats(permissions, (permission) => permission.id, ['permissions'], 'id'),
    ...productIssues(manifest),
    ...permissionIssues(manifest),
    ...(deletion === undefined ? [] : [...completionIssues(manifest, deletion), ...termIssues(manifest, deletion)]),
  ];
}

function productIssues({ products, deletion, access, systemDetection }: ConnectorManifest): ManifestIssue[] {
  const served = {
    'request-manager': deletion !== undefined || access.type !== 'none',
    'live-data-map': systemDetection !== undefined,
  };
  return products.flatMap((product, index) =>
    served[product]
      ? []
      : [
          {
            path: at('products', index),
            message: `Nothing in the manifest serves \`${product}\`.`,
            remedy:
              product === 'live-data-map'
                ? 'Add the block systemDetection, or remove the product.'
                : 'Add the block deletion or a type of access, or remove the product.',
          },
        ],
  );
}

function permissionIssues({ permissions, deletion, systemDetection }: ConnectorManifest): ManifestIssue[] {
  const present = { base: true, deletion: deletion !== undefined, 'system-detection': systemDetection !== undefined };
  return permissions.flatMap((permission, index) =>
    permission.capabilities.flatMap((capability, place) =>
      present[capability]
        ? []
        : [
            {
              path: at('permissions', index, 'capabilities', place),
              message: `The connector has no capability \`${capability}\`.`,
              remedy: 'Add its block to the manifest, or remove it here.',
            },
          ],
    ),
  );
}

/** Terms under which no deletion could ever be sent, or followed to its end. */
function termIssues(
  { identities }: ConnectorManifest,
  { batch, slaDays, recordKeptDays }: DeletionTerms,
): ManifestIssue[] {
  const issues: ManifestIssue[] = [];
  const fewest = Math.max(identities.atLeast, identities.kinds.filter(({ required }) => required).length);
  if (batch.maxIdentifiers !== undefined && batch.maxIdentifiers < fewest) {
    issues.push({
      path: 'deletion.batch.maxIdentifiers',
      message: `A person needs ${fewest} identifiers, which fit into no operation.`,
      remedy: 'Allow more identifiers in an operation, or ask for fewer of a person.',
    });
  }
  if (recordKeptDays !== undefined && recordKeptDays < slaDays) {
    issues.push({
      path: 'deletion.recordKeptDays',
      message: 'The vendor would forget a deletion before it means to be done with it.',
      remedy: `Use at least ${slaDays} (slaDays), or correct that.`,
    });
  }
  return issues;
}

function completionIssues(manifest: ConnectorManifest, { completion, statusPollable }: DeletionTerms): ManifestIssue[] {
  if (completion === undefined) return [];
  const path = (name: string): string => at('deletion', 'completion', name);
  const field = manifest.config.fields.find((one) => one.key === completion.field);
  if (field?.kind !== 'choice') {
    return [
      {
        path: path('field'),
        message: `There is no choice field \`${completion.field}\`.`,
        remedy: 'Name the key of the choice field that holds the decision.',
      },
    ];
  }
  const issues: ManifestIssue[] = [];
  const offered = field.choices.map((choice) => choice.value).sort();
  if (offered.join() !== [...completion.choices].sort().join()) {
    issues.push({
      path: path('choices'),
      message: `The field \`${field.key}\` offers other values: ${offered.join(', ')}.`,
      remedy: 'Let the field and this list hold the same values.',
    });
  }
  if (field.default !== completion.default) {
    issues.push({
      path: path('default'),
      message: `The field \`${field.key}\` has another default.`,
      remedy: 'Let both name the same value.',
    });
  }
  if (!completion.choices.includes(completion.default)) {
    issues.push({
      path: path('default'),
      message: 'The default is not one of the choices.',
      remedy: `Use one of: ${completion.choices.join(', ')}.`,
    });
  }
  if (completion.choices.includes('wait-for-completion') && !statusPollable) {
    issues.push({
      path: path('choices'),
      message: 'Nobody can wait for a completion that cannot be asked about (statusPollable is false).',
      remedy: 'Remove wait-for-completion, or make the status pollable.',
    });
  }
  return issues;
}
