import { at, type ManifestIssue } from '../issue.js';
import type { AuthAddress, ConnectorManifest } from '../manifest.generated.js';
import { hostFields } from '../network.js';

/** Credentials that the host gets: the fields are there, and the secret goes to a host that the manifest allows. */
export function authIssues(manifest: ConnectorManifest): ManifestIssue[] {
  const { auth, config } = manifest;
  if (auth === undefined) return [];
  const issues: ManifestIssue[] = [];
  const fieldOf = (key: string) => config.fields.find((field) => field.key === key);
  const id = fieldOf(auth.clientId);
  if ((id?.kind !== 'string' && id?.kind !== 'secret') || !id.required) {
    issues.push({
      path: at('auth', 'clientId'),
      message: `There is no required string field \`${auth.clientId}\`.`,
      remedy: 'Name the key of the field that holds the id of the client.',
    });
  }
  const secret = fieldOf(auth.clientSecret);
  if (secret?.kind !== 'secret' || !secret.required) {
    issues.push({
      path: at('auth', 'clientSecret'),
      message: `There is no required secret field \`${auth.clientSecret}\`.`,
      remedy: 'Name the key of the field that holds the secret of the client.',
    });
  }
  return [
    ...issues,
    ...addressIssues(manifest, 'tokenEndpoint', auth.tokenEndpoint),
    ...(auth.audience === undefined ? [] : addressIssues(manifest, 'audience', auth.audience)),
  ];
}

function addressIssues(
  manifest: ConnectorManifest,
  name: 'tokenEndpoint' | 'audience',
  { url, field, path }: AuthAddress,
): ManifestIssue[] {
  const { network, config } = manifest;
  const place = at('auth', name);
  if ((url === undefined) === (field === undefined) || (field === undefined) !== (path === undefined)) {
    const remedy = 'Give either `url`, or `field` and `path` together.';
    return [{ path: place, message: 'This is not one address.', remedy }];
  }
  if (url !== undefined) {
    // An audience is a name: nothing is sent there.
    if (name === 'audience' || network.allowedHosts.includes(URL.canParse(url) ? new URL(url).host : '')) return [];
    return [
      {
        path: at('auth', name, 'url'),
        message: 'Its host is not in network.allowedHosts.',
        remedy: 'Add it there, or correct the address.',
      },
    ];
  }
  const known = config.fields.find(({ key }) => key === field);
  if (known?.kind !== 'string' || known.format !== 'uri' || !known.required) {
    const message = `There is no required string field \`${field}\` of format uri.`;
    return [{ path: at('auth', name, 'field'), message, remedy: 'Name the key of one, or give `url`.' }];
  }
  if (name === 'tokenEndpoint' && hostFields(manifest).every((one) => one.field !== field)) {
    const message = `The field \`${field}\` is not in network.fromFields: a host that is entered there would not count.`;
    return [{ path: at('auth', name, 'field'), message, remedy: 'Add it there, with the hosts that it may name.' }];
  }
  return [];
}
