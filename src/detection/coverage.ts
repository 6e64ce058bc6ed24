import { type Coverage, CoverageState } from 'connector-contract';
import type {
  CatalogEntry,
  DestinationRecord,
  FunctionRecord,
  RegulationType,
  SourceRecord,
  WarehouseRecord,
} from '../segment/segment.js';
import { type CoverageRule, coverageRules, otherSlugs, pages, type RulePage, sourceRules } from './coverage-rules.js';
import { leavesSegment, suppresses } from './regulation-reach.js';

/** What was detected, as coverage is judged for it. */
export type Detected =
  /** `ofFunction`: the source is an instance of a source function. */
  | { readonly kind: 'source'; readonly record: SourceRecord; readonly ofFunction?: boolean }
  /** `ofFunction`: the destination is an instance of a destination function. */
  | { readonly kind: 'destination'; readonly record: DestinationRecord; readonly ofFunction?: boolean }
  /** `fedBy`: the sources whose rows it holds. `profilesSync`: it holds the profiles of a Unify space. */
  | {
      readonly kind: 'warehouse';
      readonly record: WarehouseRecord;
      readonly fedBy: readonly SourceRecord[];
      readonly profilesSync?: boolean;
    }
  | { readonly kind: 'function'; readonly record: FunctionRecord }
  | { readonly kind: 'reverse-etl' | 'space' | 'audience' };

/** The form in which names and slugs are compared: `Customer.io (Actions)` is `customer-io-actions`. */
function comparable(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

const bySlug: ReadonlyMap<string, CoverageRule> = new Map(coverageRules.map((rule) => [rule.slug, rule]));

/** Segment's code calls some of its destinations `Actions Amplitude`, its catalogue `Amplitude (Actions)`. */
const byName: ReadonlyMap<string, CoverageRule> = new Map(
  coverageRules.flatMap((rule) => {
    const name = comparable(rule.name);
    return [name, name.replace(/^(.+)-actions$/, 'actions-$1')].map((one) => [one, rule] as const);
  }),
);

/** The rule for a product of the catalogue. A name alone says nothing here: a function may bear any. */
export function ruleOf(slug: string): CoverageRule | undefined {
  const known = comparable(slug);
  return bySlug.get(otherSlugs[known] ?? known);
}

/** The rule for a product by the name that Segment gives it in the results of a regulation, where it tells no slug. */
export function ruleNamed(name: string): CoverageRule | undefined {
  return byName.get(comparable(name)) ?? ruleOf(name);
}

function coverage(state: CoverageState, reason: string, { title, url, asOf }: RulePage): Coverage {
  return { state, reason, source: { title, url, asOf } };
}

const { reached, forwarded, needsSetup, notReached, unknown } = CoverageState;
const byOtherMeans = 'erase the person there by other means';

function isSet({ needs }: CoverageRule, settingsSet: readonly string[]): boolean {
  // Setting names come as `secretKey` or as a path that ends in it.
  const names = settingsSet.map((name) => (name.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9]/g, ''));
  return needs === undefined || names.some((name) => needs.settings.includes(name));
}

function unnamed(): Coverage {
  const why = 'Segment does not say which product this is, so no rule can be applied to it.';
  return coverage(unknown, why, pages.deletion);
}

/** Rules that say the same of every instance of a product, whatever its settings. */
function fixed({ state, name, note, storage, source }: CoverageRule): Coverage | undefined {
  if (state === 'unknown')
    return coverage(unknown, `Whether a deletion gets to ${name} is not certain. ${note}`, source);
  if (state !== 'not-reached') return undefined;
  const list = storage
    ? 'the storage that Segment deletes from'
    : 'the destinations that Segment passes deletions on to';
  return coverage(notReached, `${name} is not among ${list}: ${byOtherMeans}.${note ? ` ${note}` : ''}`, source);
}

function storageCoverage({ name, source }: CoverageRule, enabled: boolean | undefined, type: RegulationType): Coverage {
  if (!leavesSegment(type)) {
    // One part of the page says that Segment-only regulations delete from warehouses, the other that they stay inside Segment.
    const doubt = `The regulation type ${type} is for Segment's own stores, and Segment's pages disagree on whether it deletes from ${name} as well. Choose SUPPRESS_WITH_DELETE or DELETE_ONLY to be sure.`;
    return coverage(unknown, doubt, source);
  }
  if (enabled !== false) {
    return coverage(reached, `Segment deletes the person's rows or files in ${name} itself, by user ID.`, source);
  }
  return coverage(
    unknown,
    `${name} is switched off in Segment, and Segment's pages do not say whether it deletes there all the same. It may still hold what it got before: switch it on, or ${byOtherMeans}.`,
    source,
  );
}

