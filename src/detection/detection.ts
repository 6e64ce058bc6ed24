import type { DetectedSystem, SystemDetectionCapability } from 'connector-contract';
import { detectionOf } from 'connector-kit';
import { openSegment } from '../segment/connect.js';
import {
  apiName,
  type FunctionRecord,
  type FurtherLists,
  functionResources,
  type RegulationType,
  type Segment,
  type SourceRecord,
  type SpaceRecord,
  type WarehouseRecord,
} from '../segment/segment.js';
import { regulationTypeOf } from './regulation-reach.js';
import { type Found, systemKey, systemOf } from './system.js';
import { furtherLists, listsOfSpaces, Unlisted } from './unlisted.js';

/** Something that is read first and told last, when it is known what it is connected to. */
class Open<T extends { readonly id: string }> {
  readonly #entries = new Map<string, { readonly record: T; readonly connectedTo: string[] }>();

  async read(list: AsyncIterable<T>): Promise<void> {
    // A page that moved while it was read brings an entry twice.
    for await (const record of list)
      if (!this.#entries.has(record.id)) this.#entries.set(record.id, { record, connectedTo: [] });
  }

  /** Notes the connection, and answers the record; `undefined` where it was not seen. */
  connect(id: string | undefined, to: string): T | undefined {
    const entry = this.#entries.get(id ?? '');
    entry?.connectedTo.push(to);
    return entry?.record;
  }

  *[Symbol.iterator](): Generator<{ readonly record: T; readonly connectedTo: readonly string[] }> {
    yield* this.#entries.values();
  }
}

/** A warehouse that Profiles Sync fills from a space. */
interface SyncedWarehouse {
  readonly record: WarehouseRecord;
  readonly space: SpaceRecord;
}

/** A look through one workspace. Sources, functions and spaces are the fewest and wait; everything else passes through as it comes. */
class Look {
  readonly #sources = new Open<SourceRecord>();
  readonly #functions = new Open<FunctionRecord>();
  readonly #spaces = new Open<SpaceRecord>();
  readonly #unlisted = new Unlisted();
  readonly #told = new Set<string>();
  /** Ids of functions by the catalogue id of their instances. */
  readonly #functionOf = new Map<string, string>();

  constructor(
    private readonly segment: Segment,
    private readonly type: RegulationType,
  ) {}

