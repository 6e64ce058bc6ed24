/**
 * Tokens by the client credentials grant of OAuth 2 (RFC 6749, section 4.4), which the host gets for connectors whose manifest asks for them
 * by `auth`. A token is kept sealed with its connection, so that all processes use one; it is renewed before it expires, and once for all
 * calls of a process that ask at the same time.
 */
import { createHash } from 'node:crypto';
import {
  authAddress,
  type ConnectorConfig,
  ConnectorFault,
  type ConnectorManifest,
  type FaultCode,
  isConnectorFault,
} from 'connector-contract';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  customFetch,
  processClientCredentialsResponse,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi';
import { given } from '../given.js';
import { permitsOf } from '../plugins/isolation/permits.js';
import type { KeptAt, KeptSecrets } from './kept-secrets.js';
import { type OutgoingOptions, sendOut } from './outgoing.js';

/** Name that a token is kept by: no connector's, which have no dot. */
const NAME = 'oauth.token';

/** A token is renewed so long before it expires, or a tenth of its life where that is less. */
const MARGIN_MS = 60_000;

/** How long a token is used whose vendor does not say how long it is good. */
const UNTOLD_MS = 5 * 60_000;

/** Whose token it is. */
export interface TokenOf {
  readonly at: KeptAt;
  readonly manifest: ConnectorManifest;
  /** With the client's secret. */
  readonly config: ConnectorConfig;
  readonly origins: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface KeptToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly renewAt: number;
  /** Digest of what it was asked for with: another client's token is not used. */
  readonly client: string;
}

/** The tokens of one process. */
export class ClientTokens {
  readonly #asked = new Map<string, Promise<string>>();

  constructor(
    private readonly kept: KeptSecrets,
    private readonly options: OutgoingOptions = {},
  ) {}

  /**
   * A token that is good now.
   * @param refused one that the vendor has just refused: another is got.
   * @throws ConnectorFault, see `ConnectionAuth.token`.
   */
  async token(of: TokenOf, refused?: string): Promise<string> {
    const client = clientOf(of);
    const kept = await this.#kept(of);
    if (kept?.client === client && kept.token !== refused && of.now() < kept.renewAt) return kept.token;
    const key = `${of.at.connection} ${client}`;
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    const asking = this.#renew(of, client).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asking);
    return asking;
  }

  async #kept({ at }: TokenOf): Promise<KeptToken | undefined> {
    const found = await this.kept.get(at, NAME);
    return found === undefined ? undefined : (JSON.parse(found.value) as KeptToken);
  }

  async #renew(of: TokenOf, client: string): Promise<string> {
    const { token, lifeMs } = await ask(of, this.options);
    const renewAt = of.now() + lifeMs - Math.min(MARGIN_MS, lifeMs / 10);
    const value = JSON.stringify({ token, renewAt, client } satisfies KeptToken);
    const before = await this.kept.get(of.at, NAME);
    // Where another process was faster, its token is as good.
    await this.kept.put(of.at, NAME, value, before?.version);
    return token;
  }
}

function clientOf({ manifest: { auth }, config }: TokenOf): string {
  const values = auth === undefined ? [] : [auth, config[auth.clientId], config[auth.clientSecret]];
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url');
}

/** Asks the vendor for a token. */
async function ask(
  { manifest, config, origins }: TokenOf,
  options: OutgoingOptions,
): Promise<{ readonly token: string; readonly lifeMs: number }> {
  const { auth } = manifest;
  const endpoint = auth && authAddress(auth.tokenEndpoint, config);
  if (auth === undefined || endpoint === undefined) throw unusable();
  const url = new URL(endpoint);
  const [id, secret] = [String(config[auth.clientId]), String(config[auth.clientSecret])];
  const way: ClientAuth =
    auth.clientAuthentication === 'client_secret_basic' ? ClientSecretBasic(secret) : ClientSecretPost(secret);
  const audience = auth.audience && authAddress(auth.audience, config);
  const parameters = {
    ...(auth.scopes === undefined ? {} : { scope: auth.scopes.join(' ') }),
    ...given({ audience }),
  };
  const server = { issuer: url.origin, token_endpoint: url.href };
  const permits = permitsOf(manifest, config, origins);
  let answer: Response | undefined;
  try {
    answer = await clientCredentialsGrantRequest(server, { client_id: id }, way, parameters, {
      // Only where the operator allowed such an address by name.
      [allowInsecureRequests]: url.protocol === 'http:',
      [customFetch]: (address, { method, headers, body }) =>
        sendOut(
          { url: new URL(address), method, headers, body: body.toString(), timeoutMs: manifest.limits.timeoutMs },
          permits,
          options,
        ),
    });
    const got = await processClientCredentialsResponse(server, { client_id: id }, answer);
    if (got.token_type !== 'bearer') throw unreadable();
    return { token: got.access_token, lifeMs: got.expires_in === undefined ? UNTOLD_MS : got.expires_in * 1000 };
  } catch (error) {
    throw toldOf(error, answer, auth.clientSecret);
  }
}

/** Codes of RFC 6749, section 5.2, and what they are here. */
const codes: Readonly<Record<string, FaultCode>> = {
  invalid_client: 'UNAUTHENTICATED',
  unauthorized_client: 'UNAUTHENTICATED',
  access_denied: 'UNAUTHENTICATED',
  invalid_scope: 'PERMISSION_MISSING',
  invalid_target: 'PERMISSION_MISSING',
};

/** The vendor's own words are left out: they may repeat the secret. */
function toldOf(error: unknown, answer: Response | undefined, field: string): ConnectorFault {
  if (isConnectorFault(error)) return error;
  const { cause } = error as { readonly cause?: unknown };
  // What was thrown on the way is told as it is.
  if (isConnectorFault(cause)) return cause;
  const status = answer?.status;
  const httpStatus = status === undefined ? {} : { httpStatus: status };
  const named = error instanceof ResponseBodyError ? codes[error.error] : undefined;
  if (named === 'UNAUTHENTICATED' || error instanceof WWWAuthenticateChallengeError || status === 401) {
    const remedy = 'Enter the id and the secret of the client again, as the vendor shows them.';
    return ConnectorFault.of('UNAUTHENTICATED', 'The vendor gives no token to this client.', {
      remedy,
      field,
      ...httpStatus,
    });
  }
  if (named !== undefined || status === 403) {
    const remedy =
      'Give the client the scopes and the audience that the connector needs, in the settings of the vendor.';
    return ConnectorFault.of('PERMISSION_MISSING', 'The vendor gives this client no token for what is asked.', {
      remedy,
      ...httpStatus,
    });
  }
  if (status === 429) {
    const seconds = Number(answer?.headers.get('retry-after'));
    const wait = seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
    return ConnectorFault.of('RATE_LIMITED', 'The vendor gives out no more tokens for a while.', {
      ...wait,
      ...httpStatus,
    });
  }
  if (status !== undefined && status >= 500) {
    return ConnectorFault.of('VENDOR_ERROR', `The vendor gave no token (${status}).`, httpStatus);
  }
  return unreadable(httpStatus);
}

function unreadable(more: { httpStatus?: number } = {}): ConnectorFault {
  return ConnectorFault.of(
    'VENDOR_ANSWER_UNREADABLE',
    'What the vendor answered instead of a token cannot be read.',
    more,
  );
}

function unusable(): ConnectorFault {
  return ConnectorFault.of('CONFIG_INVALID', 'The configuration does not say where tokens are to be got.', {
    remedy: 'Open the connection and save its configuration again.',
  });
}
