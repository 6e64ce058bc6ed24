import type { ConfigField, ConnectorManifest } from '../../src/manifest/index.js';

/** A field of a manifest, with what every field needs filled in. */
export function sampleField<Kind extends ConfigField['kind']>(
  kind: Kind,
  more: Partial<Extract<ConfigField, { kind: Kind }>> & { key: string },
): ConfigField {
  const common = { kind, label: `The ${more.key}`, help: 'What to enter.', group: 'main', order: 0, required: false };
  const own = {
    choice: {
      choices: [
        { value: 'one', label: 'One', help: 'The first.' },
        { value: 'two', label: 'Two', help: 'The second.' },
      ],
    },
    notice: { body: 'Mind **this**.', tone: 'info' },
  };
  return { ...common, ...(own as Record<string, object>)[kind], ...more } as unknown as ConfigField;
}

/** Fields in the given order, each drawn after the one before. */
export function inOrder(fields: readonly ConfigField[]): ConfigField[] {
  return fields.map((field, order) => ({ ...field, order }));
}

/** A manifest that is in order, with every kind of field. */
export function sampleManifest(fields: readonly ConfigField[] = sampleFields()): ConnectorManifest {
  return {
    manifestVersion: 1,
    id: 'acme-crm',
    version: '1.2.3',
    displayName: 'Acme CRM',
    summary: 'Erases people from Acme.',
    vendor: {
      name: 'Acme',
      url: 'https://acme.example',
      apiDocumentation: { label: 'API', link: 'https://acme.example/api' },
    },
    icon: './icon.svg',
    categories: ['crm'],
    products: ['request-manager', 'live-data-map'],
    entry: { module: '.' },
    contract: { range: '^1.0.0' },
    access: { type: 'direct-contact' },
    deletion: {
      type: 'asynchronous',
      granularity: 'whole-record',
      batch: { maxSubjects: 10, maxIdentifiers: 20, maxBytes: 4000 },
      statusPollable: true,
      cancellable: false,
      slaDays: 30,
      recordKeptDays: 90,
      notReached: ['Backups.'],
    },
    systemDetection: { cadenceHours: 24 },
    identities: { kinds: [{ kind: 'email', label: 'Email', help: 'An address.', required: false }], atLeast: 1 },
    limits: {
      rate: [{ id: 'api', label: 'All calls', requests: 60, perSeconds: 60 }],
      share: 0.75,
      quota: { subjects: 1000, per: 'calendar-month' },
      timeoutMs: 30000,
    },
    regions: [{ id: 'us', label: 'US', help: 'The usual one.', baseUrls: { public: 'https://api.acme.example/v1' } }],
    network: { allowedHosts: ['api.acme.example'] },
    roles: { host: ['super-admin'], vendor: ['Owner'] },
    permissions: [
      {
        id: 'read',
        label: 'Read',
        why: 'To see people.',
        required: true,
        capabilities: ['base', 'deletion'],
        grantedBy: 'Tick **Read**.',
        probe: 'read-only',
      },
    ],
    config: {
      groups: [
        { id: 'main', label: 'Connection' },
        { id: 'more', label: 'Advanced', advanced: true },
      ],
      fields: [...fields],
    },
    setup: {
      steps: [
        {
          id: 'enter',
          title: 'Enter the values',
          body: 'Copy them.',
          fields: fields.filter((field) => field.kind !== 'notice').map((field) => field.key),
        },
      ],
      troubleshooting: [{ code: 'UNAUTHENTICATED', title: 'Wrong token', body: 'Make a new one.' }],
      nextSteps: [{ label: 'Read on', link: 'https://acme.example/next' }],
      disclaimer: 'No legal advice.',
    },
  };
}

function sampleFields(): ConfigField[] {
  return inOrder([
    sampleField('secret', { key: 'apiToken', required: true, minLength: 4, maxLength: 40, pattern: '^[a-z0-9-]+$' }),
    sampleField('string', { key: 'account', required: true, maxLength: 12, example: 'acme' }),
    sampleField('choice', { key: 'mode', required: true, default: 'one' }),
    sampleField('notice', { key: 'hint' }),
    sampleField('toggle', { key: 'extras' }),
    sampleField('integer', {
      key: 'depth',
      minimum: 1,
      maximum: 9,
      required: true,
      visibleWhen: { field: 'extras', in: [true] },
    }),
    sampleField('string', { key: 'folder', required: true, visibleWhen: { field: 'mode', in: ['two'] } }),
    sampleField('string', { key: 'baseUrl', format: 'uri', availability: 'host-allows-endpoints' }),
  ]);
}
