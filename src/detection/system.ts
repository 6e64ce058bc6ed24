import type { DetectedSystem } from 'connector-contract';
import type {
  CatalogEntry,
  DestinationRecord,
  FunctionRecord,
  ModelRecord,
  RegulationType,
  SourceRecord,
  SpaceRecord,
  WarehouseRecord,
} from '../segment/segment.js';
import { coverageOf, type Detected } from './coverage.js';
import { vendorDomains } from './coverage-rules.js';

/**
 * The key of a system: its kind and Segment's id of it, which outlives a rename. The Config API has no ids but paths made of
 * slugs, so a connection that changes generation sees its systems under new keys.
 */
export function systemKey(kind: DetectedSystem['kind'], id: string): string {
  return `${kind}:${id}`;
}

/** What is the customer's own and runs in Segment. */
const segmentItself: CatalogEntry = { slug: 'segment', name: 'Twilio Segment', categories: [], domain: 'segment.com' };

function vendorOf({ slug, name, logo, domain }: CatalogEntry): DetectedSystem['vendor'] {
  const website = domain ?? (Object.hasOwn(vendorDomains, slug) ? vendorDomains[slug] : undefined);
  return {
    name: name || slug || 'Not named by Segment',
    slug: slug || 'not-named',
    ...(website === undefined ? {} : { domain: website }),
    ...(logo === undefined ? {} : { logo }),
  };
}

interface Told {
  readonly key: string;
  readonly kind: DetectedSystem['kind'];
  readonly record: { readonly name: string; readonly enabled?: boolean; readonly catalog?: CatalogEntry };
  readonly seenIn: string;
  readonly connectedTo: readonly string[];
  readonly detected: Detected;
}

/** Member by member: nothing else that a record may hold can get out. */
function told({ key, kind, record, seenIn, connectedTo, detected }: Told, type: RegulationType): DetectedSystem {
  const { name, enabled, catalog = segmentItself } = record;
  const vendor = vendorOf(catalog);
  return {
    key,
    kind,
    name: name || vendor.name,
    vendor,
    categories: [...catalog.categories],
    ...(enabled === undefined ? {} : { enabled }),
    seenIn: [seenIn],
    connectedTo: [...connectedTo],
    coverage: coverageOf(detected, type),
  };
}

/** A source, fed onwards to the systems under `connectedTo`. */
export function sourceSystem(
  record: SourceRecord,
  connectedTo: readonly string[],
  ofFunction: boolean,
  type: RegulationType,
): DetectedSystem {
  const key = systemKey('source', record.id);
  const detected = { kind: 'source', record, ofFunction } as const;
  return told({ key, kind: 'source', record, seenIn: 'Sources of the Segment workspace', connectedTo, detected }, type);
}

/** A destination. `source`: the one it is on, where that is known. `ofFunction`: the key of the function it is an instance of. */
export function destinationSystem(
  record: DestinationRecord,
  source: SourceRecord | undefined,
  ofFunction: string | undefined,
  type: RegulationType,
): DetectedSystem {
  const on = source ? `the source ${source.name || source.slug}` : 'the Segment workspace';
  return told(
    {
      key: systemKey('destination', record.id),
      kind: 'destination',
      record,
      seenIn: `Destinations of ${on}`,
      connectedTo: [...(source ? [systemKey('source', source.id)] : []), ...(ofFunction ? [ofFunction] : [])],
      detected: { kind: 'destination', record, ofFunction: ofFunction !== undefined },
    },
    type,
  );
}

/** A warehouse, fed by the sources that are known; by Profiles Sync from `space`, where there is one. */
export function warehouseSystem(
  record: WarehouseRecord,
  fedBy: readonly SourceRecord[],
  space: SpaceRecord | undefined,
  type: RegulationType,
): DetectedSystem {
  return told(
    {
      key: systemKey('warehouse', record.id),
      kind: 'warehouse',
      record,
      seenIn: space ? `Profiles Sync of the Unify space ${space.name}` : 'Warehouses of the Segment workspace',
      connectedTo: [
        ...fedBy.map(({ id }) => systemKey('source', id)),
        ...(space ? [systemKey('space', space.id)] : []),
      ],
      detected: { kind: 'warehouse', record, fedBy, profilesSync: space !== undefined },
    },
    type,
  );
}

/** A function, and the sources and destinations that are instances of it. */
export function functionSystem(
  record: FunctionRecord,
  connectedTo: readonly string[],
  type: RegulationType,
): DetectedSystem {
  const key = systemKey('function', record.id);
  const seenIn = `Functions of the Segment workspace (${record.resource.toLowerCase().replaceAll('_', ' ')})`;
  return told({ key, kind: 'function', record, seenIn, connectedTo, detected: { kind: 'function', record } }, type);
}

/** A reverse-ETL model and the source it belongs to, where that is known. */
export function modelSystem(
  record: ModelRecord,
  source: SourceRecord | undefined,
  type: RegulationType,
): DetectedSystem {
  return told(
    {
      key: systemKey('model', record.id),
      kind: 'model',
      record,
      seenIn: 'Reverse-ETL models of the Segment workspace',
      connectedTo: source ? [systemKey('source', source.id)] : [],
      detected: { kind: 'reverse-etl' },
    },
    type,
  );
}

/** A Unify space, with the warehouses and audiences of it. */
export function spaceSystem(record: SpaceRecord, connectedTo: readonly string[], type: RegulationType): DetectedSystem {
  const key = systemKey('space', record.id);
  const seenIn = 'Unify spaces of the Segment workspace';
  return told({ key, kind: 'space', record, seenIn, connectedTo, detected: { kind: 'space' } }, type);
}

/** The key of an audience, whose id may be that of a reverse-ETL model too. */
export function audienceKey({ id }: SpaceRecord): string {
  return systemKey('model', `audience:${id}`);
}

/** An audience of a space. */
export function audienceSystem(record: SpaceRecord, space: SpaceRecord, type: RegulationType): DetectedSystem {
  return told(
    {
      key: audienceKey(record),
      kind: 'model',
      record,
      seenIn: `Audiences of the Unify space ${space.name}`,
      connectedTo: [systemKey('space', space.id)],
      detected: { kind: 'audience' },
    },
    type,
  );
}
