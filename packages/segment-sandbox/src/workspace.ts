/** An option of an integration, as the catalogue describes it. */
export interface IntegrationOption {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly label: string;
  readonly description: string;
}

/** How far along an integration is. */
export type IntegrationStatus = 'PUBLIC' | 'PUBLIC_BETA' | 'DEPRECATED';

/** What every kind of catalogue item has. */
export interface CatalogItem {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly logo: string;
  readonly options: readonly IntegrationOption[];
}

/** A kind of source. */
export interface SourceKind extends CatalogItem {
  readonly status: IntegrationStatus;
  readonly categories: readonly string[];
  readonly isCloudEventSource: boolean;
  /** True for sources that pull objects from a cloud application: only these take `OBJECT_ID` regulations. Never shown. */
  readonly isCloudSource: boolean;
}

/** What a regulation does at a kind of destination: it is forwarded, the data is deleted by Segment itself, or nothing. */
export type DestinationReach = 'forwarded' | 'deleted' | 'unsupported';

/** A kind of destination. */
export interface DestinationKind extends CatalogItem {
  readonly status: IntegrationStatus;
  readonly categories: readonly string[];
  readonly website: string;
  readonly partnerOwned: boolean;
  readonly methods: readonly ('pageview' | 'identify' | 'alias' | 'track' | 'group')[];
  readonly platforms: readonly ('browser' | 'server' | 'mobile' | 'warehouse' | 'cloudAppObject' | 'linkedAudiences')[];
  /** Where its code runs; without `SERVER` (and with another) the data goes past Segment. */
  readonly components: readonly ('BROWSER' | 'IOS' | 'ANDROID' | 'SERVER')[];
  readonly hasActions: boolean;
  /** Never shown: it decides what a regulation reports for this destination. */
  readonly reach: DestinationReach;
  /** The setting without which deletion does not work at this destination, where there is one. Never shown. */
  readonly deletionNeeds?: string;
}

/** A kind of warehouse. */
export interface WarehouseKind extends CatalogItem {
  /** Never shown: whether Segment deletes rows here. */
  readonly isDeletedFrom: boolean;
}

/** Every kind of integration that Segment offers: the same for every workspace. */
export interface Catalog {
  readonly sources: readonly SourceKind[];
  readonly destinations: readonly DestinationKind[];
  readonly warehouses: readonly WarehouseKind[];
}

/** Values of settings as a workspace holds them; many are secrets. */
export type Settings = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A source of a workspace. */
export interface Source {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly kind: SourceKind;
  readonly enabled: boolean;
  readonly writeKeys: readonly string[];
  readonly settings: Settings;
  readonly labels: readonly { readonly key: string; readonly value: string; readonly description?: string }[];
  readonly createdAt: string;
}

/** A destination; it belongs to exactly one source. */
export interface Destination {
  readonly id: string;
  readonly name: string;
  readonly kind: DestinationKind;
  readonly enabled: boolean;
  readonly sourceId: string;
  readonly connectionMode: 'CLOUD' | 'DEVICE' | 'UNSPECIFIED';
  readonly settings: Settings;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A warehouse, with the sources that load into it. */
export interface Warehouse {
  readonly id: string;
  readonly name: string;
  readonly kind: WarehouseKind;
  readonly enabled: boolean;
  readonly settings: Settings;
  readonly sourceIds: readonly string[];
}

/** Kinds of functions, by where they stand. */
export const FUNCTION_TYPES = [
  'DESTINATION',
  'INSERT_DESTINATION',
  'INSERT_SOURCE',
  'INSERT_TRANSFORMATION',
  'SOURCE',
] as const;

/** A function: code of the customer's that Segment runs. */
export interface SegmentFunction {
  readonly id: string;
  readonly resourceType: (typeof FUNCTION_TYPES)[number];
  readonly displayName: string;
  readonly description: string;
  /** The catalogue item under which it is connected. */
  readonly catalogId: string;
  readonly createdAt: string;
}

/** A model of reverse ETL: a query whose rows go from the customer's warehouse to destinations. */
export interface ReverseEtlModel {
  readonly id: string;
  /** The warehouse as a source. */
  readonly sourceId: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly query: string;
  readonly queryIdentifierColumn: string;
}

/** A group of people that a space computes. */
export interface Audience {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly enabled: boolean;
  readonly query: string;
  readonly createdAt: string;
}

/** A space of Unify and Engage: profiles, audiences over them, and the warehouses they are synced to. */
export interface Space {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly audiences: readonly Audience[];
  /** Warehouses of the workspace that Profiles Sync writes to, with their schema. */
  readonly profilesWarehouses: readonly { readonly warehouseId: string; readonly schemaName: string }[];
}

/** What a plan or contract adds; the lists of a feature that a workspace lacks are refused. */
export type Feature = 'functions' | 'spaces' | 'audiences' | 'reverse-etl';

/** A workspace: what a token opens. API access comes with the plans Team and Business only. */
export interface Workspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly plan: 'free' | 'team' | 'business';
  readonly createdAt: string;
  readonly sources: readonly Source[];
  readonly destinations: readonly Destination[];
  readonly warehouses: readonly Warehouse[];
  readonly features: readonly Feature[];
  readonly functions: readonly SegmentFunction[];
  readonly models: readonly ReverseEtlModel[];
  readonly spaces: readonly Space[];
}

/** True where a kind has code for browsers or phones only: all its data goes past Segment. */
export function isDeviceOnly({ components }: DestinationKind): boolean {
  return components.length > 0 && !components.includes('SERVER');
}

/** True where a regulation can work at this destination but its setup lacks what deletion needs. */
export function lacksDeletionSetup(destination: Destination): boolean {
  const needed = destination.kind.deletionNeeds;
  return needed !== undefined && !destination.settings[needed];
}

/** Every secret that the settings and write keys of these workspaces hold: tests look for them where they must not be. */
export function secretsOf(workspaces: readonly Workspace[]): string[] {
  const secrets: string[] = [];
  for (const workspace of workspaces) {
    for (const source of workspace.sources) secrets.push(...source.writeKeys, ...secretValues(source.settings));
    for (const { settings } of workspace.destinations) secrets.push(...secretValues(settings));
    for (const { settings } of workspace.warehouses) secrets.push(...secretValues(settings));
  }
  return secrets;
}

/** What every secret of the sandbox's workspaces begins with. */
export const SECRET_PREFIX = 'sandbox-secret-';

function secretValues(settings: Settings): string[] {
  return Object.values(settings).filter(
    (value): value is string => typeof value === 'string' && value.includes(SECRET_PREFIX),
  );
}
