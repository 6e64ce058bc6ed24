import type { QuotaReading } from 'connector-contract';
import type { Page } from 'connector-kit';
import type { SegmentFault } from './fault.js';

/**
 * Segment as the rest of the plugin sees it: one port, two adapters (`public-api.ts`, `config-api.ts`).
 *
 * Records are what both generations can say, with the casing and the envelopes gone. Write keys, settings and config values
 * never get out of an adapter: what is kept of settings are the names of those that are filled in.
 * Every method throws a `SegmentFault` (see `fault.ts`) and nothing else.
 */

/** Which generation of Segment's API answers: the Public API of today's tokens, or the older Config API v1beta. */
export const Generation = { public: 'public', config: 'config' } as const;

/** One of {@link Generation}. */
export type Generation = (typeof Generation)[keyof typeof Generation];

/** What Segment calls each. */
export const apiName = { public: 'Public API', config: 'Config API' } as const satisfies Record<Generation, string>;

/** The deleting regulation types that a workspace-wide regulation can have. */
export const RegulationType = {
  suppressWithDelete: 'SUPPRESS_WITH_DELETE',
  deleteOnly: 'DELETE_ONLY',
  suppressWithDeleteInternal: 'SUPPRESS_WITH_DELETE_INTERNAL',
  deleteInternal: 'DELETE_INTERNAL',
} as const;

/** One of {@link RegulationType}. */
export type RegulationType = (typeof RegulationType)[keyof typeof RegulationType];

/** The workspace a token belongs to. */
export interface Workspace {
  /** Absent where the Config API does not say. */
  readonly id?: string;
  readonly slug: string;
  readonly name: string;
}

/** A regulation that Segment has just taken. */
export interface CreatedRegulation {
  readonly id: string;
  readonly quota?: QuotaReading;
}

/** How far a regulation is in one destination. Statuses in upper case with underscores, as the Public API spells them. */
export interface DestinationStatus {
  readonly id?: string;
  readonly name: string;
  readonly status: string;
  /** As Segment quotes the destination: it may name the person, and is not fit to be shown or logged as it is. */
  readonly error?: string;
  readonly finishedAt?: string;
}

/** A regulation as `GET` by its id tells it. */
export interface RegulationRecord {
  readonly overallStatus: string;
  readonly createdAt?: string;
  readonly finishedAt?: string;
  /** Of all streams together. */
  readonly destinations: readonly DestinationStatus[];
}

/** A regulation as the list tells it, whoever made it. Holds identifiers of people: compare, never log or keep. */
export interface ListedRegulation {
  readonly id: string;
  /** Absent, as the next two, where Segment does not say: such an entry can be neither recognised nor ruled out. */
  readonly type?: string;
  readonly createdAt?: string;
  readonly subjectIds?: readonly string[];
}

/** What the catalogue says about the product behind a source, destination or warehouse. */
export interface CatalogEntry {
  readonly id?: string;
  /** Empty where Segment does not say, as is the name. */
  readonly slug: string;
  readonly name: string;
  readonly categories: readonly string[];
  /** An https URL. */
  readonly logo?: string;
  /** Without scheme. */
  readonly domain?: string;
  /** A partner, and not Segment, built it. Absent where Segment does not say. */
  readonly partnerOwned?: boolean;
  /** A source that is another product and sends events (`isCloudEventSource`). Absent where Segment does not say. */
  readonly cloudEvents?: boolean;
}

/** A source of the workspace. */
export interface SourceRecord {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly enabled?: boolean;
  readonly catalog: CatalogEntry;
}

/** A destination of the workspace, on one source. */
export interface DestinationRecord {
  readonly id: string;
  readonly name: string;
  readonly enabled?: boolean;
  /** Absent where Segment does not say. */
  readonly sourceId?: string;
  readonly catalog: CatalogEntry;
  /** `device` where events go from the browser or phone straight to the vendor. Absent where Segment does not say. */
  readonly connectionMode?: 'cloud' | 'device';
  /** Names (never values) of the settings that are filled in. */
  readonly settingsSet: readonly string[];
}

