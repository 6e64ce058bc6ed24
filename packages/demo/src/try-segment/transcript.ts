import { type Exchange, objectOf, routeOf } from './exchange.js';
import { CATALOGUE_FIELDS, FREE_MAPS, type Vocabulary } from './vocabulary.js';

/** An exchange with everything that could identify somebody or open something replaced. */
export interface TranscriptEntry {
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  readonly accept: string;
  readonly request?: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: unknown;
}

/** Fields whose value is a word of Segment's, such as a status. What does not look like one is replaced all the same. */
const WORD_FIELDS: ReadonlySet<string> = new Set([
  'type',
  'status',
  'overallStatus',
  'overall_status',
  'regulationType',
  'regulation_type',
  'subjectType',
  'subject_type',
  'resourceType',
  'audienceType',
  'platform',
  'connection_mode',
  'cloudModeInstances',
  'deviceModeInstances',
]);
const WORD = /^[A-Za-z0-9][A-Za-z]{0,31}(?:[_ -][A-Za-z]{1,31}){0,5}$|^[0-9]$/;
const NUMBER_FIELDS: ReadonlySet<string> = new Set([
  'code',
  'totalEntries',
  'remainingPoints',
  'msBeforeNext',
  'consumedPoints',
]);
/** A name that an API gives a field, not one that a person gives a thing. */
const FIELD_NAME = /^[a-z][A-Za-z_]{0,39}$/;
const KEPT_ITEMS = 3;

/** Replaces values by stand-ins; the same value has the same stand-in in all of a transcript. */
class StandIns {
  private readonly known = new Map<string, string>();
  private readonly counts = new Map<string, number>();

  /** @param kind what the value is, the first time that it comes. */
  of(kind: 'id' | 'text' | 'name' | 'field' | 'number', text: string): string {
    const before = this.known.get(text);
    if (before !== undefined) return before;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    const standIn = `${kind}-${count}`;
    this.known.set(text, standIn);
    return standIn;
  }
}

/** The exchanges of a run, fit to be shown to anybody: only what is known to be Segment's own word is kept as it came. */
export function transcriptOf(exchanges: readonly Exchange[], words: Vocabulary): readonly TranscriptEntry[] {
  const standIns = new StandIns();
  return exchanges.map((exchange) => entryOf(exchange, words, standIns));
}

function entryOf(exchange: Exchange, words: Vocabulary, standIns: StandIns): TranscriptEntry {
  const scrub = (value: unknown): unknown =>
    scrubbed(value, { words, standIns, key: '', inMetadata: false, free: false });
  return {
    route: routeOf(exchange),
    query: Object.fromEntries(
      exchange.query.map(([name, value]) => [fieldName(name), queryValue(name, value, standIns)]),
    ),
    accept: mediaTypes(exchange.requestHeaders['accept'] ?? ''),
    ...(exchange.requestBody === undefined ? {} : { request: scrub(exchange.requestBody) }),
    status: exchange.status,
    headers: headersOf(exchange.headers),
    answer: exchange.body === undefined ? 'not JSON' : scrub(exchange.body),
  };
}

interface Place {
  readonly words: Vocabulary;
  readonly standIns: StandIns;
  /** The field that the value stands in. */
  readonly key: string;
  /** Within the description of a product of the catalogue. */
  readonly inMetadata: boolean;
  /** Within something whose keys and values are the customer's. */
  readonly free: boolean;
}

function scrubbed(value: unknown, place: Place): unknown {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number')
    return NUMBER_FIELDS.has(place.key) && !place.free ? value : place.standIns.of('number', String(value));
  if (typeof value === 'string') return scrubbedText(value, place);
  if (Array.isArray(value)) {
    const kept = value.slice(0, KEPT_ITEMS).map((item) => scrubbed(item, place));
    return value.length > KEPT_ITEMS ? [...kept, `and ${value.length - KEPT_ITEMS} more`] : kept;
  }
  const entries = Object.entries(objectOf(value));
  // An object none of whose fields is known may have names of the customer's as keys.
  const free = place.free || (entries.length > 0 && !entries.some(([key]) => place.words.fields.has(key)));
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      const kept = place.words.fields.has(key) || (!free && FIELD_NAME.test(key));
      return [
        kept ? key : place.standIns.of('field', key),
        scrubbed(inner, {
          ...place,
          key,
          free: free || FREE_MAPS.has(key),
          inMetadata: place.inMetadata || key === 'metadata',
        }),
      ];
    }),
  );
}

function scrubbedText(text: string, { words, standIns, key, inMetadata, free }: Place): string {
  if (text === '') return text;
  if (!free && WORD_FIELDS.has(key) && WORD.test(text)) return text;
  if (!free && (inMetadata || key === 'catalog_name') && CATALOGUE_FIELDS.has(key) && words.catalogue.has(text))
    return text;
  if (key === 'field' && !free && text.split(/[.[\]\d]+/).every((part) => part === '' || words.fields.has(part)))
    return text;
  const date = dateForm(text);
  if (date !== undefined) return date;
  if (/(?:^id|Id|_id|Ids|subjects|values|cursor|current|next|previous|token)$/.test(key))
    return standIns.of('id', text);
  return standIns.of(/name|slug/i.test(key) ? 'name' : 'text', text);
}

/** The form of a date in place of the date. */
export function dateForm(text: string): 'an ISO 8601 date' | 'an RFC 5322 date' | undefined {
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) return 'an ISO 8601 date';
  return /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} [\d:]{5,8} (?:[+-]\d{4}|GMT|UTC)$/.test(text)
    ? 'an RFC 5322 date'
    : undefined;
}

function fieldName(name: string): string {
  return /^[A-Za-z_.[\]0-9]{1,60}$/.test(name) ? name : 'another name';
}

function queryValue(name: string, value: string, standIns: StandIns): string {
  if (/count|size/.test(name) && /^\d{1,4}$/.test(value)) return value;
  return /type|status/i.test(name) && WORD.test(value) ? value : standIns.of('id', value);
}

function mediaTypes(accept: string): string {
  return [...accept.matchAll(/application\/(?:vnd\.segment\.[a-z0-9]+\+)?json/g)].map(([type]) => type).join(', ');
}

/** Only headers about limits and the media type, and of these only numbers, known types and the form of dates. */
function headersOf(headers: Exchange['headers']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'content-type') kept[name] = mediaTypes(value) || 'another type';
    if (!/^(?:retry-after|x-(?:regulation-)?ratelimit-[a-z-]{1,20})$/.test(name)) continue;
    kept[name] = /^\d{1,12}$/.test(value) ? value : (dateForm(value) ?? 'something else');
  }
  return kept;
}
