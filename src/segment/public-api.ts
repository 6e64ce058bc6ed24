import type { Answer, SegmentClient } from './client.js';
import { createdRegulation } from './created.js';
import { Limit } from './endpoints.js';
import { SegmentFault } from './errors.js';
import { allPages } from './paging.js';
import { permissionBy } from './permission.js';
import {
  parseDestination,
  parseListedRegulation,
  parsePage,
  parseRegulation,
  parseSource,
  parseSourceId,
  parseWarehouse,
  parseWorkspace,
} from './public-api/parse.js';
import type { JsonObject } from './reading.js';
import {
  type CreatedRegulation,
  type DestinationRecord,
  Generation,
  type ListedRegulation,
  type RegulationRecord,
  RegulationType,
  type Segment,
  type SourceRecord,
  type WarehouseRecord,
  type Workspace,
} from './segment.js';
import { assertSubjects } from './subjects.js';

/** The media type of the Public API's first version. */
export const publicApiMediaType = 'application/vnd.segment.v1+json';

const pageSize = 200;

/** Segment through its Public API: https://docs.segmentapis.com */
export class PublicApi implements Segment {
  readonly generation = Generation.public;

  constructor(private readonly client: SegmentClient) {}

  async workspace(): Promise<Workspace> {
    return parseWorkspace((await this.client.get({ path: [] }, 'workspace')).body);
  }

  mayRegulate(type: RegulationType): Promise<'granted' | 'denied' | 'unverifiable'> {
    return permissionBy(() => this.regulate('probe', type, []));
  }

  async createRegulation(type: RegulationType, subjectIds: readonly string[]): Promise<CreatedRegulation> {
    assertSubjects(subjectIds);
    return createdRegulation(this.generation, await this.regulate('create', type, subjectIds));
  }

  async regulation(id: string): Promise<RegulationRecord | undefined> {
    try {
      return parseRegulation((await this.client.get({ path: ['regulations', id] })).body);
    } catch (fault) {
      if (fault instanceof SegmentFault && fault.code === 'NOT_FOUND') return undefined;
      throw fault;
    }
  }

  /**
   * All regulations are asked for and sorted out here: the filter of the API knows fewer types than it makes, and lists
   * `SUPPRESS_WITH_DELETE_INTERNAL` as `SUPPRESS_WITH_DELETE` if it lists it at all. One without a type may be of any.
   */
  async *listRegulations(type: RegulationType): AsyncGenerator<ListedRegulation, void, undefined> {
    const types: (string | undefined)[] = [type, undefined];
    if (type === RegulationType.suppressWithDeleteInternal) types.push(RegulationType.suppressWithDelete);
    for await (const listed of this.list(['regulations'], 'regulations', parseListedRegulation)) {
      if (types.includes(listed.type)) yield listed;
    }
  }

  sources(): AsyncGenerator<SourceRecord, void, undefined> {
    return this.list(['sources'], 'sources', parseSource);
  }

  destinations(): AsyncGenerator<DestinationRecord, void, undefined> {
    return this.list(['destinations'], 'destinations', parseDestination);
  }

  async probeDestinations(): Promise<boolean> {
    for await (const _ of this.destinations()) break;
    return true;
  }

  async *warehouses(): AsyncGenerator<WarehouseRecord, void, undefined> {
    for await (const warehouse of this.list(['warehouses'], 'warehouses', parseWarehouse)) {
      yield { ...warehouse, sourceIds: await this.feeding(warehouse.id) };
    }
  }

  private async feeding(warehouseId: string): Promise<string[]> {
    const ids: string[] = [];
    try {
      const path = ['warehouses', warehouseId, 'connected-sources'];
      for await (const id of this.list(path, 'sources', parseSourceId)) ids.push(id);
    } catch (fault) {
      // Removed since it was listed.
      if (fault instanceof SegmentFault && fault.code === 'NOT_FOUND') return ids;
      throw fault;
    }
    return ids;
  }

  private list<T>(path: readonly string[], items: string, parse: (entry: JsonObject) => T) {
    return allPages(pageSize, async (size, cursor) => {
      const first = ['pagination.count', String(size)] as const;
      const query = cursor === undefined ? [first] : [first, ['pagination.cursor', cursor] as const];
      return parsePage((await this.client.get({ path, query })).body, items, parse);
    });
  }

  private regulate(
    call: 'create' | 'probe',
    regulationType: RegulationType,
    subjectIds: readonly string[],
  ): Promise<Answer> {
    const body = { regulationType, subjectType: 'USER_ID', subjectIds };
    const limit = Limit.publicRegulations;
    return this.client.post({ path: ['regulations'] }, { call, limit, body, subjects: subjectIds.length });
  }
}
