import type { Answer, SegmentClient } from './client.js';
import { parseDestination, parsePage, parseRegulation, parseSource, parseWorkspace } from './config-api/parse.js';
import { createdRegulation } from './created.js';
import { Limit } from './endpoints.js';
import { SegmentFault } from './errors.js';
import { allPages } from './paging.js';
import { permissionBy } from './permission.js';
import {
  type CreatedRegulation,
  type DestinationRecord,
  Generation,
  type RegulationRecord,
  RegulationType,
  type Segment,
  type SourceRecord,
  type WarehouseRecord,
  type Workspace,
} from './segment.js';
import { assertSubjects } from './subjects.js';

const pageSize = 100;

/** Types as the Config API spells them: `Suppress_With_Delete`. */
function wireType(type: RegulationType): string {
  return type.replace(/[A-Z]+/g, (word) => word.charAt(0) + word.slice(1).toLowerCase());
}

async function* listed<T>(client: SegmentClient, path: readonly string[], items: string, parse: (entry: unknown) => T) {
  yield* allPages(pageSize, async (size, cursor) => {
    const first = ['page_size', String(size)] as const;
    const query = cursor === undefined ? [first] : [first, ['page_token', cursor] as const];
    return parsePage((await client.get({ path, query })).body, items, parse);
  });
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

  async workspace(): Promise<Workspace> {
    return parseWorkspace((await this.client.get({ path: this.under() }, 'workspace')).body);
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
      return parseRegulation((await this.client.get({ path: this.under('regulations', id) })).body);
    } catch (fault) {
      if (!(fault instanceof SegmentFault) || fault.code !== 'NOT_FOUND') throw fault;
      // The path names the workspace too, whose slug can be changed: then every regulation would seem to be gone.
      await this.workspace();
      return undefined;
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
    for (const sourceId of await this.allSourceIds()) yield* this.destinationsOf(sourceId);
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
      if (!(fault instanceof SegmentFault) || fault.code !== 'NOT_FOUND') throw fault;
    }
  }

  async *warehouses(): AsyncGenerator<WarehouseRecord, void, undefined> {
    // The Config API has no list of warehouses.
  }

  private async allSourceIds(): Promise<readonly string[]> {
    if (this.sourceIds !== undefined) return this.sourceIds;
    const ids: string[] = [];
    for await (const source of this.sources()) ids.push(source.id);
    return ids;
  }

  private under(...rest: readonly string[]): readonly string[] {
    return ['workspaces', this.slug, ...rest];
  }

  private regulate(call: 'create' | 'probe', type: RegulationType, values: readonly string[]): Promise<Answer> {
    const body = { regulation_type: wireType(type), attributes: { name: 'userId', values } };
    const route = { path: this.under('regulations') };
    return this.client.post(route, { call, limit: Limit.config, body, subjects: values.length });
  }
}