  async *systems(): AsyncGenerator<DetectedSystem, void, undefined> {
    const { further } = this.segment;
    // Without sources there is nothing to go by: that they are refused is a fault of the whole.
    await this.#sources.read(this.segment.sources());
    // Systems that another token showed are not gone because this one cannot list them.
    if (further) await this.#readFunctions(further);
    else this.#unlisted.without(apiName[this.segment.generation]);
    yield* this.#destinations();
    if (further) {
      yield* this.#models(further);
      yield* this.#warehouses(further, yield* this.#unify(further));
    }
    for (const { record, connectedTo } of this.#functions) {
      const key = systemKey('function', record.id);
      const seenIn = `Functions of the Segment workspace (${record.resource.toLowerCase().replaceAll('_', ' ')})`;
      yield this.#tell({ key, kind: 'function', record, seenIn, connectedTo, detected: { kind: 'function', record } });
    }
    for (const { record, connectedTo } of this.#spaces) {
      const key = systemKey('space', record.id);
      const seenIn = 'Unify spaces of the Segment workspace';
      yield this.#tell({ key, kind: 'space', record, seenIn, connectedTo, detected: { kind: 'space' } });
    }
    for (const { record, connectedTo } of this.#sources) {
      const instanceOf = this.#functionKey(record.catalog.id);
      yield this.#tell({
        key: systemKey('source', record.id),
        kind: 'source',
        record,
        seenIn: 'Sources of the Segment workspace',
        connectedTo: [...connectedTo, instanceOf],
        detected: { kind: 'source', record, ofFunction: instanceOf !== undefined },
      });
    }
    yield* this.#unlisted.systems();
  }

  async #readFunctions({ functions }: FurtherLists): Promise<void> {
    const { what, kind } = furtherLists.functions;
    for (const resource of functionResources) {
      await this.#functions.read(this.#unlisted.read(what, kind, functions(resource)));
      // The permission is one for all of them.
      if (this.#unlisted.refused(what)) break;
    }
    for (const { record } of this.#functions)
      if (record.catalogId !== undefined) this.#functionOf.set(record.catalogId, record.id);
    for (const { record } of this.#sources)
      this.#functions.connect(this.#functionOf.get(record.catalog.id ?? ''), systemKey('source', record.id));
  }

  async *#destinations(): AsyncGenerator<DetectedSystem, void, undefined> {
    const list = this.#unlisted.read('Destinations', 'destination', this.segment.destinations());
    for await (const record of list) {
      const key = this.#once(systemKey('destination', record.id));
      if (key === undefined) continue;
      const source = this.#sources.connect(record.sourceId, key);
      this.#functions.connect(this.#functionOf.get(record.catalog.id ?? ''), key);
      const instanceOf = this.#functionKey(record.catalog.id);
      yield this.#tell({
        key,
        kind: 'destination',
        record,
        seenIn: `Destinations of the ${source ? `source ${source.name || source.slug}` : 'Segment workspace'}`,
        connectedTo: [source && systemKey('source', source.id), instanceOf],
        detected: { kind: 'destination', record, ofFunction: instanceOf !== undefined },
      });
    }
  }

  async *#models({ reverseEtlModels }: FurtherLists): AsyncGenerator<DetectedSystem, void, undefined> {
    const { what, kind } = furtherLists.models;
    for await (const record of this.#unlisted.read(what, kind, reverseEtlModels())) {
      const key = this.#once(systemKey('model', record.id));
      if (key === undefined) continue;
      const source = this.#sources.connect(record.sourceId, key);
      yield this.#tell({
        key,
        kind: 'model',
        record,
        seenIn: 'Reverse-ETL models of the Segment workspace',
        connectedTo: [source && systemKey('source', source.id)],
        detected: { kind: 'reverse-etl' },
      });
    }
  }

  /** A warehouse that Profiles Sync fills may be among the others too, and then holds what sources bring as well. */
  async *#warehouses(
    further: FurtherLists,
    synced: Map<string, SyncedWarehouse>,
  ): AsyncGenerator<DetectedSystem, void, undefined> {
    const { what, kind } = furtherLists.warehouses;
    for await (const record of this.#unlisted.read(what, kind, further.warehouses())) {
      const key = this.#once(systemKey('warehouse', record.id));
      if (key === undefined) continue;
      const fedBy = new Map<string, SourceRecord>();
      for await (const id of further.feeding(record.id)) {
        const source = fedBy.has(id) ? undefined : this.#sources.connect(id, key);
        if (source) fedBy.set(id, source);
      }
      yield this.#warehouse(key, record, [...fedBy.values()], synced.get(record.id)?.space);
    }
    for (const { record, space } of synced.values()) {
      const key = this.#once(systemKey('warehouse', record.id));
      if (key !== undefined) yield this.#warehouse(key, record, [], space);
    }
  }

  #warehouse(
    key: string,
    record: WarehouseRecord,
    fedBy: readonly SourceRecord[],
    space?: SpaceRecord,
  ): DetectedSystem {
    return this.#tell({
      key,
      kind: 'warehouse',
      record,
      seenIn: space ? `Profiles Sync of the Unify space ${space.name}` : 'Warehouses of the Segment workspace',
      connectedTo: [...fedBy.map(({ id }) => systemKey('source', id)), space && systemKey('space', space.id)],
      detected: { kind: 'warehouse', record, fedBy, profilesSync: space !== undefined },
    });
  }

  /** Reads the spaces; tells their audiences, and answers the warehouses that Profiles Sync fills, by id. */
  async *#unify(further: FurtherLists): AsyncGenerator<DetectedSystem, Map<string, SyncedWarehouse>, undefined> {
    const synced = new Map<string, SyncedWarehouse>();
    const { what, kind } = furtherLists.spaces;
    await this.#spaces.read(this.#unlisted.read(what, kind, further.spaces()));
    if (this.#unlisted.refused(what)) this.#unlisted.withoutSpaces();
    const { warehouses, audiences } = listsOfSpaces;
    for (const { record: space } of this.#spaces) {
      const list = further.profilesWarehouses(space.id);
      for await (const record of this.#unlisted.read(warehouses.what, warehouses.kind, list)) {
        if (synced.has(record.id)) continue;
        synced.set(record.id, { record, space });
        this.#spaces.connect(space.id, systemKey('warehouse', record.id));
      }
      for await (const record of this.#unlisted.read(audiences.what, audiences.kind, further.audiences(space.id))) {
        // Its id may be that of a reverse-ETL model too.
        const key = this.#once(systemKey('model', `audience:${record.id}`));
        if (key === undefined) continue;
        this.#spaces.connect(space.id, key);
        const seenIn = `Audiences of the Unify space ${space.name}`;
        const connectedTo = [systemKey('space', space.id)];
        yield this.#tell({ key, kind: 'model', record, seenIn, connectedTo, detected: { kind: 'audience' } });
      }
    }
    return synced;
  }

  #tell(found: Found): DetectedSystem {
    return systemOf(found, this.type);
  }

  /** The key, the first time it comes. */
  #once(key: string): string | undefined {
    if (this.#told.has(key)) return undefined;
    this.#told.add(key);
    return key;
  }

  #functionKey(catalogId: string | undefined): string | undefined {
    const id = this.#functionOf.get(catalogId ?? '');
    return id === undefined ? undefined : systemKey('function', id);
  }
}

/** Finds what the workspace is connected to and what of it holds people, and says what a deletion does to each. */
export function segmentDetection(): SystemDetectionCapability {
  return detectionOf((ctx) => new Look(openSegment(ctx), regulationTypeOf(ctx.config)).systems());
}
