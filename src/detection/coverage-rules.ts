import { readFileSync } from 'node:fs';

/** A published source that rules stand on. */
export interface RulePage {
  readonly title: string;
  readonly url: string;
  /** The day (ISO 8601 date) of the state that was read. */
  readonly asOf: string;
}

/** What a deletion does in one product of Segment's catalogue. */
export interface CoverageRule {
  /** In Segment's catalogue. */
  readonly slug: string;
  readonly name: string;
  /** `reached`: Segment deletes there itself. `forwarded`: Segment passes the deletion on. */
  readonly state: 'reached' | 'forwarded' | 'not-reached' | 'unknown';
  /** A storage product: holds files or tables of the customer's. */
  readonly storage?: true;
  /** What Segment needs before it can pass a deletion on: one of the settings filled in (in lower case without punctuation), by a step in plain words. */
  readonly needs?: { readonly settings: readonly string[]; readonly step: string };
  /** Gets its data in device mode only, and is told of deletions all the same. */
  readonly deviceOnly?: true;
  /** What has to be known about it beside, a sentence. */
  readonly note?: string;
  readonly source: RulePage;
}

type PageName =
  | 'deletion'
  | 'faq'
  | 'proposed'
  | 'handlers'
  | 'catalog'
  | 'awsS3'
  | 'universalAnalytics'
  | 'profilesSync'
  | 'publicApi';

/** `data/coverage.json`: what is known of Segment's catalogue, each rule with the page it is known from. */
interface CoverageData {
  readonly pages: Readonly<Record<PageName, RulePage>>;
  readonly rules: readonly (Omit<CoverageRule, 'source'> & { readonly source: PageName })[];
  readonly otherSlugs: Readonly<Record<string, string>>;
  readonly sources: {
    readonly eventCategories: readonly string[];
    readonly warehouseCategory: string;
    readonly engageSlugs: readonly string[];
    readonly eventSlugs: readonly string[];
  };
  readonly vendorDomains: Readonly<Record<string, string>>;
}

const data = JSON.parse(readFileSync(new URL('../../data/coverage.json', import.meta.url), 'utf8')) as CoverageData;

/** Where the rules are known from. Segment's documentation moved from segment.com/docs to twilio.com/docs/segment. */
export const pages: CoverageData['pages'] = data.pages;

/** One rule for each slug. The published list is not exhaustive: of what is not here, nothing is known by its slug. */
export const coverageRules: readonly CoverageRule[] = data.rules.map((rule) => ({
  ...rule,
  source: pages[rule.source],
}));

/** Other slugs of the same products: older ones, those of the Config API and of the documentation. */
export const otherSlugs: CoverageData['otherSlugs'] = data.otherSlugs;

/** Websites (without scheme) of products that the catalogue gives none for, by catalogue slug. */
export const vendorDomains: CoverageData['vendorDomains'] = data.vendorDomains;

/**
 * What tells a source that collects events on a site, in an app or on a server from one that copies another product's records: categories of
 * event sources (unless the catalogue calls them cloud event sources: those are other products) and of those that reverse ETL reads from; what
 * Engage computes; and slugs of event sources, for the Config API, which tells no categories.
 */
export const sourceRules = { ...data.sources, eventSlugs: new Set(data.sources.eventSlugs), page: pages.deletion };
