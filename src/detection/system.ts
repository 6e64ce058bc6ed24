import type { DetectedSystem } from 'connector-contract';
import type {
  CatalogEntry,
  DestinationRecord,
  RegulationType,
  SourceRecord,
  WarehouseRecord,
} from '../segment/segment.js';
import { coverageOf } from './coverage.js';
import { vendorDomains } from './vendor-domains.js';

/**
 * The key of a system: its kind and Segment's id of it, which outlives a rename. The Config API has no ids but paths made of
 * slugs, so a connection that changes generation sees its systems under new keys.
 */
export function systemKey(kind: DetectedSystem['kind'], id: string): string {
  return `${kind}:${id}`;
}

function vendorOf({ slug, name, logo, domain }: CatalogEntry): DetectedSystem['vendor'] {
  const website = domain ?? (Object.hasOwn(vendorDomains, slug) ? vendorDomains[slug] : undefined);
  return {
    name: name || slug || 'Not named by Segment',
    slug,
    ...(website === undefined ? {} : { domain: website }),
    ...(logo === undefined ? {} : { logo }),
  };
}

type Named = { readonly name: string; readonly enabled?: boolean; readonly catalog: CatalogEntry };

function whatItIs({
  name,
  enabled,
  catalog,
}: Named): Pick<DetectedSystem, 'name' | 'vendor' | 'categories' | 'enabled'> {
  const vendor = vendorOf(catalog);
  // Member by member: nothing else that a record may hold can get out.
  return {
    name: name || vendor.name,
    vendor,
    categories: [...catalog.categories],
    ...(enabled === undefined ? {} : { enabled }),
  };
}

/** A source, fed onwards to the systems under `connectedTo`. */
export function sourceSystem(
  record: SourceRecord,
  connectedTo: readonly string[],
  type: RegulationType,
): DetectedSystem {
  return {
    key: systemKey('source', record.id),
    kind: 'source',
    ...whatItIs(record),
    seenIn: ['Sources of the Segment workspace'],
    connectedTo: [...connectedTo],
    coverage: coverageOf({ kind: 'source', record }, type),
  };
}

/** A destination. `source`: the one it is on, where that is known. */
export function destinationSystem(
  record: DestinationRecord,
  source: SourceRecord | undefined,
  type: RegulationType,
): DetectedSystem {
  return {
    key: systemKey('destination', record.id),
    kind: 'destination',
    ...whatItIs(record),
    seenIn: [
      source ? `Destinations of the source ${source.name || source.slug}` : 'Destinations of the Segment workspace',
    ],
    connectedTo: source ? [systemKey('source', source.id)] : [],
    coverage: coverageOf({ kind: 'destination', record }, type),
  };
}

/** A warehouse, fed by the sources that are known. */
export function warehouseSystem(
  record: WarehouseRecord,
  sources: readonly SourceRecord[],
  type: RegulationType,
): DetectedSystem {
  return {
    key: systemKey('warehouse', record.id),
    kind: 'warehouse',
    ...whatItIs(record),
    seenIn: ['Warehouses of the Segment workspace'],
    connectedTo: sources.map(({ id }) => systemKey('source', id)),
    coverage: coverageOf({ kind: 'warehouse', record }, type),
  };
}
