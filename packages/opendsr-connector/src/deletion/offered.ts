import type { ConnectorContext, Facts, Operation } from 'connector-contract';
import type { Discovery } from '../opendsr/answers.js';
import { fault } from '../opendsr/fault-codes.js';
import type { IdentityFormat } from '../settings.js';
import { type Identity, identitiesOf, identityTypes } from './identity.js';

/** The identity types that a processor takes in a format. */
export function offeredTypes({ identities }: Discovery, format: IdentityFormat): string[] {
  return [...new Set(identityTypes().values())].filter((type) => identities.has(`${type}/${format}`));
}

/** What `check` keeps of that, for people and for {@link offeredIdentities}. */
export function offeredFacts(types: readonly string[], format: IdentityFormat): Facts {
  return { identityFormat: format, identityTypes: types.join(', ') };
}

/**
 * The identities of an operation that the processor takes, as far as a check has found that out for the format in use: one that
 * it does not know would have it refuse the whole request.
 * @throws VendorFault `IDENTIFIER_MISSING` where none is left.
 */
export function offeredIdentities(operation: Operation, ctx: ConnectorContext, format: IdentityFormat): Identity[] {
  const { identityTypes: types, identityFormat } = ctx.facts;
  const all = identitiesOf(
    operation.subjects.flatMap(({ identifiers }) => identifiers),
    format,
  );
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
