import type { ConnectorConfig, Subject } from 'connector-contract';
import { type Packing, packingOf } from 'connector-kit';
import { ownManifest } from '../manifest.js';
import type { Protocol } from '../opendsr/protocol.js';
import type { IdentityFormat, Regulation } from '../settings.js';
import { identitiesOf } from './identity.js';
import { requestFor } from './request.js';

const example = { id: '00000000-0000-4000-8000-000000000000', submittedAt: '2000-01-01T00:00:00.000Z' };

/** How people are packed: each alone, as the manifest's `deletion.batch` says. */
export function packingFor(config: ConnectorConfig): Packing {
  const format = (config['identityFormat'] ?? 'raw') as IdentityFormat;
  const settings = {
    protocol: (config['protocol'] ?? 'opendsr-2') as Protocol,
    regulation: (config['regulation'] ?? 'gdpr') as Regulation,
  };
  const body = (people: readonly Subject[]): unknown => {
    const identifiers = people.flatMap((one) => one.identifiers);
    return requestFor({ ...example, identities: identitiesOf(identifiers, format) }, settings);
  };
  return packingOf(ownManifest(), body);
}
