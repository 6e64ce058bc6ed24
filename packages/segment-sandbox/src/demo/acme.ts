import type { Workspace } from '../workspace.js';
import type { DestinationRow, FunctionRow, ModelRow, SourceRow, SpaceRow, WarehouseRow } from './build.js';
import { buildWorkspace, secret } from './build.js';

const SOURCES: readonly SourceRow[] = [
  { slug: 'acme_com', name: 'acme.com', kind: 'javascript' },
  { slug: 'shop', name: 'Web Shop', kind: 'javascript' },
  { slug: 'blog', name: 'Blog', kind: 'javascript' },
  { slug: 'ios_app', name: 'iOS App', kind: 'ios' },
  { slug: 'android_app', name: 'Android App', kind: 'android' },
  { slug: 'courier_app', name: 'Courier App', kind: 'react-native' },
  { slug: 'backend', name: 'Backend', kind: 'node.js' },
  { slug: 'backend_staging', name: 'Backend (staging)', kind: 'node.js', environment: 'dev' },
  { slug: 'recommendations', name: 'Recommendations', kind: 'python' },
  { slug: 'billing', name: 'Billing', kind: 'java' },
  { slug: 'point_of_sale', name: 'Point of Sale', kind: 'http-api' },
  { slug: 'legacy_shop', name: 'Legacy Shop', kind: 'php', enabled: false },
  { slug: 'stripe', name: 'Stripe', kind: 'stripe' },
  { slug: 'salesforce', name: 'Salesforce', kind: 'salesforce' },
  { slug: 'braze_events', name: 'Braze Events', kind: 'braze' },
  { slug: 'customer_360', name: 'Customer 360', kind: 'personas-compute' },
  { slug: 'reverse_etl', name: 'Snowflake (reverse ETL)', kind: 'snowflake' },
];

/** Coverage differs on purpose: forwarded, deleted, lacking setup, not reached, device mode, switched off. */
const DESTINATIONS: readonly DestinationRow[] = [
  {
    source: 'acme_com',
    kind: 'amplitude',
    name: 'Amplitude Web',
    settings: { apiKey: secret('amplitude', 'api'), secretKey: secret('amplitude', 'secret') },
  },
  {
    source: 'acme_com',
    kind: 'google-analytics',
    name: 'GA Website',
    mode: 'DEVICE',
    settings: { trackingId: 'UA-1234567-1', anonymizeIp: true },
  },
  {
    source: 'acme_com',
    kind: 'facebook-pixel',
    name: 'Facebook Pixel',
    mode: 'DEVICE',
    settings: { pixelId: '1234567890123456' },
  },
  {
    source: 'acme_com',
    kind: 'google-adwords-new',
    name: 'Google Ads',
    mode: 'DEVICE',
    settings: { accountId: 'AW-123456789' },
  },
  {
    source: 'acme_com',
    kind: 'intercom',
    name: 'Intercom Messenger',
    mode: 'DEVICE',
    settings: { appId: 'ab12cd34', apiKey: secret('intercom', 'web') },
  },
  { source: 'acme_com', kind: 'hotjar', name: 'Hotjar', mode: 'DEVICE', settings: { hjid: '1234567' } },
  { source: 'shop', kind: 'appcues', name: 'Appcues', settings: { appcuesId: '12345', apiKey: secret('appcues') } },
  {
    source: 'shop',
    kind: 'actions-tiktok-pixel',
    name: 'TikTok Pixel',
    mode: 'DEVICE',
    settings: { pixelCode: 'C1A2B3C4D5E6' },
  },
  { source: 'shop', kind: 'optimizelyx', name: 'Optimizely', settings: { accountId: '987654321' } },
  {
    source: 'blog',
    kind: 'linkedin-insight-tag',
    name: 'LinkedIn',
    mode: 'DEVICE',
    enabled: false,
    settings: { partnerId: '456789' },
  },
  { source: 'ios_app', kind: 'amplitude', name: 'Amplitude iOS', settings: { apiKey: secret('amplitude', 'ios') } },
  {
    source: 'ios_app',
    kind: 'braze',
    name: 'Braze iOS',
    mode: 'DEVICE',
    settings: { apiKey: secret('braze', 'app'), appGroupId: secret('braze', 'group'), datacenter: 'eu' },
  },
  {
    source: 'android_app',
    kind: 'braze',
    name: 'Braze Android',
    settings: { apiKey: secret('braze', 'android'), appGroupId: secret('braze', 'group'), datacenter: 'eu' },
  },
  {
    source: 'courier_app',
    kind: 'actions-mixpanel',
    name: 'Mixpanel',
    settings: { projectToken: secret('mixpanel'), apiSecret: secret('mixpanel', 'api') },
  },
  {
    source: 'backend',
    kind: 'actions-customerio',
    name: 'Customer.io',
    settings: { siteId: 'a1b2c3d4', apiKey: secret('customer.io') },
  },
  { source: 'backend', kind: 'iterable', name: 'Iterable', settings: { apiKey: secret('iterable') } },
  {
    source: 'backend',
    kind: 'webhooks',
    name: 'Privacy Webhook',
    settings: { hooks: ['https://hooks.acme.example/segment'], sharedSecret: secret('webhooks') },
  },
  {
    source: 'backend',
    kind: 'google-cloud-pubsub',
    name: 'Event Bus',
    settings: { mappedTopics: ['projects/acme-data/topics/events'] },
  },
  { source: 'backend', kind: 'actions-hubspot-cloud', name: 'HubSpot', settings: { portalId: '1234567' } },
  {
    source: 'backend',
    kind: 'slack',
    name: 'Slack Alerts',
    settings: { webhookUrl: `https://hooks.slack.example/services/${secret('slack')}` },
  },
  {
    source: 'backend',
    kind: 'amazon-s3',
    name: 'S3 Archive',
    settings: { bucket: 'acme-events', secretAccessKey: secret('s3') },
  },
  {
    source: 'recommendations',
    kind: 'vero',
    name: 'Vero',
    enabled: false,
    settings: { apiKey: secret('vero', 'api'), authToken: secret('vero') },
  },
  {
    source: 'billing',
    kind: 'actions-salesforce',
    name: 'Salesforce',
    settings: { username: 'segment@acme.example', auth_password: secret('salesforce') },
  },
  {
    source: 'billing',
    kind: 'zendesk',
    name: 'Zendesk',
    settings: { subdomain: 'acme' },
  },
  {
    source: 'point_of_sale',
    kind: 'actions-fullstory-cloud',
    name: 'Fullstory',
    settings: { apiKey: secret('fullstory') },
  },
  { source: 'backend', kind: 'actions-klaviyo', name: 'Klaviyo', settings: { api_key: secret('klaviyo') } },
  {
    source: 'backend',
    kind: 'aws-s3',
    name: 'Event Lake (AWS S3)',
    settings: {
      awsRegion: 'eu-west-1',
      bucket: 'acme-event-lake',
      iamRoleArn: `arn:aws:iam::${secret('aws', 'role')}`,
    },
  },
  {
    source: 'backend',
    kind: 'data-lakes',
    name: 'Data Lake',
    settings: {
      awsRegion: 'eu-west-1',
      s3Bucket: 'acme-data-lake',
      iamRoleArn: `arn:aws:iam::${secret('aws', 'lake')}`,
    },
  },
  { source: 'reverse_etl', kind: 'actions-segment-profiles', name: 'Segment Profiles', settings: {} },
];