function ofProfilesSync(type: RegulationType): Coverage {
  if (leavesSegment(type)) {
    const why = 'Profiles Sync fills it, and takes deleted profiles out of its tables once a week.';
    return coverage(reached, why, pages.profilesSync);
  }
  const why = `Profiles Sync fills it. Whether the regulation type ${type} gets there is not published.`;
  return coverage(unknown, why, pages.profilesSync);
}

function ofWarehouse(
  { record: { catalog, enabled }, fedBy, profilesSync }: Extract<Detected, { kind: 'warehouse' }>,
  type: RegulationType,
): Coverage {
  if (profilesSync && fedBy.length === 0) return ofProfilesSync(type);
  if (catalog.slug === '') return unnamed();
  const rule = ruleOf(catalog.slug);
  if (!rule?.storage) {
    const name = catalog.name || catalog.slug;
    const why = `${name} is not among the storage that Segment deletes from: ${byOtherMeans}.`;
    return coverage(notReached, why, pages.deletion);
  }
  const whole = fixed(rule) ?? storageCoverage(rule, enabled, type);
  const copied = [...new Set(fedBy.filter(({ catalog: from }) => copiesObjects(from)).map(nameOf))].sort();
  if (whole.state !== reached || copied.length === 0) return whole;
  return coverage(
    notReached,
    `Segment deletes the person's rows in ${rule.name} by user ID. The rows that it copies from ${copied.join(', ')} go by ids of their own and stay: erase the person there, and those rows in ${rule.name}.`,
    rule.source,
  );
}

const inDeviceMode = 'gets its data straight from the browser or phone (device mode), past Segment';

/** A destination that no rule knows. */
function unlisted({ catalog, enabled, connectionMode }: DestinationRecord, type: RegulationType, ofFunction?: boolean) {
  const name = catalog.name || catalog.slug;
  if (connectionMode === 'device')
    return coverage(notReached, `${name} ${inDeviceMode}: ${byOtherMeans}.`, pages.deletion);
  const silent = silence(name, enabled, type, pages.faq);
  if (silent) return silent;
  if (ofFunction) return functionCoverage('DESTINATION');
  if (catalog.partnerOwned === false) {
    const why = `${name} is not among the destinations that Segment passes deletions on to: ${byOtherMeans}.`;
    return coverage(notReached, why, pages.faq);
  }
  return coverage(
    unknown,
    `${name} is not among the destinations that Segment lists, and the list is not complete: partners have to make their destinations take deletions, and whether this one does cannot be seen. Ask for it, or ${byOtherMeans}.`,
    pages.catalog,
  );
}

/** Where nothing is passed on, whatever the product. */
function silence(name: string, enabled: boolean | undefined, type: RegulationType, page: RulePage) {
  if (!leavesSegment(type)) {
    const why = `The regulation type ${type} stays inside Segment: nothing is passed on to ${name}.`;
    return coverage(notReached, why, pages.faq);
  }
  if (enabled !== false) return undefined;
  const why = `This destination is switched off, so Segment sends it nothing. ${name} may still hold what it got before: ${byOtherMeans}.`;
  return coverage(notReached, why, page);
}

function ofDestination(record: DestinationRecord, type: RegulationType, ofFunction?: boolean): Coverage {
  const { catalog, enabled, connectionMode, settingsSet } = record;
  if (catalog.slug === '' && !ofFunction) return unnamed();
  const rule = ofFunction ? undefined : ruleOf(catalog.slug);
  if (!rule) return unlisted(record, type, ofFunction);
  const { name, source, note, needs, deviceOnly } = rule;
  const known = fixed(rule);
  if (known) return known;
  if (rule.state === 'reached') return storageCoverage(rule, enabled, type);
  const silent = silence(name, enabled, type, source);
  if (silent) return silent;
  if (!isSet(rule, settingsSet)) {
    const why = `Segment passes deletions on to ${name} only after a step that has not been done: ${needs?.step}`;
    return coverage(needsSetup, why, source);
  }
  if (connectionMode === 'device' && !deviceOnly) {
    const why = `${name} ${inDeviceMode}, and whether deletions are passed on to it in that mode is not published. New data keeps arriving there in any case. Use cloud mode, or ${byOtherMeans}.`;
    return coverage(unknown, why, pages.deletion);
  }
  const promise = `Segment passes the deletion on to ${name}, but cannot promise that ${name} acts on it.`;
  const straight = deviceOnly || connectionMode === undefined;
  const after = straight
    ? ` What ${deviceOnly ? 'it gets' : 'a device mode sends'} straight from the browser or phone is not held back.`
    : '';
  return coverage(forwarded, `${promise}${note ? ` ${note}` : ''}${after}`, source);
}

