import type { Call } from '../call.js';
import type { Segment } from '../segment.js';
import type { Catalog, Source, Warehouse } from '../workspace.js';
import type { Caller } from './access.js';
import { notFound } from './errors.js';
import { pageFor, paginationOf } from './lists.js';
import {
  destinationKindView,
  destinationView,
  sourceKindView,
  sourceView,
  warehouseKindView,
  warehouseView,
  workspaceView,
} from './views.js';

/** What a handler of the Public API answers: the value of `data`. */
export type Answer = object;

/** `GET /` */
export function getWorkspace(_segment: Segment, caller: Caller): Answer {
  return { workspace: workspaceView(caller.workspace) };
}

/** `GET /sources` */
export function listSources(_segment: Segment, { workspace }: Caller, call: Call): Answer {
  return listed(call, 'sources', workspace.sources, (source) => sourceView(source, workspace.id));
}

/** `GET /destinations` */
export function listDestinations(_segment: Segment, { workspace }: Caller, call: Call): Answer {
  return listed(call, 'destinations', workspace.destinations, destinationView);
}

/** `GET /warehouses` */
export function listWarehouses(_segment: Segment, { workspace }: Caller, call: Call): Answer {
  return listed(call, 'warehouses', workspace.warehouses, (warehouse) => warehouseView(warehouse, workspace.id));
}

/** `GET /sources/{id}/connected-destinations` */
export function listConnectedDestinations(_segment: Segment, caller: Caller, call: Call): Answer {
  const { id } = sourceOf(caller, call);
  const connected = caller.workspace.destinations.filter(({ sourceId }) => sourceId === id);
  return listed(call, 'destinations', connected, destinationView);
}

/** `GET /sources/{id}/connected-warehouses` */
export function listConnectedWarehouses(_segment: Segment, caller: Caller, call: Call): Answer {
  const { id } = sourceOf(caller, call);
  const connected = caller.workspace.warehouses.filter(({ sourceIds }) => sourceIds.includes(id));
  return listed(call, 'warehouses', connected, (warehouse) => warehouseView(warehouse, caller.workspace.id));
}

/** `GET /warehouses/{id}/connected-sources` */
export function listConnectedSources(_segment: Segment, { workspace }: Caller, call: Call): Answer {
  const warehouse: Warehouse | undefined = workspace.warehouses.find(({ id }) => id === call.params['id']);
  if (!warehouse) throw notFound('The warehouse does not exist');
  const connected = workspace.sources.filter(({ id }) => warehouse.sourceIds.includes(id));
  return listed(call, 'sources', connected, (source) => sourceView(source, workspace.id));
}

/** The source that a path names. @throws PublicApiError 404 */
export function sourceOf({ workspace }: Caller, call: Call): Source {
  const source = workspace.sources.find(({ id }) => id === call.params['id']);
  if (!source) throw notFound('The source does not exist');
  return source;
}

/** The three catalogues; they are the same for everyone. */
export function catalogHandlers(catalog: Catalog): Record<'sources' | 'destinations' | 'warehouses', CatalogHandler> {
  return {
    sources: (_segment, _caller, call) => listed(call, 'sourcesCatalog', catalog.sources, sourceKindView, true),
    destinations: (_segment, _caller, call) =>
      listed(call, 'destinationsCatalog', catalog.destinations, destinationKindView, true),
    warehouses: (_segment, _caller, call) =>
      listed(call, 'warehousesCatalog', catalog.warehouses, warehouseKindView, true),
  };
}

type CatalogHandler = (segment: Segment, caller: Caller, call: Call) => Answer;

/** A page of `items` under `field`. @throws PublicApiError 422 */
export function listed<Item>(
  call: Call,
  field: string,
  items: readonly Item[],
  view: (item: Item) => object,
  capped = false,
): Answer {
  const page = pageFor(call, { list: call.path, items, capped });
  return { [field]: page.items.map(view), pagination: paginationOf(page, 'null') };
}
