import { createHash } from 'node:crypto';
import type { Identifier } from 'connector-contract';
import { ownManifest } from '../manifest.js';
import type { IdentityFormat } from '../settings.js';

/** An identity as it travels (sections 5.1 and 5.3). */
export interface Identity {
  readonly identity_type: string;
  readonly identity_value: string;
  readonly identity_format: IdentityFormat;
}

/** The identity types of the manifest's kinds of identifier: what other connectors call a user ID is the specification's customer ID. */
export function identityTypes(): ReadonlyMap<string, string> {
  const kinds = ownManifest().identities.kinds.map(({ kind }) => kind);
  return new Map(kinds.map((kind) => [kind, kind === 'user_id' ? 'controller_customer_id' : kind]));
}

/** The digest of a value. E-mail addresses are hashed in lower case, as those who compare digests of them do. */
function hashed(type: string, value: string, format: Exclude<IdentityFormat, 'raw'>): string {
  return createHash(format)
    .update(type === 'email' ? value.toLowerCase() : value, 'utf8')
    .digest('hex');
}

/** Identifiers as identities, without repeats; raw values are not touched. Kinds that a processor does not know are left out. */
export function identitiesOf(identifiers: readonly Identifier[], format: IdentityFormat): Identity[] {
  const found = new Map<string, Identity>();
  const types = identityTypes();
  for (const { kind, value } of identifiers) {
    const type = types.get(kind);
    if (type === undefined) continue;
    const sent = format === 'raw' ? value : hashed(type, value, format);
    found.set(`${type} ${sent}`, { identity_type: type, identity_value: sent, identity_format: format });
  }
  return [...found.values()];
}
