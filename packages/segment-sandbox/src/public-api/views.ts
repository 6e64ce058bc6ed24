import { stableId } from '../random.js';
import type {
  Audience,
  CatalogItem,
  Destination,
  DestinationKind,
  ReverseEtlModel,
  SegmentFunction,
  Source,
  SourceKind,
  Space,
  Warehouse,
  WarehouseKind,
  Workspace,
} from '../workspace.js';
import { isDeviceOnly } from '../workspace.js';

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

/** `ListFunctionItemV1`. */
export function functionView(one: SegmentFunction): object {
  const { id, resourceType, displayName, description, catalogId, createdAt } = one;
  const logoUrl = 'https://logos.segment-sandbox.example/function/default.svg';
  return { id, resourceType, createdAt, createdBy: SOMEBODY, displayName, description, logoUrl, catalogId };
}

/** `ReverseEtlModel`. */
export function modelView({ id, sourceId, name, enabled, query, queryIdentifierColumn }: ReverseEtlModel): object {
  return { id, sourceId, name, description: '', enabled, query, queryIdentifierColumn };
}

/** `Space`. */
export function spaceView({ id, slug, name }: Space): object {
  return { id, slug, name };
}

/** `ProfilesWarehouseAlpha`. */
export function profilesWarehouseView(
  { id, enabled, kind, settings }: Warehouse,
  spaceId: string,
  schemaName: string,
  workspaceId: string,
): object {
  return { id, spaceId, metadata: warehouseKindView(kind), workspaceId, enabled, settings, schemaName };
}

/** `AudienceSummaryWithAudienceTypeAndLookback`. */
export function audienceView({ id, name, key, enabled, query, createdAt }: Audience, spaceId: string): object {
  return {
    id,
    spaceId,
    name,
    description: '',
    key,
    enabled,
    definition: { query },
    status: enabled ? 'Live' : 'Disabled',
    computeCadence: { type: 'BATCH' },
    createdBy: SOMEBODY,
    updatedBy: SOMEBODY,
    createdAt,
    updatedAt: createdAt,
    audienceType: 'USERS',
  };
}

/** The id of a colleague who made things. */
const SOMEBODY = stableId(22, 'user', 'somebody');

/** `SourceMetadataV1`. */
export function sourceKindView(kind: SourceKind): object {
  const { status, categories, isCloudEventSource } = kind;
  return { ...catalogView(kind), status, categories, isCloudEventSource, partnerOwned: false };
}

/** `WarehouseMetadataV1`. */
export function warehouseKindView(kind: WarehouseKind): object {
  return catalogView(kind);
}

/** `DestinationMetadataV1`. */
export function destinationKindView(kind: DestinationKind): object {
  const { methods, platforms, components, hasActions } = kind;
  return {
    ...catalogView(kind),
    status: kind.status,
    previousNames: [kind.name],
    categories: kind.categories,
    website: kind.website,
    components: components.map((type) => ({
      type,
      code: `https://github.com/segment-integrations/${kind.slug}-${type.toLowerCase()}`,
      owner: kind.partnerOwned ? 'PARTNER' : 'SEGMENT',
    })),
    // Segment says "0" of many products that run in both modes: what is true is in `components`.
    supportedFeatures: {
      cloudModeInstances: hasActions ? 'MULTIPLE' : '0',
      deviceModeInstances: '0',
      replay: !isDeviceOnly(kind),
      browserUnbundling: components.includes('BROWSER') && components.includes('SERVER'),
      browserUnbundlingPublic: true,
    },
    supportedMethods: flags(['pageview', 'identify', 'alias', 'track', 'group'], methods),
    supportedPlatforms: flags(
      ['browser', 'server', 'mobile', 'warehouse', 'cloudAppObject', 'linkedAudiences'],
      platforms,
    ),
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
