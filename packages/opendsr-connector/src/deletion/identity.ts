import { createHash } from 'node:crypto';
import type { ConnectorContext, Facts, Identifier } from 'connector-contract';
import { ownManifest } from '../manifest.js';
import type { Discovery } from '../opendsr/answers.js';
import { fault } from '../opendsr/fault-codes.js';
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

/** Identifiers as identities, without repeats; raw values are not touched. Kinds that no processor knows are left out. */
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

/** The identity types that a processor takes in a format. */
export function offeredTypes({ identities }: Discovery, format: IdentityFormat): string[] {
  return [...new Set(identityTypes().values())].filter((type) => identities.has(`${type}/${format}`));
}

/** What `check` keeps of that, for people and for {@link offeredIdentities}. */
export function offeredFacts(discovered: Discovery, format: IdentityFormat): Facts {
  return { identityFormat: format, identityTypes: offeredTypes(discovered, format).join(', ') };
}

/**
 * The identities of an operation that the processor takes, as far as a check has found that out for the format in use: one that
 * it does not know would have it refuse the whole request.
 * @throws VendorFault `IDENTIFIER_MISSING` where none is left.
 */
export function offeredIdentities(
  identifiers: readonly Identifier[],
  ctx: ConnectorContext,
  format: IdentityFormat,
): Identity[] {
  const { identityTypes: types, identityFormat } = ctx.facts;
  const all = identitiesOf(identifiers, format);
  const taken = typeof types === 'string' && identityFormat === format ? new Set(types.split(', ')) : undefined;
  const offered = taken === undefined ? all : all.filter((one) => taken.has(one.identity_type));
  if (offered.length === 0) {
    throw fault('IDENTIFIER_MISSING', 'The processor takes no identifier of a kind that the person has.', {
      remedy: `Add an identifier of a kind that it takes${typeof types === 'string' ? `: ${types}` : ''}.`,
    });
  }
  const left = all.length - offered.length;
  if (left > 0) ctx.log.info('Left out identities of types that the processor does not take', { left });
  return offered;
}