/** A warehouse of the workspace. */
export interface WarehouseRecord {
  readonly id: string;
  readonly name: string;
  readonly enabled?: boolean;
  readonly catalog: CatalogEntry;
}

/** A function of the workspace: code of the customer's that Segment runs. */
export interface FunctionRecord {
  readonly id: string;
  readonly name: string;
  readonly resource: FunctionResource;
  /** The catalogue id that its instances among sources and destinations have. Absent where Segment does not say. */
  readonly catalogId?: string;
}

/** What functions are for, as Segment lists them. */
export const functionResources = [
  'SOURCE',
  'DESTINATION',
  'INSERT_SOURCE',
  'INSERT_DESTINATION',
  'INSERT_TRANSFORMATION',
] as const;

/** One of {@link functionResources}. */
export type FunctionResource = (typeof functionResources)[number];

/** A reverse-ETL model: a query over a warehouse of the customer's. The query itself stays behind. */
export interface ModelRecord {
  readonly id: string;
  readonly name: string;
  readonly enabled?: boolean;
  readonly sourceId?: string;
}

/** A Unify space, or an audience in one. */
export interface SpaceRecord {
  readonly id: string;
  readonly name: string;
  readonly enabled?: boolean;
}

/** The calls this plugin makes. Lists fetch page after page as they are iterated. */
export interface Segment {
  readonly generation: Generation;
  /** Milliseconds that Segment's clock was behind the host's at most, by the answers so far. */
  readonly behindMs: number;
  workspace(): Promise<Workspace>;
  /**
   * Whether the token may make regulations, found out by a request that no reading of the API's schema can accept: of a kind of subject
   * that does not exist, and about nobody. Assumes that Segment looks at the permission first. `unverifiable` where the answer tells neither.
   * @throws SegmentFault `PLAN_WITHOUT_API`, or where Segment gave no answer to the question.
   */
  mayRegulate(type: RegulationType): Promise<'granted' | 'denied' | 'unverifiable'>;
  /** Why regulations of this type cannot be made, where this generation has none of it. Asks nothing. */
  typeFault(type: RegulationType): SegmentFault | undefined;
  /** Exactly one request, never repeated. Of at least one id and at most 5,000. A fault says by `mayHaveArrived` whether Segment may have taken it. */
  createRegulation(type: RegulationType, subjectIds: readonly string[]): Promise<CreatedRegulation>;
  /** `undefined` where Segment does not keep the record (any more). */
  regulation(id: string): Promise<RegulationRecord | undefined>;
  /**
   * Pages in no certain order, each with the cursor of the next. One of another deleting type comes without its type: what is looked for
   * may have been sent under that.
   * @param after the cursor of the page to begin with.
   * @throws SegmentFault `NOT_FOUND` or `NOT_SUPPORTED` where there is no such list.
   */
  listRegulations(type: RegulationType, after?: string): AsyncIterable<Page<ListedRegulation>>;
  sources(): AsyncIterable<SourceRecord>;
  destinations(): AsyncIterable<DestinationRecord>;
  /** One request for destinations, to see that they may be listed; `false` where there is no source to ask about. */
  probeDestinations(): Promise<boolean>;
  /** Absent in the Config API, which lists nothing but sources, destinations and regulations. */
  readonly further?: FurtherLists;
}

/** What only the Public API lists. */
export interface FurtherLists {
  warehouses(): AsyncIterable<WarehouseRecord>;
  /** The ids of the sources that feed a warehouse; none where it was removed since it was listed. */
  feeding(warehouseId: string): AsyncIterable<string>;
  functions(resource: FunctionResource): AsyncIterable<FunctionRecord>;
  reverseEtlModels(): AsyncIterable<ModelRecord>;
  /** Unify spaces. */
  spaces(): AsyncIterable<SpaceRecord>;
  /** The warehouses that Profiles Sync fills from a space. */
  profilesWarehouses(spaceId: string): AsyncIterable<WarehouseRecord>;
  audiences(spaceId: string): AsyncIterable<SpaceRecord>;
  /** Whether this is the id of a destination of the workspace. */
  isDestination(id: string): Promise<boolean>;
}
