import type { DetectedSystem } from 'connector-contract';
import { present } from 'connector-kit';
import type { CatalogEntry, RegulationType } from '../segment/segment.js';
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
  return present({
    name: name || slug || 'Not named by Segment',
    slug: slug || 'not-named',
    domain: domain ?? (Object.hasOwn(vendorDomains, slug) ? vendorDomains[slug] : undefined),
    logo,
  });
}

/** Something that was found. */
export interface Found {
  readonly key: string;
  readonly kind: DetectedSystem['kind'];
  readonly record: {
    readonly id: string;
    readonly name: string;
    readonly enabled?: boolean;
    readonly catalog?: CatalogEntry;
  };
  readonly seenIn: string;
  /** Keys. */
  readonly connectedTo: readonly (string | undefined)[];
  readonly detected: Detected;
}

/** It, as a host is told of it. Member by member: nothing else that a record may hold can get out. */
export function systemOf(
  { key, kind, record, seenIn, connectedTo, detected }: Found,
  type: RegulationType,
): DetectedSystem {
  const { id, name, enabled, catalog = segmentItself } = record;
  const vendor = vendorOf(catalog);
  return present({
    key,
    kind,
    name: name || vendor.name,
    vendorId: id,
    vendor,
    categories: [...catalog.categories],
    enabled,
    seenIn: [seenIn],
    connectedTo: connectedTo.filter((one) => one !== undefined),
    coverage: coverageOf(detected, type),
  });
}
