import { stableId } from '../random.js';
import type { Destination, Settings, Source, Warehouse, Workspace } from '../workspace.js';
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

/** A workspace in short. */
export interface WorkspaceRow {
  readonly slug: string;
  readonly name: string;
  readonly plan: Workspace['plan'];
  readonly sources: readonly SourceRow[];
  readonly destinations: readonly DestinationRow[];
  readonly warehouses: readonly WarehouseRow[];
}

const CREATED = Date.UTC(2021, 2, 1, 9, 30);
const WEEK = 7 * 24 * 3_600_000;

/** Builds a workspace: every id follows from the names, so it is the same in every run. */
export function buildWorkspace(row: WorkspaceRow): Workspace {
  const { slug, name, plan } = row;
  const sourceId = (source: string): string => stableId(22, 'source', slug, source);
  return {
    id: stableId(22, 'workspace', slug),
    slug,
    name,
    plan,
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
        id: stableId(22, 'warehouse', slug, position, warehouse.kind),
        name: warehouse.name,
        kind: kindOf(CATALOG.warehouses, warehouse.kind),
        enabled: warehouse.enabled ?? true,
        settings: warehouse.settings,
        sourceIds: warehouse.sources.map(sourceId),
      }),
    ),
  };
}

function weeksLater(weeks: number): string {
  return new Date(CREATED + weeks * WEEK).toISOString();
}

function kindOf<Kind extends { readonly slug: string }>(kinds: readonly Kind[], slug: string): Kind {
  const kind = kinds.find((candidate) => candidate.slug === slug);
  if (!kind) throw new Error(`The catalogue has no ${slug}`);
  return kind;
}
