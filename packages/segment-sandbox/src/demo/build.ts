import { stableHexId, stableId } from '../random.js';
import type {
  Destination,
  Feature,
  ReverseEtlModel,
  SegmentFunction,
  Settings,
  Source,
  Space,
  Warehouse,
  Workspace,
} from '../workspace.js';
import { SECRET_PREFIX } from '../workspace.js';
import { CATALOG } from './catalog.js';

/** A value that looks like a secret and says what it is. */
export function secret(...words: readonly (string | number)[]): string {
  return `${SECRET_PREFIX}${stableId(24, 'secret', ...words)}`;
}

/** A source in short: slug, name, kind, and whether it is switched off. */
export interface SourceRow {
  readonly slug: string;
  readonly name: string;
  readonly kind: string;
  readonly enabled?: boolean;
  readonly environment?: string;
}

/** A destination in short. `settings` written as `secret` become secret-looking values. */
export interface DestinationRow {
  readonly source: string;
  readonly kind: string;
  readonly name: string;
  readonly mode?: Destination['connectionMode'];
  readonly enabled?: boolean;
  readonly settings: Settings;
}

/** A warehouse in short, with the slugs of the sources that load into it. */
export interface WarehouseRow {
  readonly kind: string;
  readonly name: string;
  readonly enabled?: boolean;
  readonly sources: readonly string[];
  readonly settings: Settings;
}

/** A space in short, with the audiences and the kinds of warehouses (by name) that profiles are synced to. */
export interface SpaceRow {
  readonly slug: string;
  readonly name: string;
  readonly audiences: readonly string[];
  readonly profilesWarehouses: readonly string[];
}

/** A function in short. */
export interface FunctionRow {
  readonly type: SegmentFunction['resourceType'];
  readonly name: string;
  readonly description: string;
}

/** A model of reverse ETL in short, with the slug of the warehouse source it reads. */
export interface ModelRow {
  readonly source: string;
  readonly name: string;
  readonly query: string;
  readonly enabled?: boolean;
}

/** A workspace in short. */
export interface WorkspaceRow {
  readonly slug: string;
  readonly name: string;
  readonly plan: Workspace['plan'];
  readonly sources: readonly SourceRow[];
  readonly destinations: readonly DestinationRow[];
  readonly warehouses: readonly WarehouseRow[];
  readonly features?: readonly Feature[];
  readonly functions?: readonly FunctionRow[];
  readonly models?: readonly ModelRow[];
  readonly spaces?: readonly SpaceRow[];
}

const CREATED = Date.UTC(2021, 2, 1, 9, 30);
const WEEK = 7 * 24 * 3_600_000;

/** Builds a workspace: every id follows from the names, so it is the same in every run. */
export function buildWorkspace(row: WorkspaceRow): Workspace {
  const { slug, name, plan, features = [], functions = [], models = [], spaces = [] } = row;
  const sourceId = (source: string): string => stableId(22, 'source', slug, source);
  return {
    id: stableId(22, 'workspace', slug),
    slug,
    name,
    plan,
    features,
    createdAt: weeksLater(0),
    sources: row.sources.map(
      (source, position): Source => ({
        id: sourceId(source.slug),
        slug: source.slug,
        name: source.name,
        kind: kindOf(CATALOG.sources, source.kind),
        enabled: source.enabled ?? true,
        writeKeys: [secret('write-key', slug, source.slug)],
        settings: { libraryVersion: '4.1.0' },
        labels: [{ key: 'environment', value: source.environment ?? 'prod', description: 'Where it runs' }],
        createdAt: weeksLater(position),
      }),
    ),
    destinations: row.destinations.map(
      (destination, position): Destination => ({
        id: stableId(22, 'destination', slug, position, destination.kind),
        name: destination.name,
        kind: kindOf(CATALOG.destinations, destination.kind),
        enabled: destination.enabled ?? true,
        sourceId: sourceId(destination.source),
        connectionMode: destination.mode ?? 'CLOUD',
        settings: destination.settings,
        createdAt: weeksLater(position),
        updatedAt: weeksLater(position + 40),
      }),
    ),
    warehouses: row.warehouses.map(
      (warehouse, position): Warehouse => ({
        id: warehouseId(slug, position, warehouse),
        name: warehouse.name,
        kind: kindOf(CATALOG.warehouses, warehouse.kind),
        enabled: warehouse.enabled ?? true,
        settings: warehouse.settings,
        sourceIds: warehouse.sources.map(sourceId),
      }),
    ),
    functions: functions.map(
      ({ type, name: displayName, description }, position): SegmentFunction => ({
        id: `sfnc_${stableId(22, 'function', slug, displayName)}`,
        resourceType: type,
        displayName,
        description,
        catalogId: stableHexId('function', slug, displayName),
        createdAt: weeksLater(position + 60),
      }),
    ),
    models: models.map(
      ({ source, name: modelName, query, enabled = true }): ReverseEtlModel => ({
        id: stableId(22, 'model', slug, modelName),
        sourceId: sourceId(source),
        name: modelName,
        enabled,
        query,
        queryIdentifierColumn: 'user_id',
      }),
    ),
    spaces: spaces.map(
      (space, position): Space => ({
        id: `spa_${stableId(22, 'space', slug, space.slug)}`,
        slug: space.slug,
        name: space.name,
        audiences: space.audiences.map((audience) => ({
          id: `aud_${stableId(22, 'audience', slug, space.slug, audience)}`,
          name: audience,
          key: audience.toLowerCase().replaceAll(' ', '_'),
          enabled: true,
          query: "event('Order Completed').count() >= 1",
          createdAt: weeksLater(position + 80),
        })),
        profilesWarehouses: space.profilesWarehouses.map((wanted) => ({
          warehouseId: warehouseIdOf(row, wanted),
          schemaName: `${space.slug}_profiles`,
        })),
      }),
    ),
  };
}

function warehouseId(workspace: string, position: number, { kind }: WarehouseRow): string {
  return stableId(22, 'warehouse', workspace, position, kind);
}

function warehouseIdOf({ slug, warehouses }: WorkspaceRow, wanted: string): string {
  const position = warehouses.findIndex(({ name }) => name === wanted);
  const warehouse = warehouses[position];
  if (!warehouse) throw new Error(`The workspace has no warehouse ${wanted}`);
  return warehouseId(slug, position, warehouse);
}

function weeksLater(weeks: number): string {
  return new Date(CREATED + weeks * WEEK).toISOString();
}

function kindOf<Kind extends { readonly slug: string }>(kinds: readonly Kind[], slug: string): Kind {
  const kind = kinds.find((candidate) => candidate.slug === slug);
  if (!kind) throw new Error(`The catalogue has no ${slug}`);
  return kind;
}
