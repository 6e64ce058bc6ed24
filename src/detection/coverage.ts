import { type Coverage, CoverageState } from 'connector-contract';
import type {
  CatalogEntry,
  DestinationRecord,
  RegulationType,
  SourceRecord,
  WarehouseRecord,
} from '../segment/segment.js';
import { pages, type ReachRule, type RulePage, reachRules, type SetupNeed, sourceRules } from './coverage-rules.js';
import { leavesSegment, suppresses } from './regulation-reach.js';

/** A record of one of the three kinds, as coverage is judged for it. */
export type Detected =
  | { readonly kind: 'source'; readonly record: SourceRecord }
  | { readonly kind: 'destination'; readonly record: DestinationRecord }
  | { readonly kind: 'warehouse'; readonly record: WarehouseRecord };

/** The form in which names and slugs are compared: `Customer.io (Actions)` is `customer-io-actions`. */
function comparable(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

const rulesByName: ReadonlyMap<string, ReachRule> = new Map(
  reachRules.flatMap((rule) => [rule.name, ...rule.slugs].map((name) => [comparable(name), rule] as const)),
);

/** The rule for a product by its name or slug, where a regulation gets to it at all. */
export function reachRuleOf(...names: readonly string[]): ReachRule | undefined {
  for (const name of names) {
    const rule = rulesByName.get(comparable(name));
    if (rule) return rule;
  }
  return undefined;
}

function coverage(state: CoverageState, reason: string, { title, url, asOf }: RulePage): Coverage {
  return { state, reason, source: { title, url, asOf } };
}

function isSet(need: SetupNeed, settingsSet: readonly string[]): boolean {
  // Setting names come as `secretKey` or as a path that ends in it.
  const names = settingsSet.map((name) => (name.split('/').at(-1) ?? '').toLowerCase().replace(/[^a-z0-9]/g, ''));
  return names.some((name) => need.settings.some((wanted) => name.includes(wanted)));
}

function isNameless({ slug, name }: CatalogEntry): boolean {
  return slug.trim() === '' && name.trim() === '';
}

function unnamed(): Coverage {
  return coverage(
    CoverageState.unknown,
    'Segment does not say which product this is, so no rule can be applied to it.',
    pages.deletion,
  );
}

function storageCoverage(name: string, enabled: boolean | undefined, type: RegulationType, page: RulePage): Coverage {
  if (leavesSegment(type) && enabled !== false)
    return coverage(CoverageState.reached, `Segment deletes the person's rows or files in ${name} itself.`, page);
  if (leavesSegment(type)) {
    return coverage(
      CoverageState.unknown,
      `${name} is switched off in Segment, and Segment's pages do not say whether it deletes there all the same. It may still hold what it got before: switch it on, or erase the person there by other means.`,
      page,
    );
  }
  // One page says that Segment-only regulations delete from warehouses, the other that they stay inside Segment.
  return coverage(
    CoverageState.unknown,
    `The regulation type ${type} is for Segment's own stores, and Segment's pages disagree on whether it deletes from ${name} as well. Choose SUPPRESS_WITH_DELETE or DELETE_ONLY to be sure.`,
    page,
  );
}

function ofWarehouse({ catalog, enabled }: WarehouseRecord, type: RegulationType): Coverage {
  if (isNameless(catalog)) return unnamed();
  const rule = reachRuleOf(catalog.slug, catalog.name);
  if (rule?.state === 'reached') return storageCoverage(rule.name, enabled, type, rule.page);
  return coverage(
    CoverageState.notReached,
    `${catalog.name || catalog.slug} is not among the storage that Segment deletes from: erase the person there by other means.`,
    pages.deletion,
  );
}

function ofDestination(
  { catalog, enabled, connectionMode, settingsSet }: DestinationRecord,
  type: RegulationType,
): Coverage {
  if (isNameless(catalog)) return unnamed();
  const rule = reachRuleOf(catalog.slug, catalog.name);
  const name = rule?.name ?? (catalog.name || catalog.slug);
  if (!rule) {
    return coverage(
      CoverageState.notReached,
      `${name} is not among the destinations that Segment passes deletions on to: erase the person there by other means.`,
      pages.faq,
    );
  }
  if (connectionMode === 'device') {
    return coverage(
      CoverageState.notReached,
      `${name} gets its data straight from the browser or phone (device mode), past Segment: erase the person there by other means.`,
      pages.deletion,
    );
  }
  if (rule.state === 'reached') return storageCoverage(name, enabled, type, rule.page);
  if (!leavesSegment(type)) {
    return coverage(
      CoverageState.notReached,
      `The regulation type ${type} stays inside Segment: nothing is passed on to ${name}.`,
      pages.faq,
    );
  }
  if (enabled === false) {
    return coverage(
      CoverageState.notReached,
      `This destination is switched off, so Segment sends it nothing. ${name} may still hold what it got before: erase the person there by other means.`,
      rule.page,
    );
  }
  if (rule.needs && !isSet(rule.needs, settingsSet)) {
    return coverage(
      CoverageState.needsSetup,
      `Segment passes deletions on to ${name} only after a step that has not been done: ${rule.needs.step}`,
      rule.needs.page,
    );
  }
  return coverage(
    CoverageState.forwarded,
    `Segment passes the deletion on to ${name}, but cannot promise that ${name} acts on it.`,
    rule.page,
  );
}

function isEventSource({ categories, slug, name }: CatalogEntry): boolean {
  const eventCategories: readonly string[] = sourceRules.eventCategories;
  if (categories.some((category) => eventCategories.includes(category.toLowerCase()))) return true;
  const eventSlugs: readonly string[] = sourceRules.eventSlugs;
  return eventSlugs.includes(comparable(slug)) || eventSlugs.includes(comparable(name));
}

function ofSource({ catalog }: SourceRecord, type: RegulationType): Coverage {
  if (isNameless(catalog)) return unnamed();
  if (isEventSource(catalog)) {
    const onwards = suppresses(type)
      ? 'and takes no more about the person from then on'
      : 'but goes on taking new data about the person';
    return coverage(
      CoverageState.reached,
      `Segment deletes what came in through this source from its own stores, ${onwards}. What the site, app or server itself keeps is not touched.`,
      sourceRules.page,
    );
  }
  if (catalog.categories.length === 0) {
    return coverage(
      CoverageState.unknown,
      `Segment deletes what came in through this source from its own stores. Whether ${catalog.name || catalog.slug} is a product that keeps the person's record itself is not known.`,
      sourceRules.page,
    );
  }
  return coverage(
    CoverageState.notReached,
    `Segment copies records from ${catalog.name || catalog.slug} and deletes nothing there; what stays there is copied again. Erase the person there first.`,
    sourceRules.page,
  );
}

/**
 * What a regulation of this type does to a system, by the rules of `coverage-rules.ts`. Pure.
 * @see https://www.twilio.com/docs/segment/privacy/user-deletion-and-suppression
 */
export function coverageOf(detected: Detected, type: RegulationType): Coverage {
  switch (detected.kind) {
    case 'source':
      return ofSource(detected.record, type);
    case 'destination':
      return ofDestination(detected.record, type);
    case 'warehouse':
      return ofWarehouse(detected.record, type);
  }
}
