import type { ConnectorManifest, DeletionTerms, IdentityKind, Quota, RateLimit } from '../manifest.generated.js';
import { hostFields } from '../network.js';
import { link, list, markdown, plain, table } from './markdown.js';

const productNames = { 'request-manager': 'Request Manager', 'live-data-map': 'Live Data Map' } as const;

const accessNames = {
  'direct-contact': 'Direct Contact',
  none: 'None',
} as const;

/** What the connector brings to each product of the host. */
export function accessSection({ products, access, deletion, systemDetection }: ConnectorManifest): string {
  const brings = {
    'request-manager': [
      ...(access.type === 'none' ? [] : [`Access (${accessNames[access.type]})`]),
      ...(deletion === undefined ? [] : [`Deletion (${deletionName(deletion)})`]),
    ],
    'live-data-map': systemDetection === undefined ? [] : ['System Detection'],
  };
  const rows = products.map((product) => [productNames[product], brings[product].join(', ')]);
  return `## Capabilities\n\n${table(['Product', 'Capability'], rows)}`;
}

/** Who may connect, and what the credential must be allowed to do. */
export function rolesSection({ roles, vendor, permissions }: ConnectorManifest): string {
  const who = [
    `User role here: ${roles.host.map(roleName).join(', ')}`,
    ...(roles.vendor.length === 0 ? [] : [`User role in ${plain(vendor.name)}: ${roles.vendor.map(plain).join(', ')}`]),
  ];
  const rows = permissions.map((permission) => [
    plain(permission.label),
    permission.capabilities.join(', '),
    permission.required ? 'yes' : 'no',
    `${plain(permission.why)} ${markdown(permission.grantedBy).replace(/\s+/g, ' ').replaceAll('|', '\\|')}`,
  ]);
  const needed = table(['Permission', 'For', 'Required', 'Why, and how it is granted'], rows);
  return `## Before you start\n\n${list(who)}${needed === '' ? '' : `\n\n${needed}`}`;
}

/** What a deletion does, what its completion means, and what it leaves. */
export function deletionSection({ deletion, config }: ConnectorManifest): string {
  if (deletion === undefined) return '';
  const { completion, notReached } = deletion;
  const field = config.fields.find((one) => one.key === completion?.field);
  const behaviors =
    completion === undefined || field?.kind !== 'choice'
      ? []
      : field.choices.map(({ value, label, help }) => {
          const preset = value === completion.default ? ' *(default)*' : '';
          return `**${plain(label)}**${preset}: ${plain(help)}`;
        });
  const parts = [
    behaviors.length === 0 ? '' : list(behaviors),
    notReached.length === 0 ? '' : `A deletion does not reach:\n\n${list(notReached.map(plain))}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `## Deletion behavior\n\n${parts.join('\n\n')}`;
}

/** Types, limits, identifiers, endpoints. */
export function technicalSection(manifest: ConnectorManifest): string {
  const { access, deletion, identities, limits, regions, vendor, systemDetection } = manifest;
  const rows: (readonly [string, string] | undefined)[] = [
    ['Access type', accessNames[access.type]],
    deletion && ['Deletion type', deletionName(deletion)],
    deletion && ['Vendor finishes within', `${deletion.slaDays} days`],
    deletion?.recordKeptDays === undefined ? undefined : ['Status can be asked for', `${deletion.recordKeptDays} days`],
    deletion && ['One vendor call takes at most', batchText(deletion)],
    deletion && ['Can be cancelled', deletion.cancellable ? 'yes, before the vendor begins' : 'no'],
    systemDetection && ['System detection', `every ${systemDetection.cadenceHours} hours`],
    ['Identifiers', identities.kinds.map(kindText).join(', ')],
    ...limits.rate.map((rate): [string, string] => [
      'Rate limit',
      `${plain(rate.label)}: ${rate.requests} requests in ${rate.perSeconds} s, ${Math.round(limits.share * 100)} % used${countedText(rate, limits)}`,
    ]),
    limits.quota && [
      'Quota',
      `${limits.quota.subjects} people a calendar month${apart(limits.quota)}. ${plain(limits.quota.note ?? '')}`.trim(),
    ],
    regions && ['Regions', regions.map((region) => plain(region.label)).join(', ')],
    ['Hosts it connects to', hostsText(manifest)],
    vendor.apiDocumentation && ['API documentation', link(vendor.apiDocumentation.label, vendor.apiDocumentation.link)],
    ['Version', plain(manifest.version)],
  ];
  return `## Technical details\n\n${table(
    ['', ''],
    rows.filter((row) => row !== undefined),
  )}`;
}

function countedText({ spread, within, byHeader }: RateLimit, { rate }: ConnectorManifest['limits']): string {
  const outer = rate.find(({ id }) => id === within);
  return [
    spread === 'window' ? ', all of them at once where there are so many' : '',
    byHeader === undefined ? '' : ', and none while an answer says that none is left',
    outer === undefined ? '' : `; counted as ${plain(outer.label)} too`,
  ].join('');
}

function apart({ groups = [] }: Quota): string {
  return groups.length === 0 ? '' : `, counted apart for ${groups.map(({ label }) => plain(label)).join('; ')}`;
}

function kindText({ kind, label, knownBy }: IdentityKind): string {
  return `${plain(label)} (\`${kind}\`${knownBy === true ? ', what the vendor knows people by' : ''})`;
}

function hostsText(manifest: ConnectorManifest): string {
  const { network, config } = manifest;
  const code = (host: string): string => `\`${host}\``;
  const entered = hostFields(manifest).map(({ field: key, hosts }) => {
    const label = config.fields.find((field) => field.key === key)?.label ?? key;
    const among = hosts === undefined ? '' : ` (${hosts.map(code).join(' or ')})`;
    return `the host entered as ${plain(label)}${among}`;
  });
  return [...network.allowedHosts.map(code), ...entered].join(', ');
}

function deletionName({ type, granularity }: DeletionTerms): string {
  const kind = type === 'asynchronous' ? 'Asynchronous' : 'Synchronous';
  return granularity === 'whole-record' ? `${kind} (Whole Record)` : kind;
}

function batchText({ batch }: DeletionTerms): string {
  const limits = [
    batch.maxSubjects === undefined ? '' : `${batch.maxSubjects} people`,
    batch.maxIdentifiers === undefined ? '' : `${batch.maxIdentifiers} identifiers`,
    batch.maxBytes === undefined ? '' : `${batch.maxBytes} bytes`,
  ].filter((limit) => limit !== '');
  return limits.length === 0 ? 'no limit' : limits.join(', ');
}

function roleName(role: string): string {
  return role
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}
