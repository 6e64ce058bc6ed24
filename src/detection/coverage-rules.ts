/** A published source that rules stand on. */
export interface RulePage {
  readonly title: string;
  readonly url: string;
  /** The day (ISO 8601 date) of the state that was read. */
  readonly asOf: string;
}

/** Where the rules are known from. Segment's documentation moved from segment.com/docs to twilio.com/docs/segment. */
export const pages = {
  deletion: {
    title: 'Segment: User Deletion and Suppression',
    url: 'https://www.twilio.com/docs/segment/privacy/user-deletion-and-suppression',
    asOf: '2026-11-29',
  },
  faq: {
    title: 'Segment: Privacy Frequently Asked Questions',
    url: 'https://www.twilio.com/docs/segment/privacy/faq',
    asOf: '2026-11-29',
  },
  /** Proposed by Segment's engineers for the list of the FAQ. */
  proposed: {
    title: 'Segment: destinations that support deletion, as its engineers propose to list them',
    url: 'https://github.com/segmentio/segment-docs/pull/8109',
    asOf: '2025-10-29',
  },
  handlers: {
    title: "Segment: the code of its actions destinations, with each one's deletion handler",
    url: 'https://github.com/segmentio/action-destinations',
    asOf: '2026-08-21',
  },
  catalog: {
    title: 'Segment: the catalogue, by which partners build and maintain most destinations',
    url: 'https://github.com/segmentio/segment-docs/tree/develop/src/_data/catalog',
    asOf: '2025-11-07',
  },
  awsS3: {
    title: 'Segment: AWS S3 Destination',
    url: 'https://www.twilio.com/docs/segment/connections/storage/catalog/aws-s3',
    asOf: '2026-11-29',
  },
  universalAnalytics: {
    title: 'Google: Universal Analytics has been replaced',
    url: 'https://support.google.com/analytics/answer/11583528',
    asOf: '2024-07-01',
  },
  profilesSync: {
    title: 'Twilio: Segment Profiles Sync deletions are generally available',
    url: 'https://www.twilio.com/en-us/changelog/segment-profile-sync-deletions-and-null-trait-propagation-is-ga',
    asOf: '2026-11-09',
  },
  publicApi: { title: 'Segment: Public API', url: 'https://docs.segmentapis.com', asOf: '2026-08-20' },
} as const satisfies Record<string, RulePage>;

/** What Segment needs before it can pass a deletion on. */
export interface SetupNeed {
  /** The setting that has to be filled in, compared in lower case without punctuation; any one of several. */
  readonly settings: readonly string[];
  /** What to do, in plain words. */
  readonly step: string;
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
  readonly needs?: SetupNeed;
  /** Gets its data in device mode only, and is told of deletions all the same. */
  readonly deviceOnly?: true;
  /** What has to be known about it beside, a sentence. */
  readonly note?: string;
  readonly source: RulePage;
}

type More = Partial<Pick<CoverageRule, 'needs' | 'note' | 'deviceOnly' | 'storage'>>;

const rule =
  (state: CoverageRule['state'], source: RulePage, common: More = {}) =>
  (slug: string, name: string, more: More = {}): CoverageRule => ({ slug, name, state, source, ...common, ...more });

const cleaned = rule('reached', pages.deletion, { storage: true });
const spared = rule('not-reached', pages.deletion, { storage: true });
const listed = rule('forwarded', pages.faq);
const proposed = rule('forwarded', pages.proposed);
const handled = rule('forwarded', pages.handlers);
const unhandled = rule('not-reached', pages.handlers);

const needs = (step: string, ...settings: string[]): More => ({ needs: { step, settings } });
const amplitudeSecret = needs("Enter Amplitude's secret key in the settings of the destination.", 'secretkey');
const optimizelyToken = needs(
  'Enter a personal access token of Optimizely in the settings of the destination.',
  'accesstoken',
);

