/** What calls about access answer. */
import { roles } from '../../access/roles.js';
import { type JsonSchema, list, object, oneOf, ref, text, time } from './json-schema.js';

/** E-mail of whoever holds a token. */
export const holderEmail: JsonSchema = {
  type: 'string',
  maxLength: 254,
  description: 'Of whoever holds it: they see and end the work that is theirs.',
};

/** Schemas of access tokens, by name. */
export const accessSchemas: Readonly<Record<string, JsonSchema>> = {
  AccessToken: object(
    {
      id: text(),
      name: text(),
      role: oneOf(roles),
      email: holderEmail,
      createdAt: time(),
      expiresAt: time(),
      revokedAt: time(),
      state: oneOf(['active', 'expired', 'revoked']),
    },
    'email',
    'expiresAt',
    'revokedAt',
  ),
  AccessTokenList: object({ items: list(ref('AccessToken')) }),
  SessionList: object({
    items: list(
      object({
        id: text(),
        token: text('The access token it stands for.'),
        name: text(),
        address: text('Whence it was begun.'),
        createdAt: time(),
        lastActiveAt: time(),
        endsAt: time('At the latest.'),
        current: { type: 'boolean' },
      }),
    ),
    total: { type: 'integer' },
  }),
  MadeAccessToken: object({ token: text('Shown this once.'), view: ref('AccessToken') }),
};
