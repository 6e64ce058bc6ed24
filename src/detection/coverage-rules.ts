/** A published page that rules stand on. */
export interface RulePage {
  readonly title: string;
  readonly url: string;
  /** The day (ISO 8601 date) of the state of the page that was read. */
  readonly asOf: string;
}

/** Segment's pages. They moved from segment.com/docs to twilio.com/docs/segment; the old addresses lead to the new ones. */
export const pages = {
  deletion: {
    title: 'Segment: User Deletion and Suppression',
    url: 'https://www.twilio.com/docs/segment/privacy/user-deletion-and-suppression',
    asOf: '2025-11-06',
  },
  faq: {
    title: 'Segment: Privacy Frequently Asked Questions',
    url: 'https://www.twilio.com/docs/segment/privacy/faq',
    asOf: '2025-11-06',
  },
} as const satisfies Record<string, RulePage>;

/** A setting without which Segment cannot pass a deletion on. */
export interface SetupNeed {
  /** Any one of these, compared in lower case without punctuation, shows that the step is done. */
  readonly settings: readonly string[];
  /** What to do, in plain words. */
  readonly step: string;
  readonly page: RulePage;
}

/** A product that a regulation gets to. */
export interface ReachRule {
  /** As Segment's page names it. */
  readonly name: string;
  /** Slugs it goes by in the catalogues of both generations, beside the one that follows from the name. */
  readonly slugs: readonly string[];
  /** `reached`: Segment deletes there itself. `forwarded`: Segment passes the deletion on. */
  readonly state: 'reached' | 'forwarded';
  readonly needs?: SetupNeed;
  readonly page: RulePage;
}

const storage = (name: string, ...slugs: string[]): ReachRule => ({
  name,
  slugs,
  state: 'reached',
  page: pages.deletion,
});
const streaming = (name: string, ...slugs: string[]): ReachRule => ({
  name,
  slugs,
  state: 'forwarded',
  page: pages.faq,
});

const amplitudeSecret: SetupNeed = {
  settings: ['secretkey'],
  step: "Enter Amplitude's secret key in the settings of this destination in Segment.",
  page: pages.faq,
};
const googleSignIn: SetupNeed = {
  settings: ['oauth', 'userdeletion', 'accesstoken', 'refreshtoken'],
  step: 'Sign in to Google (OAuth) under User Deletion in the settings of this destination in Segment.',
  page: pages.faq,
};

/** Everything a regulation gets to. The lists of the pages are exhaustive: what is not here is not reached. */
export const reachRules: readonly ReachRule[] = [
  storage('Redshift', 'amazon-redshift', 'aws-redshift'),
  storage('BigQuery', 'google-bigquery'),
  storage('Postgres', 'postgresql'),
  storage('Snowflake'),
  storage('Amazon S3', 'aws-s3', 's3'),
  { ...streaming('Amplitude'), needs: amplitudeSecret },
  streaming('Iterable'),
  streaming('Braze', 'appboy'),
  streaming('Intercom'),
  streaming('Webhooks', 'webhook'),
  streaming('tray.io', 'trayio', 'tray'),
  streaming('Appcues'),
  streaming('Vero'),
  streaming('Customer.io', 'customerio'),
  streaming('Optimizely Full Stack', 'optimizely-fullstack'),
  { ...streaming('Google Analytics', 'google-universal-analytics', 'universal-analytics'), needs: googleSignIn },
  streaming('Google Cloud PubSub', 'google-cloud-pub-sub', 'google-pubsub'),
  { ...streaming('Amplitude (Actions)', 'actions-amplitude'), needs: amplitudeSecret },
  streaming('Customer.io (Actions)', 'actions-customerio', 'customerio-actions', 'actions-customer-io'),
  streaming('Braze Cloud Mode (Actions)', 'actions-braze-cloud', 'braze-cloud-mode'),
  streaming('Friendbuy (Cloud Destination)', 'actions-friendbuy-cloud'),
  streaming('Fullstory Cloud Mode (Actions)', 'actions-fullstory-cloud', 'fullstory-cloud-mode'),
  streaming('Intercom Cloud Mode (Actions)', 'actions-intercom-cloud', 'intercom-cloud-mode'),
];

/** What tells a source that collects events on a site, in an app or on a server from one that copies another product's records. */
export const sourceRules = {
  /** Catalogue categories of event sources. */
  eventCategories: ['website', 'mobile', 'server', 'ott', 'custom', 'raw data'],
  /** Catalogue slugs of event sources, for the Config API, which tells no categories. */
  eventSlugs: [
    'javascript',
    'analytics-js',
    'ios',
    'apple',
    'swift',
    'android',
    'kotlin',
    'kotlin-android',
    'react-native',
    'flutter',
    'xamarin',
    'unity',
    'roku',
    'project',
    'project-android',
    'project-ios',
    'amp',
    'node-js',
    'nodejs',
    'node',
    'python',
    'ruby',
    'go',
    'java',
    'php',
    'net',
    'csharp',
    'clojure',
    'rust',
    'http-api',
    'http',
    'pixel-tracking-api',
    'pixel',
    'server',
    'website',
  ],
  page: pages.deletion,
} as const;
