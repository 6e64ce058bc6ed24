import {
  type ConnectorContext,
  ConnectorFault,
  type DetectedSystem,
  isConnectorFault,
  type SystemDetectionCapability,
} from 'connector-contract';
import { injectable } from 'inversify';
import { openSegment } from '../segment/connect.js';
import {
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
import {
  audienceKey,
  audienceSystem,
  destinationSystem,
  functionSystem,
  modelSystem,
  sourceSystem,
  spaceSystem,
  systemKey,
  warehouseSystem,
} from './system.js';
import { Unlisted } from './unlisted.js';

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
    if (further) await this.#readFunctions(further);
    yield* this.#destinations();
    if (further) {
      yield* this.#models(further);
      yield* this.#warehouses(further, yield* this.#unify(further));
    }
    for (const { record, connectedTo } of this.#functions) yield functionSystem(record, connectedTo, this.type);
    for (const { record, connectedTo } of this.#spaces) yield spaceSystem(record, connectedTo, this.type);
    for (const { record, connectedTo } of this.#sources) {
      const key = this.#functionKey(record.catalog.id);
      yield sourceSystem(record, key ? [...connectedTo, key] : connectedTo, key !== undefined, this.type);
    }
    yield* this.#unlisted.systems();
  }

  async #readFunctions({ functions }: FurtherLists): Promise<void> {
    const what = 'Functions';
    for (const resource of functionResources) {
      await this.#functions.read(this.#unlisted.read(what, 'function', functions(resource)));
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
      yield destinationSystem(record, source, this.#functionKey(record.catalog.id), this.type);
    }
  }

  async *#models({ reverseEtlModels }: FurtherLists): AsyncGenerator<DetectedSystem, void, undefined> {
    for await (const record of this.#unlisted.read('Reverse-ETL models', 'model', reverseEtlModels())) {
      const key = this.#once(systemKey('model', record.id));
      if (key === undefined) continue;
      yield modelSystem(record, this.#sources.connect(record.sourceId, key), this.type);
    }
  }

  /** A warehouse that Profiles Sync fills may be among the others too, and then holds what sources bring as well. */
  async *#warehouses(
    further: FurtherLists,
    synced: Map<string, SyncedWarehouse>,
  ): AsyncGenerator<DetectedSystem, void, undefined> {
    for await (const record of this.#unlisted.read('Warehouses', 'warehouse', further.warehouses())) {
      const key = this.#once(systemKey('warehouse', record.id));
      if (key === undefined) continue;
      const fedBy = new Map<string, SourceRecord>();
      for await (const id of further.feeding(record.id)) {
        const source = fedBy.has(id) ? undefined : this.#sources.connect(id, key);
        if (source) fedBy.set(id, source);
      }
      yield warehouseSystem(record, [...fedBy.values()], synced.get(record.id)?.space, this.type);
    }
    for (const { record, space } of synced.values())
      if (this.#once(systemKey('warehouse', record.id))) yield warehouseSystem(record, [], space, this.type);
  }

  /** Reads the spaces; tells their audiences, and answers the warehouses that Profiles Sync fills, by id. */
  async *#unify(further: FurtherLists): AsyncGenerator<DetectedSystem, Map<string, SyncedWarehouse>, undefined> {
    const synced = new Map<string, SyncedWarehouse>();
    await this.#spaces.read(this.#unlisted.read('Unify spaces', 'space', further.spaces()));
    for (const { record: space } of this.#spaces) {
      const list = further.profilesWarehouses(space.id);
      for await (const record of this.#unlisted.read('Warehouses of Profiles Sync', 'warehouse', list)) {
        if (synced.has(record.id)) continue;
        synced.set(record.id, { record, space });
        this.#spaces.connect(space.id, systemKey('warehouse', record.id));
      }
      for await (const record of this.#unlisted.read('Audiences', 'model', further.audiences(space.id))) {
        const key = this.#once(audienceKey(record));
        if (key === undefined) continue;
        this.#spaces.connect(space.id, key);
        yield audienceSystem(record, space, this.type);
      }
    }
    return synced;
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
@injectable()
export class SegmentDetection implements SystemDetectionCapability {
  async *detect(ctx: ConnectorContext): AsyncGenerator<DetectedSystem, void, undefined> {
    try {
      yield* new Look(openSegment(ctx), regulationTypeOf(ctx.config)).systems();
    } catch (error) {
      if (isConnectorFault(error)) throw error;
      throw ConnectorFault.of(
        'CONNECTOR_BUG',
        'The detection failed for a reason that the connector does not understand.',
      );
    }
  }
}