const WAREHOUSES: readonly WarehouseRow[] = [
  {
    kind: 'snowflake',
    name: 'Analytics Snowflake',
    sources: [
      'acme_com',
      'shop',
      'ios_app',
      'android_app',
      'backend',
      'billing',
      'stripe',
      'salesforce',
      'braze_events',
    ],
    settings: { account: 'acme-eu1', username: 'SEGMENT', password: secret('snowflake') },
  },
  {
    kind: 'bigquery',
    name: 'Data Science BigQuery',
    sources: ['acme_com', 'backend', 'recommendations'],
    settings: { project: 'acme-data', credentials: `{"private_key":"${secret('bigquery')}"}` },
  },
  {
    kind: 'redshift',
    name: 'Old Redshift',
    enabled: false,
    sources: ['backend', 'legacy_shop'],
    settings: { hostname: 'redshift.acme.example', username: 'segment', password: secret('redshift') },
  },
  {
    kind: 'azuresqldw',
    name: 'Finance Azure',
    sources: ['billing'],
    settings: { hostname: 'finance.acme.example', username: 'segment', password: secret('azure') },
  },
  {
    kind: 'db2',
    name: 'Logistics Db2',
    sources: ['courier_app'],
    settings: { hostname: 'db2.acme.example', username: 'segment', password: secret('db2') },
  },
  {
    kind: 'snowflake',
    name: 'Profiles Snowflake',
    sources: [],
    settings: { account: 'acme-eu1', username: 'SEGMENT_PROFILES', password: secret('snowflake', 'profiles') },
  },
];

const FUNCTIONS: readonly FunctionRow[] = [
  { type: 'SOURCE', name: 'Loyalty Webhook', description: 'Takes the events of the loyalty programme.' },
  { type: 'DESTINATION', name: 'Loyalty Points', description: 'Sends orders to the loyalty programme.' },
  { type: 'INSERT_DESTINATION', name: 'Mask Addresses', description: 'Takes addresses out before Braze.' },
];

const MODELS: readonly ModelRow[] = [
  { source: 'reverse_etl', name: 'Customers with Churn Risk', query: 'select user_id, risk from marts.churn' },
  { source: 'reverse_etl', name: 'Store Visits', query: 'select user_id, visits from marts.stores', enabled: false },
];

const SPACES: readonly SpaceRow[] = [
  {
    slug: 'customer-360',
    name: 'Customer 360',
    audiences: ['Big Spenders', 'About to Churn'],
    profilesWarehouses: ['Profiles Snowflake'],
  },
];

/** `acme-demo`: what Segment's catalogue and features have, each kind at least once. */
export const ACME: Workspace = buildWorkspace({
  slug: 'acme-demo',
  name: 'Acme Demo',
  plan: 'business',
  sources: SOURCES,
  destinations: DESTINATIONS,
  warehouses: WAREHOUSES,
  features: ['functions', 'spaces', 'audiences', 'reverse-etl'],
  functions: FUNCTIONS,
  models: MODELS,
  spaces: SPACES,
});
