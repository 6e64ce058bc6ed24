import { createHash } from 'node:crypto';
import {
  type ConfigValue,
  type ConnectorManifest,
  connectionHosts,
  type FieldIssue,
  hostFields,
} from 'connector-contract';
import { HostProblem } from '../problem.js';

/**
 * The origins that an operator allows, as URLs write them.
 * @param option that names them: by default those that connections may be pointed at.
 * @throws HostProblem `OPTION_INVALID` for what is no http(s) address.
 */
export function allowedOrigins(endpoints: readonly string[], option = '--allow-endpoint'): string[] {
  return endpoints.map((endpoint) => {
    const origin = originOf(endpoint);
    if (origin !== undefined) return origin;
    throw new HostProblem('OPTION_INVALID', `${option}: ${JSON.stringify(endpoint)} is not an http(s) address.`, {
      remedy: 'Give an origin such as http://127.0.0.1:4700.',
    });
  });
}

/**
 * What is wrong with the addresses a configuration names. A field that is only for hosts that allow endpoints must name one of
 * them; where the host allows none, a value is refused and not ignored: to drop it would send people's identifiers to another
 * place than the one that was named. A field that names the vendor's own host (`network.fromFields`) must name a public one, and one of
 * the vendor's where the manifest says which these are.
 * @param raw as a person entered it.
 */
export function endpointIssues(manifest: ConnectorManifest, raw: unknown, origins: readonly string[]): FieldIssue[] {
  if (typeof raw !== 'object' || raw === null) return [];
  const issues: FieldIssue[] = [];
  for (const field of manifest.config.fields) {
    if (field.kind === 'notice') continue;
    const optional = field.availability === 'host-allows-endpoints';
    const vendors = hostFields(manifest).find((one) => one.field === field.key);
    const value = (raw as Readonly<Record<string, unknown>>)[field.key];
    if (value === undefined || value === '' || !(optional || vendors !== undefined)) continue;
    // Other kinds than texts name no address; they only may not be given where the host allows none.
    if (field.kind !== 'string' && origins.length > 0) continue;
    const origin = typeof value === 'string' ? originOf(value) : undefined;
    if (origin !== undefined && origins.includes(origin)) continue;
    if (vendors !== undefined && counts(manifest, field.key, value)) continue;
    issues.push({
      field: field.key,
      code: 'ENDPOINT_NOT_ALLOWED',
      message: `${field.label}: this host does not allow connections to be pointed there.`,
      remedy:
        vendors === undefined
          ? 'Start the host with --allow-endpoint and the origin of this address, or leave the field empty.'
          : `Enter an https address of ${vendors.hosts?.join(' or ') ?? 'a public host name'}, or start the host with --allow-endpoint and the origin of this address.`,
    });
  }
  return issues;
}

/**
 * The fields that say where a connection's calls go: addresses, and the choice of a region. Whoever changes one of them sends the stored
 * secrets to another place, and so has to know them.
 */
function placeFields(manifest: ConnectorManifest): readonly string[] {
  const { config, regions = [] } = manifest;
  const vendors = new Set(hostFields(manifest).map(({ field }) => field));
  const places = new Set(regions.map(({ id }) => id));
  const choosesRegion = (field: ConnectorManifest['config']['fields'][number]) =>
    field.kind === 'choice' && places.size > 0 && field.choices.every(({ value }) => places.has(value));
  return config.fields
    .filter(
      (field) =>
        (field.kind !== 'notice' && field.availability === 'host-allows-endpoints') ||
        vendors.has(field.key) ||
        choosesRegion(field),
    )
    .map(({ key }) => key);
}

/** Stands for where a connection's calls go, without saying it. */
export function placeOf(manifest: ConnectorManifest, config: Readonly<Record<string, ConfigValue>>): string {
  const values = placeFields(manifest).map((key) => [key, config[key] ?? null]);
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url');
}

/**
 * What is missing where a change sends a connection's calls to another place: each secret that is stored has to be given anew, or a person
 * who may not see a secret could have it sent to an address of their own.
 * @param given the change as it came in.
 * @param after the configuration it makes.
 */
export function secretsToGiveAnew(
  manifest: ConnectorManifest,
  before: Readonly<Record<string, ConfigValue>>,
  given: unknown,
  after: Readonly<Record<string, ConfigValue>>,
): FieldIssue[] {
  const moved = placeFields(manifest).find((key) => before[key] !== after[key]);
  if (moved === undefined) return [];
  const place = manifest.config.fields.find(({ key }) => key === moved)?.label;
  const anew = (key: string) => typeof (given as Readonly<Record<string, unknown>>)[key] === 'string';
  return manifest.config.fields
    .filter(({ key, kind }) => kind === 'secret' && after[key] !== undefined && !anew(key))
    .map(({ key, label }) => ({
      field: key,
      code: 'SECRET_NEEDED_ANEW',
      message: `${label} is needed again: the change of ${place} sends it to another place.`,
      remedy: 'Enter it once more together with the change.',
    }));
}

function counts(manifest: ConnectorManifest, field: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const network = { ...manifest.network, allowedHosts: [] };
  return connectionHosts({ ...manifest, network }, { [field]: value }).length > 0;
}

function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, origin, username, password } = new URL(address);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '' ? origin : undefined;
}
