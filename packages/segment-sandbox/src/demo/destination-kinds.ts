import type { DestinationKind } from '../workspace.js';
import { destinationKind } from './kinds.js';

/*
 * A line for each kind:
 *   slug | name | website | category | modes | methods | platforms | settings (* required) | what deletion needs set
 * Methods by letter: p(ageview) i(dentify) a(lias) t(rack) g(roup). The lists follow what Segment documents that a
 * regulation reaches.
 */

/** A regulation is forwarded to these; whether they act on it is up to them. */
const FORWARDED = `
amplitude | Amplitude | amplitude.com | Analytics | cloud device | pitg | all | *apiKey secretKey | secretKey
actions-amplitude | Amplitude (Actions) | amplitude.com | Analytics | cloud | pitg | all | *apiKey *secretKey | secretKey
appcues | Appcues | appcues.com | Personalization | cloud device | pitg | browser | *appcuesId apiKey
braze | Braze | braze.com | Email Marketing | cloud device | pit | all | *apiKey *restApiKey
braze-cloud-mode-actions | Braze Cloud Mode (Actions) | braze.com | Email Marketing | cloud | pit | all | *restApiKey
customer.io | Customer.io | customer.io | Email Marketing | cloud | pit | all | *siteId *apiKey
customer.io-actions | Customer.io (Actions) | customer.io | Email Marketing | cloud | pitg | all | *siteId *apiKey
friendbuy-cloud-destination | Friendbuy (Cloud Destination) | friendbuy.com | Referrals | cloud | pit | all | *authKey
fullstory-cloud-mode-actions | Fullstory Cloud Mode (Actions) | fullstory.com | Heatmaps & Recordings | cloud | it | all | *apiKey
google-analytics | Google Analytics | google.com/analytics | Analytics | cloud device | pit | all | *trackingId oauth | oauth
google-cloud-pubsub | Google Cloud PubSub | cloud.google.com/pubsub | Raw Data | cloud | pitga | all | *credentials
intercom | Intercom | intercom.com | Livechat | cloud device | pitg | all | *appId accessToken
intercom-cloud-mode-actions | Intercom Cloud Mode (Actions) | intercom.com | Livechat | cloud | itg | all | *accessToken
iterable | Iterable | iterable.com | Email Marketing | cloud | pit | all | *apiKey
optimizely-full-stack | Optimizely Full Stack | optimizely.com | A/B Testing | cloud device | t | all | *accountId
tray.io | tray.io | tray.io | Raw Data | cloud | pitga | all | *workflowUrl
vero | Vero | getvero.com | Email Marketing | cloud | pita | all | *authToken
webhooks | Webhooks | segment.com | Raw Data | cloud | pitga | all | *hooks sharedSecret
`;

/** Segment deletes here by itself. */
const DELETED = `
amazon-s3 | Amazon S3 | aws.amazon.com/s3 | Raw Data | cloud | pitga | all | *bucket secretAccessKey
`;

/** A regulation does nothing here. */
const UNSUPPORTED = `
facebook-pixel | Facebook Pixel | facebook.com | Advertising | device | pt | browser | *pixelId
google-adwords-new | Google Ads (Gtag) | ads.google.com | Advertising | device | pt | browser | *accountId
actions-google-analytics-4 | Google Analytics 4 Cloud (Actions) | google.com/analytics | Analytics | cloud | pit | all | *apiSecret
hotjar | Hotjar | hotjar.com | Heatmaps & Recordings | device | pi | browser | *hotjarSiteId
actions-hubspot-cloud | HubSpot Cloud Mode (Actions) | hubspot.com | CRM | cloud | itg | all | *accessToken
linkedin-insight-tag | LinkedIn Insight Tag | linkedin.com | Advertising | device | p | browser | *partnerId
actions-mixpanel | Mixpanel (Actions) | mixpanel.com | Analytics | cloud | pitga | all | *projectToken apiSecret
actions-salesforce | Salesforce (Actions) | salesforce.com | CRM | cloud | itg | all | *oauthToken
slack | Slack | slack.com | Raw Data | cloud | it | all | *webhookUrl
tiktok-pixel | TikTok Pixel | tiktok.com | Advertising | device | pt | browser | *pixelCode
zendesk | Zendesk | zendesk.com | Customer Success | cloud | itg | all | *email *password
`;

function kindsFrom(lines: string, reach: DestinationKind['reach']): DestinationKind[] {
  return lines
    .trim()
    .split('\n')
    .map((line) =>
      destinationKind(
        line.split('|').map((cell) => cell.trim()),
        reach,
      ),
    );
}

/** Every kind of destination in the sandbox's catalogue. */
export const DESTINATION_KINDS: readonly DestinationKind[] = [
  ...kindsFrom(FORWARDED, 'forwarded'),
  ...kindsFrom(DELETED, 'deleted'),
  ...kindsFrom(UNSUPPORTED, 'unsupported'),
];
