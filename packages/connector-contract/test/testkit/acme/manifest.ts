import type { ConnectorManifest } from '../../../src/index.js';
import { inOrder, sampleField, sampleManifest } from '../../manifest/sample.js';

/** Short, so that the rule about it is soon asked; long enough for a busy machine. */
export const ACME_TIMEOUT_MS = 4_000;

/** The manifest of the small connector that the rules are tried on. */
export const acmeManifest: ConnectorManifest = makeManifest();

function makeManifest(): ConnectorManifest {
  const fields = inOrder([
    sampleField('secret', { key: 'apiToken', required: true, maxLength: 100 }),
    sampleField('string', { key: 'account', required: true, maxLength: 20 }),
    sampleField('choice', { key: 'mode', required: true, default: 'one' }),
    sampleField('string', { key: 'folder', visibleWhen: { field: 'mode', in: ['two'] } }),
    sampleField('string', { key: 'baseUrl', format: 'uri', availability: 'host-allows-endpoints' }),
  ]);
  const manifest = sampleManifest(fields);
  const { deletion } = manifest;
  return {
    ...manifest,
    contract: { ...manifest.contract, features: ['divided-operations', 'claimed-references'] },
    limits: { ...manifest.limits, timeoutMs: ACME_TIMEOUT_MS },
    ...(deletion === undefined
      ? {}
      : {
          deletion: { ...deletion, cancellable: true, batch: { maxSubjects: 4, maxIdentifiers: 8, maxBytes: 100_000 } },
        }),
    identities: {
      kinds: [
        { kind: 'email', label: 'Email', help: 'An address.', required: false },
        { kind: 'user_id', label: 'User ID', help: 'A key.', required: false },
      ],
      atLeast: 1,
    },
    permissions: ['read', 'erase'].map((id) => ({
      id,
      label: id,
      why: 'Needed.',
      required: true,
      capabilities: ['base'],
      grantedBy: 'Tick it.',
      probe: 'read-only',
    })),
  };
}
