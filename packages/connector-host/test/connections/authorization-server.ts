/** A vendor with a real authorization server: `/token` by oidc-provider, and `/me`, which asks for a token of it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** The client that it knows. */
export const client = { clientId: 'a-client', clientSecret: 'the-right-secret-of-the-client' };

/** The vendor, running. */
export interface AuthorizationServer {
  readonly origin: string;
  /** Every token that it gave out. */
  readonly issued: string[];
  /** Tokens that `/me` takes no more, although they have not expired. */
  readonly revoked: Set<string>;
  /** What `/token` answers instead of a token, with the given status. */
  broken: { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | undefined;
  close(): Promise<void>;
}

/** Starts it on a port of its own. */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const state: Omit<AuthorizationServer, 'origin' | 'close'> = { issued: [], revoked: new Set(), broken: undefined };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(origin, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        token_endpoint_auth_method: 'client_secret_post',
        scope: 'read:people',
      },
    ],
    scopes: ['read:people'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 600 },
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url === '/token' && state.broken !== undefined) {
      response.writeHead(state.broken.status, { 'content-type': 'text/plain', ...state.broken.headers }).end('broken');
      return;
    }
    if (request.url !== '/me') return void answer(request, response);
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const known = state.issued.includes(token) && !state.revoked.has(token);
    response.writeHead(known ? 200 : 401).end();
  });
  provider.on(
    'grant.success',
    (ctx) => void state.issued.push(String((ctx.body as { access_token: string }).access_token)),
  );
  return Object.assign(state, {
    origin,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
