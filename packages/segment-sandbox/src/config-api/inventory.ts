import type { Call } from '../call.js';
import { pageOf } from '../paging.js';
import type { Segment } from '../segment.js';
import type { TokenSpec } from '../tokens.js';
import type { Destination, Source, Workspace } from '../workspace.js';
import { workspaceOf } from './access.js';
import { configError } from './errors.js';

/** The default is 10 on some operations and 100 on others: the small one shows clients that do not page. */
const DEFAULT_SIZE = 10;
const MAX_SIZE = 100;

/** `GET /workspaces`: the one that the token belongs to. */
export function listWorkspaces(segment: Segment, token: TokenSpec, call: Call): object {
  const own = segment.workspaces.get(token.workspace);
  return listed(call, 'workspaces', own ? [own] : [], workspaceView);
}

/** `GET /workspaces/{slug}` */
export function getWorkspace(segment: Segment, token: TokenSpec, call: Call): object {
  return workspaceView(workspaceOf(segment, token, call));
}

/** `GET /workspaces/{slug}/sources` */
export function listSources(segment: Segment, token: TokenSpec, call: Call): object {
  const workspace = workspaceOf(segment, token, call);
  return listed(call, 'sources', workspace.sources, (source) => sourceView(source, workspace));
}

/** `GET /workspaces/{slug}/sources/{source}/destinations` */
export function listDestinations(segment: Segment, token: TokenSpec, call: Call): object {
  const workspace = workspaceOf(segment, token, call);
  const source = workspace.sources.find(({ slug }) => slug === call.params['source']);
  if (!source) throw configError('notFound', 'source not found');
  const parent = `workspaces/${workspace.slug}/sources/${source.slug}`;
  const destinations = workspace.destinations.filter(({ sourceId }) => sourceId === source.id);
  return listed(call, 'destinations', destinations, (destination) => destinationView(destination, parent));
}

function workspaceView({ slug, name, id, createdAt }: Workspace): object {
  return { name: `workspaces/${slug}`, display_name: name, id, create_time: createdAt };
}

function sourceView({ slug, kind, writeKeys, createdAt }: Source, workspace: Workspace): object {
  const parent = `workspaces/${workspace.slug}`;
  return {
    name: `${parent}/sources/${slug}`,
    parent,
    catalog_name: `catalog/sources/${kind.slug}`,
    write_keys: writeKeys,
    library_config: {
      metrics_enabled: false,
      retry_queue: true,
      cross_domain_id_enabled: false,
      api_host: 'api.segment.io/v1',
    },
    create_time: createdAt,
  };
}

function destinationView(destination: Destination, parent: string): object {
  const { kind, name, enabled, connectionMode, settings, createdAt, updatedAt } = destination;
  const resource = `${parent}/destinations/${kind.slug}`;
  return {
    name: resource,
    parent,
    display_name: name,
    enabled,
    connection_mode: connectionMode,
    config: Object.entries(settings).map(([key, value]) => ({
      name: `${resource}/config/${key}`,
      display_name: kind.options.find((option) => option.name === key)?.label ?? key,
      value,
      type: Array.isArray(value) ? 'list' : typeof value,
    })),
    create_time: createdAt,
    update_time: updatedAt,
  };
}

/** How the items of a list are told apart by cursors; by position where it is left out. */
interface Keys<Item> {
  readonly keyOf: (item: Item) => number;
  readonly falling: boolean;
}

/** A page of `items` under `field`. @throws ConfigApiError 400/3 */
export function listed<Item>(
  call: Call,
  field: string,
  items: readonly Item[],
  view: (item: Item) => object,
  keys?: Keys<Item>,
): object {
  const sizeText = call.query.first('page_size');
  const size = sizeText === undefined || sizeText === '' ? DEFAULT_SIZE : Number(sizeText);
  if (!Number.isInteger(size) || size < 0) throw configError('invalidArgument', 'page_size must be a whole number');
  const page = pageOf(call.path, items, keys?.keyOf ?? ((_item, position) => position), {
    cursor: call.query.first('page_token') || undefined,
    count: Math.min(size === 0 ? DEFAULT_SIZE : size, MAX_SIZE),
    falling: keys?.falling ?? false,
  });
  if (!page) throw configError('invalidArgument', 'page_token is not a token of this list');
  return { [field]: page.items.map(view), next_page_token: page.next ?? '' };
}
