/** What a processor speaks, as the manifest's field `protocol` offers it. */
export const Protocol = {
  openDsr1: 'opendsr-1',
  openDsr2: 'opendsr-2',
  openDsr3: 'opendsr-3',
  openGdpr1: 'opengdpr-1',
} as const;

/** One of {@link Protocol}. */
export type Protocol = (typeof Protocol)[keyof typeof Protocol];

/** Where the versions differ on the wire. */
export interface Dialect {
  /** Path below the base URL under which requests live. */
  readonly requests: 'requests' | 'opengdpr_requests';
  /** What `api_version` says. */
  readonly apiVersion: string;
  /** Whether a request names its regulation; OpenGDPR knows one only. */
  readonly regulation: boolean;
}

/** The versions (https://github.com/opengdpr/OpenDSR/blob/master/specification.md, section 10.1 on the older name). */
export const dialects: Readonly<Record<Protocol, Dialect>> = {
  'opendsr-1': { requests: 'requests', apiVersion: '1.0', regulation: true },
  'opendsr-2': { requests: 'requests', apiVersion: '2.0', regulation: true },
  'opendsr-3': { requests: 'requests', apiVersion: '3.0', regulation: true },
  'opengdpr-1': { requests: 'opengdpr_requests', apiVersion: '1.0', regulation: false },
};

/**
 * The protocol to choose instead, where a processor names a version that the chosen one is not; else `undefined`. A version
 * that nobody has heard of says nothing, and a processor that honours the old paths may well name a new version.
 * @param apiVersion as discovery gives it, such as `2.0`.
 */
export function otherProtocol(chosen: Protocol, apiVersion: string): Protocol | undefined {
  const major = /^([123])(?:\.\d{1,4}){0,2}$/.exec(apiVersion)?.[1];
  if (major === undefined || chosen === Protocol.openGdpr1) return undefined;
  const named = `opendsr-${major}` as Protocol;
  return named === chosen ? undefined : named;
}
