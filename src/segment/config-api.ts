import { type Answer, allPages, type FetchPage, type Page, pagesOf } from 'connector-kit';
import type { SegmentClient } from './client.js';
import {
  parseDestination,
  parseListedRegulation,
  parsePage,
  parseRegulation,
  parseSource,
  parseWorkspace,
} from './config-api/parse.js';
import { wireTypeOf } from './config-api/types.js';
import { createdRegulation } from './created.js';
import { Limit } from './endpoints.js';
import { isFault, type SegmentFault, segmentFault } from './fault.js';
import { permissionBy } from './permission.js';
import { ofTypes } from './regulation-record.js';
import {
  type CreatedRegulation,
  type DestinationRecord,
  Generation,
  type ListedRegulation,
  type RegulationRecord,
  type RegulationType,
  type Segment,
  type SourceRecord,
  type Workspace,
} from './segment.js';

const pageSize = 100;

/** No attribute that the API knows people by. */
const noAttribute = 'connectionCheck';

/** How the list of regulations is called: by public clients, and by documentation of 2019. Whether either answers today is unknown. */
const listPaths = ['regulations', 'regulation'] as const;

function pageOf<T>(
  client: SegmentClient,
  path: readonly string[],
  items: string,
  parse: (entry: unknown) => T,
): FetchPage<T> {
  return async (size, cursor) => {
    const first = ['page_size', String(size)] as const;
    const query = cursor === undefined ? [first] : [first, ['page_token', cursor] as const];
    return client.get({ path, query }, (body) => parsePage(body, items, parse));
  };
}

function listed<T>(...of: Parameters<typeof pageOf<T>>): AsyncGenerator<T, void, undefined> {
  return allPages(pageSize, pageOf(...of));
}

/** The workspaces that a Config API token may see, page after page. */
export function configApiWorkspaces(client: SegmentClient): AsyncGenerator<Workspace, void, undefined> {
  return listed(client, ['workspaces'], 'workspaces', parseWorkspace);
}

/** Segment through the Config API v1beta, which tokens made before 2024-02-01 belong to. */
export class ConfigApi implements Segment {
  readonly generation = Generation.config;
  /** The slugs of all sources, once they have been listed to the end. */
  private sourceIds: readonly string[] | undefined;

  /** @param slug of the workspace, which the Config API names in every path. */
  constructor(
    private readonly client: SegmentClient,
    private readonly slug: string,
  ) {}

  get behindMs(): number {
    return this.client.behindMs;
  }

  workspace(): Promise<Workspace> {
    return this.client.get({ path: this.under() }, parseWorkspace, 'workspace');
  }

  mayRegulate(type: RegulationType): Promise<'granted' | 'denied' | 'unverifiable'> {
    return permissionBy(() => this.regulate('probe', type, { name: noAttribute, values: [] }, () => undefined));
  }

  typeFault(type: RegulationType): SegmentFault | undefined {
    if (wireTypeOf(type) !== undefined) return undefined;
    return segmentFault('CONFIG_INVALID', `The Config API has no regulations of the type ${type}.`, {
      field: 'regulationType',
      remedy:
        'Choose another Regulation Type under Advanced, or create a token for the Public API, which has them all.',
    });
  }

  createRegulation(type: RegulationType, subjectIds: readonly string[]): Promise<CreatedRegulation> {
    const attributes = { name: 'userId', values: subjectIds };
    return this.regulate('create', type, attributes, (answer) => createdRegulation(this.generation, answer));
  }

  async regulation(id: string): Promise<RegulationRecord | undefined> {
    try {
      return await this.client.get({ path: this.under('regulations', id) }, parseRegulation);
    } catch (fault) {
      if (!isFault(fault, 'NOT_FOUND')) throw fault;
      // The path names the workspace too, whose slug can be changed: then every regulation would seem to be gone.
      await this.workspace();
      return undefined;
    }
  }

  async *listRegulations(
    type: RegulationType,
    after?: string,
  ): AsyncGenerator<Page<ListedRegulation>, void, undefined> {
    let none: unknown;
    for (const path of listPaths) {
      try {
        return yield* this.regulationPages(path, type, after);
      } catch (fault) {
        if (!isFault(fault, 'NOT_FOUND', 'NOT_SUPPORTED')) throw fault;
        none = fault;
      }
    }
    // As with one regulation: where the workspace has another slug, nobody knows whether there is a list.
    await this.workspace();
    throw none;
  }

  private async *regulationPages(name: string, type: RegulationType, after: string | undefined) {
    const fetchPage = pageOf(this.client, this.under(name), 'regulations', parseListedRegulation);
    for await (const page of pagesOf(pageSize, fetchPage, after)) {
      yield { ...page, items: ofTypes(page.items, [type]) };
    }
  }

  async *sources(): AsyncGenerator<SourceRecord, void, undefined> {
    const ids: string[] = [];
    for await (const source of listed(this.client, this.under('sources'), 'sources', parseSource)) {
      ids.push(source.id);
      yield source;
    }
    this.sourceIds = ids;
  }

  async *destinations(): AsyncGenerator<DestinationRecord, void, undefined> {
    // Listed to the end, they are known.
    if (this.sourceIds === undefined) for await (const _ of this.sources());
    for (const sourceId of this.sourceIds ?? []) yield* this.destinationsOf(sourceId);
  }

  async probeDestinations(): Promise<boolean> {
    for await (const { id } of this.sources()) {
      for await (const _ of this.destinationsOf(id)) break;
      return true;
    }
    return false;
  }

  private async *destinationsOf(sourceId: string): AsyncGenerator<DestinationRecord, void, undefined> {
    const path = this.under('sources', sourceId, 'destinations');
    try {
      yield* listed(this.client, path, 'destinations', (entry) => parseDestination(entry, sourceId));
    } catch (fault) {
      // The source was removed since it was listed.
      if (!isFault(fault, 'NOT_FOUND')) throw fault;
    }
  }

  private under(...rest: readonly string[]): readonly string[] {
    return ['workspaces', this.slug, ...rest];
  }

  private async regulate<T>(
    call: 'create' | 'probe',
    type: RegulationType,
    attributes: { readonly name: string; readonly values: readonly string[] },
    read: (answer: Answer) => T,
  ): Promise<T> {
    const fault = this.typeFault(type);
    if (fault) throw fault;
    const body = { regulation_type: wireTypeOf(type), attributes };
    const sending = { call, limit: Limit.config, body, subjects: attributes.values.length };
    return this.client.post({ path: this.under('regulations') }, sending, read);
  }
}
