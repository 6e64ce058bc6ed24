import 'reflect-metadata';
import { authOf } from 'connector-contract';
import { defineConnector, type Finding, faultOf, findingOf, isJson, parsedJson } from 'connector-kit';
import { deletion, usersOf } from './deletion.js';
import { manifest } from './manifest.generated.js';

/** Nobody has such an address (RFC 2606): asking for it needs the permission, and finds nobody. */
const NOBODY = 'connection-check@auth0-connector.invalid';

/** What a host loads. */
export const connectorModule = defineConnector({
  manifest,
  connect: ({ domain }, ctx) => ({
    base: new URL('/api/v2', domain).href,
    headers: {},
    token: (refused) => authOf(ctx).token(refused),
  }),
  async check(vendor) {
    const reading = await usersOf([NOBODY], vendor).then((): Finding => ({ found: 'granted' }), refusalOf);
    return {
      findings: { 'read-users': reading, 'delete-users': deletingBy(await authOf(vendor.ctx).token()) },
    };
  },
  deletion,
});

/** @throws what is trouble with the connection as a whole. */
function refusalOf(error: unknown): Finding {
  const fault = faultOf(error);
  if (fault.code !== 'PERMISSION_MISSING') throw fault;
  return findingOf(fault);
}

/** Whether a token lets users be deleted: it is a JWT that names its scopes, and trying would delete somebody. */
function deletingBy(token: string): Finding {
  const claims = parsedJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  if (!isJson(claims) || typeof claims['scope'] !== 'string') return { found: 'unverifiable' };
  return { found: claims['scope'].split(' ').includes('delete:users') ? 'granted' : 'denied' };
}
