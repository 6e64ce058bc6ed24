import { at, type ManifestIssue } from '../issue.js';
import type { ConnectorManifest } from '../manifest.generated.js';
import { hostFields } from '../network.js';
import { repeats } from './repeats.js';

/** Regions: unique names, a field that picks one of them, and endpoints that the manifest itself allows; fields that bring hosts hold addresses. */
export function networkIssues(manifest: ConnectorManifest): ManifestIssue[] {
  const regions = manifest.regions ?? [];
  const allowed = new Set(manifest.network.allowedHosts);
  return [
    ...fromFieldIssues(manifest),
    ...manifest.network.allowedHosts.flatMap((host, index) => hostIssues(host, at('network', 'allowedHosts', index))),
    ...repeats(regions, (region) => region.id, ['regions'], 'id'),
    ...regionFieldIssues(manifest),
    ...regions.flatMap((region, index) =>
      Object.entries(region.baseUrls).flatMap(([name, url]) => {
        const problem = endpointProblem(url, allowed);
        return problem === undefined ? [] : [{ path: at('regions', index, 'baseUrls', name), ...problem }];
      }),
    ),
  ];
}

function regionFieldIssues({ regionField, regions = [], config }: ConnectorManifest): ManifestIssue[] {
  if (regionField === undefined) return [];
  const path = 'regionField';
  const field = config.fields.find(({ key }) => key === regionField);
  if (field?.kind !== 'choice' || !field.required || field.visibleWhen !== undefined) {
    const message = `There is no required choice field \`${regionField}\` that is always shown.`;
    return [{ path, message, remedy: 'Name the key of the field in which a person picks the region.' }];
  }
  const [ids, values] = [regions.map(({ id }) => id), field.choices.map(({ value }) => value)];
  if ([...ids].sort().join() === [...values].sort().join()) return [];
  return [
    {
      path,
      message: `The field \`${regionField}\` offers other values than there are regions: ${values.join(', ')}.`,
      remedy: 'Let the field and `regions` hold the same ids.',
    },
  ];
}

/** Addresses name a host without the port that goes without saying, so that an entry with it would allow nothing. */
function hostIssues(host: string, path: string): ManifestIssue[] {
  if (host.endsWith(':443')) {
    const remedy = `Write ${host.slice(0, -':443'.length)}.`;
    return [{ path, message: 'The port 443 goes without saying for https.', remedy }];
  }
  if (!/^\*\.[^.]+$/.test(host)) return [];
  return [
    {
      path,
      message: `\`${host}\` would let the hosts of everybody count.`,
      remedy: 'Write the domain of the vendor, such as `*.acme.example`.',
    },
  ];
}

function fromFieldIssues(manifest: ConnectorManifest): ManifestIssue[] {
  const entries = hostFields(manifest);
  return [
    ...repeats(entries, ({ field }) => field, ['network', 'fromFields'], 'field'),
    ...entries.flatMap(({ field, hosts = [] }, index) => {
      const path = at('network', 'fromFields', index);
      const hostPath = (place: number): string => at('network', 'fromFields', index, 'hosts', place);
      return [
        ...hostFieldIssues(manifest, field, path),
        ...hosts.flatMap((host, place) => hostIssues(host, hostPath(place))),
      ];
    }),
  ];
}

function hostFieldIssues({ config }: ConnectorManifest, key: string, path: string): ManifestIssue[] {
  const field = config.fields.find((one) => one.key === key);
  if (field?.kind !== 'string' || field.format !== 'uri') {
    const message =
      field === undefined ? `There is no field \`${key}\`.` : `The field \`${key}\` is no string of format uri.`;
    return [{ path, message, remedy: 'Name the key of a string field with `"format": "uri"`.' }];
  }
  // Such a field leads to where the operator allows; letting it allow itself would take that decision away.
  return field.availability === undefined
    ? []
    : [
        {
          path,
          message: `The field \`${key}\` exists only where the operator allows other endpoints.`,
          remedy: 'Remove it here: what the operator allows needs no entry.',
        },
      ];
}

function endpointProblem(url: string, allowed: ReadonlySet<string>): Omit<ManifestIssue, 'path'> | undefined {
  if (!URL.canParse(url)) return { message: 'This is not an address.', remedy: 'Write a full https address.' };
  const { host, username, password, search, hash } = new URL(url);
  if (username !== '' || password !== '' || search !== '' || hash !== '') {
    return {
      message: 'A base URL holds nothing but scheme, host and path.',
      remedy: 'Remove credentials, query and fragment.',
    };
  }
  return allowed.has(host)
    ? undefined
    : { message: `The host \`${host}\` is not in network.allowedHosts.`, remedy: 'Add it there, or correct the URL.' };
}
