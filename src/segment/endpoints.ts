import { ownManifest } from '../manifest.js';

/** Segment's regions, as the manifest names them. */
export const Region = { us: 'us', eu: 'eu' } as const;

/** One of {@link Region}. */
export type Region = (typeof Region)[keyof typeof Region];

/** Where the two generations of the API answer. */
export interface Endpoints {
  readonly public: string;
  readonly config: string;
}

/** The rate limits of the manifest (`limits.rate[].id`) that requests are paced by. */
export const Limit = {
  public: 'public-api',
  publicRegulations: 'public-api-regulations',
  config: 'config-api',
} as const;

/** One of {@link Limit}. */
export type Limit = (typeof Limit)[keyof typeof Limit];

/**
 * The endpoints of a connection.
 * @param baseUrl takes the place of the region's: the Public API is asked there, the Config API under `/v1beta` of it.
 */
export function endpointsFor(region: Region, baseUrl?: string): Endpoints {
  if (baseUrl !== undefined) {
    const base = baseUrl.replace(/(?<!\/)\/+$/, '');
    return { public: base, config: `${base}/v1beta` };
  }
  const { baseUrls = {} } = ownManifest().regions?.find(({ id }) => id === region) ?? {};
  return { public: baseUrls['public'] ?? '', config: baseUrls['config'] ?? '' };
}
