import { createHash } from 'node:crypto';
import type { ConnectorConfig, Identifier, Subject } from 'connector-contract';
import { type Packing, packingOf } from 'connector-kit';
import { ownManifest } from '../manifest.js';
import { dialects, type Protocol } from '../opendsr/protocol.js';
import type { IdentityFormat, Regulation, Settings } from '../settings.js';
import { type Identity, identitiesOf } from './identity.js';

/** A request for erasure, as far as it is not the same for all. */
export interface ErasureRequest {
  readonly id: string;
  /** ISO 8601. */
  readonly submittedAt: string;
  readonly identities: readonly Identity[];
}

/**
 * The id of an operation's request: a version 4 UUID in lower case, as the specification demands, made of the key that the host
 * knows the operation by. However often the operation is sent, a processor sees one request; and it can be asked for it after the
 * answer was lost. The same person in a later operation is another request.
 */
export function requestIdOf(key: string): string {
  const bytes = createHash('sha256')
    .update(`opendsr-connector/subject_request_id/${key}`, 'utf8')
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

/** The body of `POST /requests` (section 7.1.1). */
export function requestFor(
  { id, submittedAt, identities }: ErasureRequest,
  { protocol, regulation }: Pick<Settings, 'protocol' | 'regulation'>,
): object {
  const dialect = dialects[protocol];
  return {
    ...(dialect.regulation ? { regulation } : {}),
    subject_request_id: id,
    subject_request_type: 'erasure',
    submitted_time: submittedAt,
    subject_identities: identities,
    api_version: dialect.apiVersion,
  };
}

const example = { id: '00000000-0000-4000-8000-000000000000', submittedAt: '2000-01-01T00:00:00.000Z' };

/** How people are packed: each alone, as the manifest's `deletion.batch` says. */
export function packingFor(config: ConnectorConfig): Packing {
  const format = (config['identityFormat'] ?? 'raw') as IdentityFormat;
  const settings = {
    protocol: (config['protocol'] ?? 'opendsr-2') as Protocol,
    regulation: (config['regulation'] ?? 'gdpr') as Regulation,
  };
  return packingOf(ownManifest(), (people) =>
    requestFor({ ...example, identities: identitiesOf(identifiersOf(people), format) }, settings),
  );
}

/** All identifiers of people. */
export function identifiersOf(people: readonly Subject[]): Identifier[] {
  return people.flatMap(({ identifiers }) => identifiers);
}
