import { faultOf as faultOfKind, type Recorded, TOKEN } from '../../../test/harness.js';
import { faultMaker, type HttpBounds, type Vendor, VendorClient, VendorFault } from '../src/index.js';
import { manifest } from './manifest.js';

export {
  httpServer,
  NOW,
  PERSON,
  type Recorded,
  recordedContext,
  TOKEN,
  tcpServer,
  useLoopback,
} from '../../../test/harness.js';

export const origin = 'https://api.acme.example';

/** The vendor of the tests. */
export const acme: Vendor = {
  manifest: () => manifest,
  name: 'Acme',
  fault: faultMaker(() => manifest, { ENDPOINT_NOT_ALLOWED: { field: 'baseUrl' } }),
};

interface Route {
  readonly path: readonly string[];
  readonly query?: readonly (readonly [string, string])[];
}

/** A client for `base`, with no jitter: `get` reads, `post` changes something. */
export function clientFor(
  recorded: Recorded,
  base: string,
  { random = () => 0, ...bounds }: Partial<HttpBounds> & { readonly random?: () => number } = {},
) {
  const connection = { base, headers: { Authorization: `Bearer ${TOKEN}` } };
  const client = new VendorClient(recorded.ctx, connection, { ...acme, bounds, patience: { attempts: 3, random } });
  return {
    get: (route: Route) => client.ask({ ...route, limit: 'api' }, ({ json }) => json()),
    post: (route: Route, body: unknown) =>
      client.ask({ ...route, method: 'POST', body, limit: 'api' }, ({ json }) => json()),
  };
}

/** The fault that a call ends with. */
export const faultOf = (call: Promise<unknown> | (() => unknown)): Promise<VendorFault> =>
  faultOfKind(VendorFault, call);
