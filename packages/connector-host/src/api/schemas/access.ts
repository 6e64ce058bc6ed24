/** What calls about access answer. */
import { roles } from '../../access/roles.js';
import { type JsonSchema, list, object, oneOf, ref, text, time } from './json-schema.js';

/** Schemas of access tokens, by name. */
export const accessSchemas: Readonly<Record<string, JsonSchema>> = {
  AccessToken: object(
    {
      id: text(),
      name: text(),
      role: oneOf(roles),
      createdAt: time(),
      expiresAt: time(),
      revokedAt: time(),
      state: oneOf(['active', 'expired', 'revoked']),
    },
    'expiresAt',
    'revokedAt',
  ),
  AccessTokenList: object({ items: list(ref('AccessToken')) }),
  MadeAccessToken: object({ token: text('Shown this once.'), view: ref('AccessToken') }),
};
