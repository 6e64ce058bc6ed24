import {
  array,
  cursor,
  id,
  isJson,
  type Json,
  object,
  optionalFlag,
  optionalId,
  optionalText,
  type Page,
  present,
  text,
} from 'connector-kit';
import { domainOf, enumWord, filledNames, httpsUrl } from '../reading.js';
import { regulationRecord } from '../regulation-record.js';
import type {
  CatalogEntry,
  DestinationRecord,
  FunctionRecord,
  FunctionResource,
  ListedRegulation,
  ModelRecord,
  RegulationRecord,
  SourceRecord,
  SpaceRecord,
  WarehouseRecord,
  Workspace,
} from '../segment.js';
import { connectionMode } from './connection-mode.js';

function data(body: unknown): Json {
  return object(object(body, 'the answer')['data'], 'its data');
}

/** `GET /`. */
export function parseWorkspace(body: unknown): Workspace {
  const found = object(data(body)['workspace'], 'the workspace');
  return {
    id: id(found['id'], "the workspace's id"),
    slug: text(found['slug'], "the workspace's slug"),
    name: text(found['name'], "the workspace's name"),
  };
}

/** `GET /regulations/{id}`. */
export function parseRegulation(body: unknown): RegulationRecord {
  return regulationRecord(data(body)['regulation']);
}

/** Lists that Segment may answer whole, without `pagination`. Of any other nobody could tell then whether it was cut short. */
const wholeLists: ReadonlySet<string> = new Set(['profilesWarehouses']);

/** One page of a list; `items` is the key that holds it, `parse` reads one entry. */
export function parsePage<T>(body: unknown, items: string, parse: (entry: Json) => T): Page<T> {
  const found = data(body);
  const pagination = wholeLists.has(items) ? (found['pagination'] ?? {}) : found['pagination'];
  const next = cursor(object(pagination, 'the pagination')['next'], 'the next cursor');
  const entries = array(found[items], `the list of ${items}`).map((entry) =>
    parse(object(entry, `one of the ${items}`)),
  );
  return present({ items: entries, next });
}

/** One regulation of `GET /regulations`. It may be anybody's, so what it lacks is left to whoever needs it. */
export function parseListedRegulation(entry: Json): ListedRegulation {
  const type = optionalText(entry['regulationType']);
  const subjects = entry['subjects'];
  return present({
    id: id(entry['id'], "a regulation's id"),
    type: type === undefined ? undefined : enumWord(type),
    createdAt: optionalText(entry['createdAt']),
    subjectIds: Array.isArray(subjects) ? subjects.map((subject) => String(subject)) : undefined,
  });
}

/** What the catalogue says, and nothing where it is silent: a product that has left the catalogue must not hide all others. */
function catalogEntry(metadata: Json): CatalogEntry {
  const logos = isJson(metadata['logos']) ? metadata['logos'] : {};
  const categories = Array.isArray(metadata['categories']) ? metadata['categories'] : [];
  return present({
    id: optionalId(metadata['id']),
    slug: optionalText(metadata['slug']) ?? '',
    name: optionalText(metadata['name']) ?? '',
    categories: categories.filter((category) => typeof category === 'string'),
    logo: httpsUrl(logos['mark']) ?? httpsUrl(logos['default']) ?? httpsUrl(logos['alt']),
    domain: domainOf(metadata['website']),
    partnerOwned: optionalFlag(metadata['partnerOwned']),
    cloudEvents: optionalFlag(metadata['isCloudEventSource']),
  });
}

function metadataOf(entry: Json): Json {
  return isJson(entry['metadata']) ? entry['metadata'] : {};
}

/** One source of `GET /sources`; its write keys and settings stay behind. */
export function parseSource(entry: Json): SourceRecord {
  const catalog = catalogEntry(metadataOf(entry));
  const own = id(entry['id'], "a source's id");
  const slug = optionalText(entry['slug']);
  return present({
    id: own,
    slug: slug ?? own,
    name: optionalText(entry['name']) ?? slug ?? (catalog.name || own),
    enabled: optionalFlag(entry['enabled']),
    catalog,
  });
}

/** One destination of `GET /destinations`; of its settings only names stay. */
export function parseDestination(entry: Json): DestinationRecord {
  const metadata = metadataOf(entry);
  const settings = isJson(entry['settings']) ? entry['settings'] : {};
  const catalog = catalogEntry(metadata);
  const own = id(entry['id'], "a destination's id");
  return present({
    id: own,
    name: optionalText(entry['name']) ?? (catalog.name || own),
    enabled: optionalFlag(entry['enabled']),
    sourceId: optionalId(entry['sourceId']),
    catalog,
    connectionMode: connectionMode(metadata, settings),
    settingsSet: filledNames(Object.entries(settings)),
  });
}

/**
 * One warehouse of `GET /warehouses`, with the sources that feed it. The name that people gave it is among its settings
 * (`CreateWarehouse` takes it as `name` and answers no such field); nothing else of the settings is taken.
 */
export function parseWarehouse(entry: Json): WarehouseRecord {
  const catalog = catalogEntry(metadataOf(entry));
  const settings = isJson(entry['settings']) ? entry['settings'] : {};
  const own = id(entry['id'], "a warehouse's id");
  return present({
    id: own,
    name: optionalText(settings['name']) ?? (catalog.name || own),
    enabled: optionalFlag(entry['enabled']),
    catalog,
  });
}

/** One function of `GET /functions`; its code and settings stay behind. */
export function parseFunction(resource: FunctionResource): (entry: Json) => FunctionRecord {
  return (entry) => {
    const own = id(entry['id'], "a function's id");
    const name = optionalText(entry['displayName']) ?? own;
    return present({ id: own, name, resource, catalogId: optionalId(entry['catalogId']) });
  };
}

/** One model of `GET /reverse-etl-models`; its query stays behind. */
export function parseModel(entry: Json): ModelRecord {
  return present({ ...parseSpace(entry), sourceId: optionalId(entry['sourceId']) });
}

/** One space of `GET /spaces`, or one audience in it; what defines an audience stays behind. */
export function parseSpace(entry: Json): SpaceRecord {
  const own = id(entry['id'], 'an id');
  const name = optionalText(entry['name']) ?? optionalText(entry['slug']) ?? own;
  return present({ id: own, name, enabled: optionalFlag(entry['enabled']) });
}

/** The id of one source of `GET /warehouses/{id}/connected-sources`. */
export function parseSourceId(entry: Json): string {
  return id(entry['id'], "a connected source's id");
}
