import { segmentFault } from './segment-fault.js';

/** Segment's regions. */
export const Region = { us: 'us', eu: 'eu' } as const;

/** One of {@link Region}. */
export type Region = (typeof Region)[keyof typeof Region];

/** Where the two generations of the API answer. */
export interface Endpoints {
  /** URL without a slash at its end. */
  readonly public: string;
  /** URL without a slash at its end. */
  readonly config: string;
}

const configApi = 'https://platform.segmentapis.com/v1beta';

/** Base URLs by region. The Config API has one address for all; the manifest's `regions` say the same. */
export const regionEndpoints: Readonly<Record<Region, Endpoints>> = {
  us: { public: 'https://api.segmentapis.com', config: configApi },
  eu: { public: 'https://eu1.api.segmentapis.com', config: configApi },
};

/** The hosts this connector may talk to; the manifest's `network.allowedHosts` says the same. */
export const allowedHosts: readonly string[] = [
  'api.segmentapis.com',
  'eu1.api.segmentapis.com',
  'platform.segmentapis.com',
];

/** The rate limits of the manifest (`limits.rate[].id`) that requests are paced by. */
export const Limit = {
  public: 'public-api',
  publicRegulations: 'public-api-regulations',
  config: 'config-api',
} as const;

/** One of {@link Limit}. */
export type Limit = (typeof Limit)[keyof typeof Limit];

function originOf(url: string): string | undefined {
  try {
    return new URL(url).origin;
  } catch {
    return undefined;
  }
}

/**
 * Whether a request may go to `url`: https on the usual port to one of {@link allowedHosts}, or exactly one of the origins that
 * the operator allows.
 */
export function isAllowed(url: URL, allowedOrigins: readonly string[]): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'https:' && url.port === '' && allowedHosts.includes(url.hostname)) return true;
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && allowedOrigins.some((origin) => originOf(origin) === url.origin);
}

/** @throws SegmentFault `ENDPOINT_NOT_ALLOWED`, before anything is sent. */
export function assertAllowed(url: URL, allowedOrigins: readonly string[]): void {
  if (isAllowed(url, allowedOrigins)) return;
  throw segmentFault('ENDPOINT_NOT_ALLOWED', `Requests to ${url.protocol}//${url.host} are not allowed.`);
}

/**
 * The endpoints of a connection.
 * @param baseUrl takes the place of the region's: the Public API is asked there, the Config API under `/v1beta` of it.
 * @throws SegmentFault `CONFIG_INVALID` where `baseUrl` is not a plain http(s) URL.
 */
export function endpointsFor(region: Region, baseUrl?: string): Endpoints {
  if (baseUrl === undefined) return regionEndpoints[region];
  const parsed = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const plain =
    parsed !== undefined &&
    /^https?:$/.test(parsed.protocol) &&
    `${parsed.username}${parsed.password}${parsed.search}${parsed.hash}` === '';
  if (!plain) {
    throw segmentFault('CONFIG_INVALID', 'The endpoint is not a plain http or https address.', {
      field: 'baseUrl',
      remedy: 'Enter an address such as https://example.com, without user, query or fragment.',
    });
  }
  const base = `${parsed.origin}${parsed.pathname}`.replace(/(?<!\/)\/+$/, '');
  return { public: base, config: `${base}/v1beta` };
}
