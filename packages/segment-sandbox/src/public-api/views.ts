import type {
  CatalogItem,
  Destination,
  DestinationKind,
  Source,
  SourceKind,
  Warehouse,
  WarehouseKind,
  Workspace,
} from '../workspace.js';

/** `WorkspaceV1`. */
export function workspaceView({ id, slug, name }: Workspace): object {
  return { id, slug, name };
}

/** `SourceV1`. */
export function sourceView(source: Source, workspaceId: string): object {
  const { id, slug, name, enabled, writeKeys, settings, labels } = source;
  return { id, slug, name, metadata: sourceKindView(source.kind), workspaceId, enabled, writeKeys, settings, labels };
}

/** `DestinationV1`. */
export function destinationView({ id, name, enabled, kind, sourceId, settings }: Destination): object {
  return { id, name, enabled, metadata: destinationKindView(kind), sourceId, settings };
}

/** `WarehouseV1`. It has no name of its own: the name is among the settings. */
export function warehouseView({ id, name, enabled, kind, settings }: Warehouse, workspaceId: string): object {
  return { id, metadata: warehouseKindView(kind), workspaceId, enabled, settings: { name, ...settings } };
}

/** `SourceMetadataV1`. */
export function sourceKindView(kind: SourceKind): object {
  return { ...catalogView(kind), categories: kind.categories, isCloudEventSource: kind.isCloudEventSource };
}

/** `WarehouseMetadataV1`. */
export function warehouseKindView(kind: WarehouseKind): object {
  return catalogView(kind);
}

/** `DestinationMetadataV1`. */
export function destinationKindView(kind: DestinationKind): object {
  const { modes, methods, platforms, hasActions } = kind;
  return {
    ...catalogView(kind),
    status: 'PUBLIC',
    previousNames: [kind.name],
    categories: kind.categories,
    website: kind.website,
    components: platforms.map((platform) => ({
      type: platform === 'mobile' ? 'IOS' : platform.toUpperCase(),
      code: `https://github.com/segment-integrations/${kind.slug}-${platform}`,
      owner: kind.partnerOwned ? 'PARTNER' : 'SEGMENT',
    })),
    supportedFeatures: {
      cloudModeInstances: modes.includes('cloud') ? (hasActions ? 'MULTIPLE' : '1') : '0',
      deviceModeInstances: modes.includes('device') ? '1' : '0',
      replay: modes.includes('cloud'),
      browserUnbundling: modes.includes('cloud') && platforms.includes('browser'),
      browserUnbundlingPublic: true,
    },
    supportedMethods: flags(['pageview', 'identify', 'alias', 'track', 'group'], methods),
    supportedPlatforms: {
      ...flags(['browser', 'server', 'mobile'], platforms),
      warehouse: false,
      cloudAppObject: false,
    },
    actions: hasActions ? [actionView(kind)] : [],
    presets: hasActions ? [presetView(kind)] : [],
    contacts: kind.partnerOwned ? [{ name: kind.name, email: `partners@${kind.slug}.example`, isPrimary: true }] : [],
    partnerOwned: kind.partnerOwned,
    supportedRegions: ['us-west-2', 'eu-west-1'],
    regionEndpoints: ['US', 'EU'],
  };
}

function catalogView({ id, name, slug, description, logo, options }: CatalogItem): object {
  return { id, name, slug, description, logos: { default: `${logo}/default.svg`, mark: null, alt: null }, options };
}

function flags<Name extends string>(all: readonly Name[], set: readonly Name[]): Record<Name, boolean> {
  return Object.fromEntries(all.map((name) => [name, set.includes(name)])) as Record<Name, boolean>;
}

function actionView(kind: DestinationKind): object {
  return {
    id: `${kind.id}-track`,
    slug: 'trackEvent',
    name: 'Track Event',
    description: `Send an event to ${kind.name}.`,
    platform: 'CLOUD',
    hidden: false,
    defaultTrigger: 'type = "track"',
    fields: [
      {
        id: `${kind.id}-user-id`,
        sortOrder: 0,
        fieldKey: 'userId',
        label: 'User ID',
        type: 'STRING',
        description: 'The user the event belongs to.',
        placeholder: '',
        defaultValue: { '@path': '$.userId' },
        required: true,
        multiple: false,
        choices: null,
        dynamic: false,
        allowNull: false,
      },
    ],
  };
}

function presetView(kind: DestinationKind): object {
  return { actionId: `${kind.id}-track`, name: 'Track Calls', fields: {}, trigger: 'type = "track"' };
}
