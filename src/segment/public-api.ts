import { type Answer, allPages, type FetchPage, type Json, type Page, pagesOf } from 'connector-kit';
import type { Route, SegmentClient } from './client.js';
import { createdRegulation } from './created.js';
import { Limit } from './endpoints.js';
import { isFault } from './fault.js';
import { permissionBy } from './permission.js';
import {
  parseDestination,
  parseFunction,
  parseListedRegulation,
  parseModel,
  parsePage,
  parseRegulation,
  parseSource,
  parseSourceId,
  parseSpace,
  parseWarehouse,
  parseWorkspace,
} from './public-api/parse.js';
import { ofTypes } from './regulation-record.js';
import {
  type CreatedRegulation,
  type DestinationRecord,
  type FurtherLists,
  Generation,
  type ListedRegulation,
  type RegulationRecord,
  RegulationType,
  type Segment,
  type SourceRecord,
  type Workspace,
} from './segment.js';

/** The media type of the Public API's first version. */
export const publicApiMediaType = 'application/vnd.segment.v1+json';

const pageSize = 200;

/** Lists that are no part of the first version of the API: Segment's own clients ask for them like this. */
const anyVersion = { accept: 'application/json' } as const;

/** No kind of subject that the API knows. */
const noSubjectType = 'CONNECTION_CHECK';

interface RegulationInput {
  readonly regulationType: RegulationType;
  readonly subjectType: string;
  readonly subjectIds: readonly string[];
}

/** Segment through its Public API: https://docs.segmentapis.com */
export class PublicApi implements Segment {
  readonly generation = Generation.public;

  constructor(private readonly client: SegmentClient) {}

  get behindMs(): number {
    return this.client.behindMs;
  }

  workspace(): Promise<Workspace> {
    return this.client.get({ path: [] }, parseWorkspace, 'workspace');
  }

  mayRegulate(regulationType: RegulationType): Promise<'granted' | 'denied' | 'unverifiable'> {
    const nobody = { regulationType, subjectType: noSubjectType, subjectIds: [] };
    return permissionBy(() => this.regulate('probe', nobody, () => undefined));
  }

  typeFault(): undefined {
    return undefined;
  }

  createRegulation(regulationType: RegulationType, subjectIds: readonly string[]): Promise<CreatedRegulation> {
    const body = { regulationType, subjectType: 'USER_ID', subjectIds };
    return this.regulate('create', body, (answer) => createdRegulation(this.generation, answer));
  }

  regulation(id: string): Promise<RegulationRecord | undefined> {
    return this.found(() => this.client.get({ path: ['regulations', id] }, parseRegulation));
  }

  /**
   * All regulations are asked for and sorted out here: the filter of the API knows fewer types than it makes, and lists
   * `SUPPRESS_WITH_DELETE_INTERNAL` as `SUPPRESS_WITH_DELETE` if it lists it at all.
   */
  async *listRegulations(
    type: RegulationType,
    after?: string,
  ): AsyncGenerator<Page<ListedRegulation>, void, undefined> {
    const types: RegulationType[] = [type];
    if (type === RegulationType.suppressWithDeleteInternal) types.push(RegulationType.suppressWithDelete);
    const pages = pagesOf(pageSize, this.pageOf(['regulations'], 'regulations', parseListedRegulation), after);
    for await (const page of pages) {
      yield { ...page, items: ofTypes(page.items, types) };
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

  readonly further: FurtherLists = {
    warehouses: () => this.list(['warehouses'], 'warehouses', parseWarehouse),
    feeding: (id) => this.feeding(id),
    functions: (resource) =>
      this.list(['functions'], 'functions', parseFunction(resource), { query: [['resourceType', resource]] }),
    reverseEtlModels: () => this.list(['reverse-etl-models'], 'models', parseModel, anyVersion),
    spaces: () => this.list(['spaces'], 'spaces', parseSpace, anyVersion),
    profilesWarehouses: (space) =>
      this.list(['spaces', space, 'profiles-warehouses'], 'profilesWarehouses', parseWarehouse, anyVersion),
    audiences: (space) => this.list(['spaces', space, 'audiences'], 'audiences', parseSpace),
    isDestination: async (id) =>
      (await this.found(() => this.client.get({ path: ['destinations', id] }, () => true))) !== undefined,
  };

  private async *feeding(warehouseId: string): AsyncGenerator<string, void, undefined> {
    const ids = this.list(['warehouses', warehouseId, 'connected-sources'], 'sources', parseSourceId);
    for (;;) {
      const next = await this.found(() => ids.next());
      if (next === undefined || next.done) return;
      yield next.value;
    }
  }

  /** `undefined` where Segment knows nothing of it. */
  private async found<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (fault) {
      if (isFault(fault, 'NOT_FOUND')) return undefined;
      throw fault;
    }
  }

  private list<T>(
    path: readonly string[],
    items: string,
    parse: (entry: Json) => T,
    more: Pick<Route, 'query' | 'accept'> = {},
  ): AsyncGenerator<T, void, undefined> {
    return allPages(pageSize, this.pageOf(path, items, parse, more));
  }

  private pageOf<T>(
    path: readonly string[],
    items: string,
    parse: (entry: Json) => T,
    { query = [], ...more }: Pick<Route, 'query' | 'accept'> = {},
  ): FetchPage<T> {
    return async (size, cursor) => {
      const page = [...query, ['pagination.count', String(size)] as const];
      if (cursor !== undefined) page.push(['pagination.cursor', cursor]);
      return this.client.get({ ...more, path, query: page }, (body) => parsePage(body, items, parse));
    };
  }

  private regulate<T>(call: 'create' | 'probe', body: RegulationInput, read: (answer: Answer) => T): Promise<T> {
    const sending = { call, limit: Limit.publicRegulations, body, subjects: body.subjectIds.length };
    return this.client.post({ path: ['regulations'] }, sending, read);
  }
}
