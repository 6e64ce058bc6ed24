import { fraction } from '../random.js';
import { isDeviceOnly, type Settings, type Workspace } from '../workspace.js';
import type { DestinationRow, SourceRow, WarehouseRow } from './build.js';
import { buildWorkspace, secret } from './build.js';
import { CATALOG } from './catalog.js';

/** How large a generated workspace is. */
export interface WorkspaceSize {
  readonly sources: number;
  readonly destinations: number;
  readonly warehouses: number;
}

/**
 * A workspace of any size under the name of `acme-demo`. Kinds go round the catalogue so that a source has no kind of
 * destination twice; what is switched off and what loads where follows the seed.
 */
export function generateWorkspace(size: WorkspaceSize, seed: number): Workspace {
  const sources = rows(size.sources, (position): SourceRow => {
    const kind = at(CATALOG.sources, position);
    return {
      slug: `source_${position + 1}`,
      name: `${kind.name} ${position + 1}`,
      kind: kind.slug,
      enabled: fraction(seed, 'source', position) < 0.95,
    };
  });
  const destinations = rows(size.destinations, (position): DestinationRow => {
    const source = position % sources.length;
    const kind = at(CATALOG.destinations, source + Math.floor(position / sources.length));
    return {
      source: `source_${source + 1}`,
      kind: kind.slug,
      name: `${kind.name} ${position + 1}`,
      mode: isDeviceOnly(kind) ? 'DEVICE' : 'CLOUD',
      enabled: fraction(seed, 'destination', position) < 0.9,
      settings: generatedSettings(kind.options, 'destination', position),
    };
  });
  const warehouses = rows(size.warehouses, (position): WarehouseRow => {
    const kind = at(CATALOG.warehouses, position);
    return {
      kind: kind.slug,
      name: `${kind.name} ${position + 1}`,
      sources: sources.map(({ slug }) => slug).filter((slug) => fraction(seed, 'loads', position, slug) < 0.3),
      settings: generatedSettings(kind.options, 'warehouse', position),
    };
  });
  return buildWorkspace({
    slug: 'acme-demo',
    name: 'Acme Demo',
    plan: 'business',
    features: ['functions', 'spaces', 'audiences', 'reverse-etl'],
    sources,
    destinations,
    warehouses,
  });
}

function rows<Row>(count: number, row: (position: number) => Row): Row[] {
  return Array.from({ length: count }, (_, position) => row(position));
}

function at<Item>(items: readonly Item[], position: number): Item {
  return items[position % items.length] as Item;
}

function generatedSettings(options: readonly { name: string }[], ...words: (string | number)[]): Settings {
  return Object.fromEntries(options.map(({ name }) => [name, secret(name, ...words)]));
}
