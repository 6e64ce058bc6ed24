import { createHash } from 'node:crypto';
import type { Identifier } from 'connector-contract';
import type { IdentityFormat } from '../settings.js';

/** The identity types of the specification (section 5.1), each of them a kind of identifier of the manifest. */
export const identityTypes = [
  'email',
  'controller_customer_id',
  'android_advertising_id',
  'android_id',
  'fire_advertising_id',
  'ios_advertising_id',
  'ios_vendor_id',
  'microsoft_advertising_id',
  'microsoft_publisher_id',
  'roku_advertising_id',
  'roku_publisher_id',
] as const;

/** One of {@link identityTypes}. */
export type IdentityType = (typeof identityTypes)[number];

/** An identity as it travels (section 5.3). */
export interface Identity {
  readonly identity_type: IdentityType;
  readonly identity_value: string;
  readonly identity_format: IdentityFormat;
}

// What other connectors of a host call a user ID is what the specification calls the controller's customer ID.
const typesByKind: ReadonlyMap<string, IdentityType> = new Map<string, IdentityType>([
  ...identityTypes.map((type) => [type, type] as const),
  ['user_id', 'controller_customer_id'],
]);

/** The identity type of a kind of identifier, or `undefined` where a processor knows none. */
export function typeOf(kind: string): IdentityType | undefined {
  return typesByKind.get(kind);
}

/** The digest of a value. E-mail addresses are hashed in lower case, as those who compare digests of them do. */
function hashed(type: IdentityType, value: string, format: Exclude<IdentityFormat, 'raw'>): string {
  return createHash(format)
    .update(type === 'email' ? value.toLowerCase() : value, 'utf8')
    .digest('hex');
}

/** Identifiers as identities, without repeats; raw values are not touched. Kinds that a processor does not know are left out. */
export function identitiesOf(identifiers: readonly Identifier[], format: IdentityFormat): Identity[] {
  const found = new Map<string, Identity>();
  for (const { kind, value } of identifiers) {
    const type = typeOf(kind);
    if (type === undefined) continue;
    const sent = format === 'raw' ? value : hashed(type, value, format);
    found.set(`${type} ${sent}`, { identity_type: type, identity_value: sent, identity_format: format });
  }
  return [...found.values()];
}