function isEventSource({ categories, cloudEvents, slug }: CatalogEntry): boolean {
  if (cloudEvents === true) return false;
  return (
    categories.some((one) => sourceRules.eventCategories.includes(one.toLowerCase())) ||
    sourceRules.eventSlugs.has(comparable(slug))
  );
}

function isWarehouseSource({ categories }: CatalogEntry): boolean {
  return categories.some((one) => one.toLowerCase() === sourceRules.warehouseCategory);
}

function isEngage({ slug }: CatalogEntry): boolean {
  return sourceRules.engageSlugs.includes(slug);
}

function isUncertain({ categories }: CatalogEntry): boolean {
  return categories.every((one) => one.toLowerCase() === 'internal');
}

/** Whether the rows of a source carry the ids of another product in place of Segment's user ids. */
function copiesObjects(catalog: CatalogEntry): boolean {
  const others = [isEventSource, isWarehouseSource, isEngage, isUncertain];
  return catalog.cloudEvents !== true && !others.some((is) => is(catalog));
}

function nameOf({ name, catalog }: SourceRecord): string {
  return catalog.name || catalog.slug || name;
}

function ofSource(record: SourceRecord, type: RegulationType, ofFunction?: boolean): Coverage {
  const { catalog } = record;
  const name = nameOf(record);
  if (ofFunction) return functionCoverage('SOURCE');
  if (catalog.slug === '') return unnamed();
  if (isEngage(catalog)) {
    const why =
      'Engage computes this from profiles, which Segment deletes from its own stores. Nothing has to be erased in front of it.';
    return coverage(reached, why, sourceRules.page);
  }
  if (isEventSource(catalog)) {
    const onwards = suppresses(type)
      ? 'and holds back new data about the person, mostly within a day, at times only after 30 days'
      : 'but goes on taking new data about the person';
    const why = `Segment deletes what came in through this source from its own stores, ${onwards}. What the site, app or server itself keeps is not touched.`;
    return coverage(reached, why, sourceRules.page);
  }
  if (isWarehouseSource(catalog)) {
    const why = `Reverse ETL reads from your own ${name}, where Segment deletes nothing; what stays there is sent again. Erase the person there first.`;
    return coverage(notReached, why, pages.publicApi);
  }
  if (isUncertain(catalog)) {
    const why = `Segment deletes what came in through this source from its own stores. Whether ${name} is a product that keeps the person's record itself is not known.`;
    return coverage(unknown, why, sourceRules.page);
  }
  const why = `Segment copies records from ${name} and deletes nothing there; what stays there is copied again. Erase the person there first.`;
  return coverage(notReached, why, sourceRules.page);
}

function functionCoverage(resource: FunctionRecord['resource']): Coverage {
  if (resource === 'SOURCE') {
    const why =
      'Segment deletes what came in through this function from its own stores, and nothing in the system that calls it. Erase the person there first.';
    return coverage(notReached, why, pages.publicApi);
  }
  const why =
    resource === 'DESTINATION'
      ? 'A destination function can take deletions (onDelete), and whether this one does cannot be seen. Read its code, and erase the person by other means where it does not.'
      : 'An insert function changes events on their way and may send them elsewhere; deletions do not pass through it. Read its code for where people end up.';
  return coverage(unknown, why, pages.publicApi);
}

const unify = {
  'reverse-etl': [
    notReached,
    'A reverse-ETL model reads rows of your own warehouse, which Segment does not delete, and sends them again. Erase the person there first.',
    pages.publicApi,
  ],
  space: [reached, "Profiles are in Segment's own stores, from which it deletes the person.", pages.deletion],
  audience: [
    reached,
    'Its members come from profiles, from which Segment deletes the person. The destinations that got the audience are judged each by itself.',
    pages.deletion,
  ],
} as const;

/**
 * What a regulation of this type does to a system, by the rules of `coverage-rules.ts`. Pure.
 * @see https://www.twilio.com/docs/segment/privacy/user-deletion-and-suppression
 */
export function coverageOf(detected: Detected, type: RegulationType): Coverage {
  switch (detected.kind) {
    case 'source':
      return ofSource(detected.record, type, detected.ofFunction);
    case 'destination':
      return ofDestination(detected.record, type, detected.ofFunction);
    case 'warehouse':
      return ofWarehouse(detected, type);
    case 'function':
      return functionCoverage(detected.record.resource);
    default: {
      const [state, why, page] = unify[detected.kind];
      return coverage(state, why, page);
    }
  }
}
