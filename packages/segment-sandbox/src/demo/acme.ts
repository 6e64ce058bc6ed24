import type { Workspace } from '../workspace.js';
import type { DestinationRow, SourceRow, WarehouseRow } from './build.js';
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
    settings: { appId: 'ab12cd34', accessToken: secret('intercom', 'web') },
  },
  { source: 'acme_com', kind: 'hotjar', name: 'Hotjar', mode: 'DEVICE', settings: { hotjarSiteId: '1234567' } },
  { source: 'shop', kind: 'appcues', name: 'Appcues', settings: { appcuesId: '12345', apiKey: secret('appcues') } },
  {
    source: 'shop',
    kind: 'tiktok-pixel',
    name: 'TikTok Pixel',
    mode: 'DEVICE',
    settings: { pixelCode: 'C1A2B3C4D5E6' },
  },
  { source: 'shop', kind: 'optimizely-full-stack', name: 'Optimizely', settings: { accountId: '987654321' } },
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
    settings: { apiKey: secret('braze', 'app'), restApiKey: secret('braze', 'rest') },
  },
  {
    source: 'android_app',
    kind: 'braze',
    name: 'Braze Android',
    settings: { apiKey: secret('braze', 'android'), restApiKey: secret('braze', 'rest') },
  },
  {
    source: 'courier_app',
    kind: 'actions-mixpanel',
    name: 'Mixpanel',
    settings: { projectToken: secret('mixpanel'), apiSecret: secret('mixpanel', 'api') },
  },
  {
    source: 'backend',
    kind: 'customer.io-actions',
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
    settings: { credentials: `{"private_key":"${secret('pubsub')}"}` },
  },
  { source: 'backend', kind: 'actions-hubspot-cloud', name: 'HubSpot', settings: { accessToken: secret('hubspot') } },
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
  { source: 'recommendations', kind: 'vero', name: 'Vero', enabled: false, settings: { authToken: secret('vero') } },
  { source: 'billing', kind: 'actions-salesforce', name: 'Salesforce', settings: { oauthToken: secret('salesforce') } },
  {
    source: 'billing',
    kind: 'zendesk',
    name: 'Zendesk',
    settings: { email: 'it@acme.example', password: secret('zendesk') },
  },
  {
    source: 'point_of_sale',
    kind: 'fullstory-cloud-mode-actions',
    name: 'Fullstory',
    settings: { apiKey: secret('fullstory') },
  },
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
];

/** `acme-demo`: 15 sources, 25 destinations, 3 warehouses. */
export const ACME: Workspace = buildWorkspace({
  slug: 'acme-demo',
  name: 'Acme Demo',
  plan: 'business',
  sources: SOURCES,
  destinations: DESTINATIONS,
  warehouses: WAREHOUSES,
});
