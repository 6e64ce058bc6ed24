/** Where the versions differ on the wire. */
interface Dialect {
  /** Path below the base URL under which requests live. */
  readonly requests: 'requests' | 'opengdpr_requests';
  /** What `api_version` says. */
  readonly apiVersion: string;
  /** Whether a request names its regulation; OpenGDPR knows one only. */
  readonly regulation: boolean;
}

/** The versions (https://github.com/opengdpr/OpenDSR/blob/master/specification.md, section 10.1 on the older name). */
export const dialects = {
  'opendsr-1': { requests: 'requests', apiVersion: '1.0', regulation: true },
  'opendsr-2': { requests: 'requests', apiVersion: '2.0', regulation: true },
  'opendsr-3': { requests: 'requests', apiVersion: '3.0', regulation: true },
  'opengdpr-1': { requests: 'opengdpr_requests', apiVersion: '1.0', regulation: false },
} as const satisfies Readonly<Record<string, Dialect>>;

/** What a processor speaks, as the manifest's field `protocol` offers it. */
export type Protocol = keyof typeof dialects;

/**
 * Whether a processor that names this version may speak the chosen protocol. A version that nobody has heard of says nothing, and a
 * processor that honours the old paths may well name a new version.
 * @param apiVersion as discovery gives it, such as `2.0`.
 */
export function maySpeak(chosen: Protocol, apiVersion: string): boolean {
  const major = /^([123])(?:\.\d{1,4}){0,2}$/.exec(apiVersion)?.[1];
  return major === undefined || chosen === 'opengdpr-1' || chosen === `opendsr-${major}`;
}