/** One rule for each slug. The published list is not exhaustive: of what is not here, nothing is known by its slug. */
export const coverageRules: readonly CoverageRule[] = [
  cleaned('redshift', 'Redshift'),
  cleaned('bigquery', 'BigQuery'),
  cleaned('postgres', 'Postgres'),
  cleaned('snowflake', 'Snowflake'),
  cleaned('amazon-s3', 'Amazon S3'),
  rule('unknown', pages.awsS3, { storage: true })('aws-s3', 'AWS S3', {
    note: "A deletion rewrites files, and the policy that Segment documents for this destination grants writing only. Check the bucket's policy.",
  }),
  spared('azuresqldw', 'Azure Synapse Analytics'),
  spared('azuresqldb', 'Azure SQL Database'),
  spared('databricks', 'Databricks'),
  spared('db2', 'IBM Db2 Warehouse'),
  spared('google-cloud-storage', 'Google Cloud Storage'),
  spared('data-lakes', 'Segment Data Lakes'),

  listed('amplitude', 'Amplitude', amplitudeSecret),
  listed('iterable', 'Iterable'),
  listed('braze', 'Braze'),
  listed('intercom', 'Intercom'),
  listed('webhooks', 'Webhooks'),
  listed('tray-io', 'tray.io'),
  listed('appcues', 'Appcues', { deviceOnly: true }),
  listed('vero', 'Vero'),
  listed('customer-io', 'Customer.io'),
  listed('optimizely-full-stack', 'Optimizely Full Stack', optimizelyToken),
  listed('google-cloud-pubsub', 'Google Cloud PubSub'),
  listed('actions-amplitude', 'Amplitude (Actions)', amplitudeSecret),
  listed('actions-customerio', 'Customer.io (Actions)'),
  listed('actions-braze-cloud', 'Braze Cloud Mode (Actions)'),
  listed('actions-friendbuy-cloud', 'Friendbuy (Cloud Destination)'),
  listed('actions-fullstory-cloud', 'Fullstory Cloud Mode (Actions)', {
    ...needs('Enter an API key of a Fullstory Admin or Architect in the settings of the destination.', 'apikey'),
    note: 'Fullstory deletes only with the API key of an Admin or Architect, and which kind was entered cannot be seen from here.',
  }),
  listed('actions-intercom-cloud', 'Intercom Cloud Mode (Actions)'),
  rule('not-reached', pages.universalAnalytics)('google-analytics', 'Google Analytics (Universal)', {
    note: 'Google switched it off in July 2024, so there is nothing left that a deletion could be passed on to.',
  }),

  proposed('stackadapt-audiences', 'StackAdapt Audiences'),
  proposed('actions-airship', 'Airship (Actions)'),
  proposed('actions-angler-ai', 'Angler AI'),
  proposed('actions-app-fit', 'AppFit'),
  proposed('actions-blend-ai', 'Blend Ai'),
  proposed('encharge-cloud-actions', 'Encharge (Actions)'),
  proposed('gleap-cloud-actions', 'Gleap (Action)'),
  proposed('actions-klaviyo', 'Klaviyo (Actions)'),
  proposed('actions-loops', 'Loops (Actions)'),
  proposed(
    'actions-optimizely-feature-experimentation-cloud',
    'Optimizely Feature Experimentation (Actions)',
    optimizelyToken,
  ),
  proposed('actions-pushwoosh', 'Pushwoosh'),
  proposed('recombee', 'Recombee'),
  proposed('actions-userpilot-cloud', 'Userpilot Cloud (Actions)'),
  proposed('actions-xtremepush', 'Xtremepush (Actions)'),
  handled('calliper-cloud-actions', 'Calliper Cloud (Actions)'),
  handled('actions-hilo', 'Hilo'),
  handled('actions-iqm', 'Iqm'),
  handled(
    'actions-magellan-ai',
    'Magellan AI (Actions)',
    needs('Enter the API token of Magellan AI in the settings of the destination.', 'apitoken'),
  ),
  unhandled('actions-blackbaud-raisers-edge-nxt', "Blackbaud Raiser's Edge NXT", {
    note: 'Its deletion handler does nothing.',
  }),
  unhandled('actions-google-data-manager', 'Google Data Manager', { note: 'Its deletion handler does nothing.' }),
  unhandled('actions-segment', 'Segment Connections', {
    note: 'It sends records on to a source of Segment, which may belong to another workspace: delete the person there as well.',
  }),
  rule('unknown', pages.handlers)('actions-segment-profiles', 'Segment Profiles', {
    note: 'It has no deletion of its own. Whether what it wrote into a Unify space goes when the person is deleted is not published.',
  }),
];

/** Other slugs of the same products: older ones, those of the Config API and of the documentation. */
export const otherSlugs: Readonly<Record<string, string>> = {
  'actions-customer-io': 'actions-customerio',
  'actions-recombee': 'recombee',
  'actions-stackadapt-audiences': 'stackadapt-audiences',
  'amazon-redshift': 'redshift',
  'amplitude-actions': 'actions-amplitude',
  appboy: 'braze',
  'aws-redshift': 'redshift',
  'braze-cloud-mode': 'actions-braze-cloud',
  'braze-cloud-mode-actions': 'actions-braze-cloud',
  'customer-io-actions': 'actions-customerio',
  customerio: 'customer-io',
  'customerio-actions': 'actions-customerio',
  'friendbuy-cloud-destination': 'actions-friendbuy-cloud',
  'fullstory-cloud-mode': 'actions-fullstory-cloud',
  'fullstory-cloud-mode-actions': 'actions-fullstory-cloud',
  'google-bigquery': 'bigquery',
  'google-cloud-pub-sub': 'google-cloud-pubsub',
  'google-pubsub': 'google-cloud-pubsub',
  'google-universal-analytics': 'google-analytics',
  'intercom-cloud-mode': 'actions-intercom-cloud',
  'intercom-cloud-mode-actions': 'actions-intercom-cloud',
  'optimizely-fullstack': 'optimizely-full-stack',
  // What the Config API calls it.
  optimizelyx: 'optimizely-full-stack',
  postgresql: 'postgres',
  s3: 'amazon-s3',
  tray: 'tray-io',
  trayio: 'tray-io',
  'universal-analytics': 'google-analytics',
  webhook: 'webhooks',
};

/** What tells a source that collects events on a site, in an app or on a server from one that copies another product's records. */
export const sourceRules = {
  /** Catalogue categories of event sources, unless the catalogue calls them cloud event sources: those are other products. */
  eventCategories: ['website', 'mobile', 'server', 'ott'],
  /** Catalogue category of sources from which reverse ETL reads. */
  warehouseCategory: 'warehouse',
  /** What Engage computes, sent onwards. */
  engageSlugs: ['personas-compute'],
  /** Catalogue slugs of event sources, for the Config API, which tells no categories. */
  eventSlugs: new Set(
    `javascript analytics-js ios apple swift android kotlin kotlin-android react-native flutter xamarin unity roku project
    project-android project-ios amp node-js nodejs node python ruby go java php net csharp clojure rust http-api http
    pixel-tracking-api pixel server website`.split(/\s+/),
  ),
  page: pages.deletion,
} as const;
