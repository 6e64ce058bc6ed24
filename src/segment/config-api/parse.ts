import {
  array,
  cursor,
  id,
  isJson,
  type Json,
  object,
  oneOf,
  optionalFlag,
  optionalId,
  optionalText,
  type Page,
  present,
  text,
} from 'connector-kit';
import { enumWord, filledNames } from '../reading.js';
import { regulationRecord } from '../regulation-record.js';
import type {
  CatalogEntry,
  DestinationRecord,
  ListedRegulation,
  RegulationRecord,
  SourceRecord,
  Workspace,
} from '../segment.js';
import { typeOfWire } from './types.js';

/** The last part of a resource name: `javascript` of `workspaces/acme/sources/javascript`. */
function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `google-analytics` as people write it: the Config API tells slugs only. */
function title(slug: string): string {
  return slug
    .split(/[-_]+/)
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

function catalogEntry(slug: string): CatalogEntry {
  return { slug, name: title(slug) || slug, categories: [] };
}

/** One workspace: bare, or under `workspace`. */
export function parseWorkspace(body: unknown): Workspace {
  const found = object(body, 'the answer');
  const bare = isJson(found['workspace']) ? found['workspace'] : found;
  const slug = lastPart(text(bare['name'], "the workspace's name"));
  return present({
    id: optionalId(oneOf(bare, 'id')),
    slug: text(slug, "the workspace's slug"),
    name: optionalText(oneOf(bare, 'display_name', 'displayName')) ?? slug,
  });
}

/**
 * A regulation. Its exact shape is unpublished: taken bare or under `regulation`, `regulate` or `data`, in either casing.
 */
export function parseRegulation(body: unknown): RegulationRecord {
  let found = object(body, 'the answer');
  for (const envelope of ['data', 'regulation', 'regulate']) {
    const inner = found[envelope];
    if (isJson(inner)) found = inner;
  }
  return regulationRecord(found);
}

/** One page of a list; `items` is the key that holds it. An empty list may be null, or left out of the answer altogether. */
export function parsePage<T>(body: unknown, items: string, parse: (entry: unknown) => T): Page<T> {
  const found = object(body, 'the answer');
  const next = cursor(oneOf(found, 'next_page_token', 'nextPageToken'), 'the next page token');
  const listed = oneOf(found, items);
  const empty = listed === undefined && ['next_page_token', 'nextPageToken', items].some((key) => key in found);
  const entries = empty ? [] : array(listed, `the list of ${items}`);
  return present({ items: entries.map(parse), next });
}

/**
 * One regulation of the list, whose shape is unpublished: of the types, times and people those are taken that are understood, and what
 * is not is left to whoever needs it.
 */
export function parseListedRegulation(value: unknown): ListedRegulation {
  const entry = object(value, 'one of the regulations');
  const attributes = isJson(entry['attributes']) ? entry['attributes'] : {};
  const type = optionalText(oneOf(entry, 'regulation_type', 'regulationType', 'type'));
  const subjects = oneOf(attributes, 'values') ?? oneOf(entry, 'subjects', 'values', 'user_ids', 'userIds');
  return present({
    id: id(oneOf(entry, 'regulate_id', 'regulateId', 'id'), "a regulation's id"),
    type: type === undefined ? undefined : typeOfWire(type),
    createdAt: optionalText(oneOf(entry, 'created_at', 'createdAt', 'create_time', 'createTime')),
    subjectIds: Array.isArray(subjects) ? subjects.map((subject) => String(subject)) : undefined,
  });
}

/** One source; it has no id of its own, so its slug is it. Write keys and library settings stay behind. */
export function parseSource(value: unknown): SourceRecord {
  const entry = object(value, 'one of the sources');
  const slug = text(lastPart(text(entry['name'], "a source's name")), "a source's slug");
  const catalogName = optionalText(oneOf(entry, 'catalog_name', 'catalogName'));
  return present({
    id: slug,
    slug,
    name: optionalText(oneOf(entry, 'display_name', 'displayName')) ?? slug,
    enabled: optionalFlag(entry['enabled']),
    catalog: catalogEntry(catalogName === undefined ? slug : lastPart(catalogName)),
  });
}

function mode(value: unknown): 'cloud' | 'device' | undefined {
  const word = typeof value === 'string' ? enumWord(value) : '';
  if (word === 'CLOUD') return 'cloud';
  return word === 'DEVICE' ? 'device' : undefined;
}

function settingsOf(config: unknown): (readonly [string, unknown])[] {
  const entries = Array.isArray(config) ? config.filter(isJson) : [];
  return entries.flatMap((entry: Json) => {
    const name = optionalText(oneOf(entry, 'name', 'display_name', 'displayName'));
    return name === undefined ? [] : [[lastPart(name), entry['value']] as const];
  });
}

/** One destination of a source; of its config only names stay. Its id is made of the source's and its own slug. */
export function parseDestination(value: unknown, sourceId: string): DestinationRecord {
  const entry = object(value, 'one of the destinations');
  const slug = text(lastPart(text(entry['name'], "a destination's name")), "a destination's slug");
  return present({
    id: `${sourceId}/${slug}`,
    name: optionalText(oneOf(entry, 'display_name', 'displayName')) ?? title(slug),
    enabled: optionalFlag(entry['enabled']),
    sourceId,
    catalog: catalogEntry(slug),
    connectionMode: mode(oneOf(entry, 'connection_mode', 'connectionMode')),
    settingsSet: filledNames(settingsOf(entry['config'])),
  });
}
