import type { DestinationKind } from '../workspace.js';
import { destinationKind } from './kinds.js';

/*
 * A line for each kind, with the facts of Segment's public catalogue as its documentation held them on 2025-11-06:
 *   slug | name | website | categories | status | owner | methods | platforms | components | settings (* required) | what deletion needs set
 * Methods by letter: p(ageview) i(dentify) a(lias) t(rack) g(roup). Platforms: b(rowser) s(erver) m(obile) w(arehouse)
 * o(bjects of cloud apps) l(inked audiences). Components: b(rowser) i(OS) a(ndroid) s(erver).
 */

/** A regulation is forwarded to these; whether they act on it is up to them. */
const FORWARDED = `
airship | Airship | www.airship.com | Marketing Automation, SMS & Push Notifications | PUBLIC | partner | tig | bms | - | *apiKey *appKey
amplitude | Amplitude | amplitude.com | Analytics | PUBLIC | segment | tigp | bms | bias | *apiKey secretKey | secretKey
actions-amplitude | Amplitude (Actions) | amplitude.com | Analytics | PUBLIC | segment | tigap | bswl | - | *apiKey *secretKey | secretKey
appcues | Appcues | www.appcues.com | Personalization | PUBLIC | segment | tigp | bms | b | *appcuesId *apiKey
braze | Braze | www.braze.com | SMS & Push Notifications, CRM, Email Marketing, A/B Testing | PUBLIC | segment | tigp | bms | bias | apiKey *appGroupId *datacenter
actions-braze-cloud | Braze Cloud Mode (Actions) | www.braze.com | Email Marketing, Marketing Automation, SMS & Push Notifications | PUBLIC | segment | tigap | bswl | s | *api_key *endpoint app_id
customer.io | Customer.io | customer.io | Email Marketing, SMS & Push Notifications | PUBLIC | segment | tip | bms | bs | *siteId apiKey
actions-customerio | Customer.io (Actions) | customer.io | Email Marketing, Marketing Automation | PUBLIC | partner | tigp | bswl | - | *siteId *apiKey
actions-friendbuy-cloud | Friendbuy (Cloud Destination) | www.segment.com | Referrals | PUBLIC | partner | tigap | bswl | - | *authKey *authSecret
actions-fullstory-cloud | Fullstory Cloud Mode (Actions) | www.fullstory.com | Analytics, Heatmaps & Recordings | PUBLIC | partner | tigap | bswl | - | *apiKey
google-analytics | Google Analytics | google.com/analytics | Analytics | DEPRECATED | segment | pit | bms | bias | *trackingId oauth | oauth
google-cloud-pubsub | Google Cloud PubSub | cloud.google.com/pubsub | Raw Data | PUBLIC | segment | tigap | bms | ias | mappedTopics
intercom | Intercom | intercom.com | Livechat, Customer Success, Email Marketing | PUBLIC | segment | tigp | bms | bias | appId apiKey
actions-intercom-cloud | Intercom Cloud Mode (Actions) | www.intercom.com | Livechat, Customer Success, Email Marketing | PUBLIC | segment | tigap | bswl | - | -
iterable | Iterable | iterable.com | SMS & Push Notifications, Email Marketing | PUBLIC | partner | tip | bms | s | *apiKey
actions-klaviyo | Klaviyo (Actions) | www.segment.com | - | PUBLIC | segment | tigap | bsw | - | *api_key
optimizelyx | Optimizely Full Stack | optimizely.com | A/B Testing, Personalization, Feature Flagging | PUBLIC | segment | tip | ms | ias | accountId
tray.io | tray.io | tray.io/library/services/segment | Personalization, Raw Data | PUBLIC | segment | tigap | bms | s | workflows sharedSecret
vero | Vero | www.getvero.com | Marketing Automation, Email Marketing | PUBLIC | partner | tigap | bms | bs | *apiKey *authToken
webhooks | Webhooks | segment.com | Raw Data | PUBLIC | segment | tigap | bms | s | *hooks sharedSecret
`;

/** Segment deletes here by itself. */
const DELETED = `
amazon-s3 | Amazon S3 | aws.amazon.com/s3 | Analytics, Raw Data | DEPRECATED | segment | pitga | bsm | - | *bucket secretAccessKey
`;

/** A regulation does nothing here. */
const UNSUPPORTED = `
aws-s3 | AWS S3 | aws.amazon.com/s3 | Analytics, Raw Data | PUBLIC | segment | tigap | bms | - | *awsRegion *bucket *iamRoleArn
data-lakes | Data Lakes | segment.com/docs/connections/storage/data-lakes | Raw Data, Analytics | PUBLIC | segment | tigap | bms | s | *awsRegion *emrClusterId *glueCatalogId *iamRoleArn *s3Bucket
facebook-pixel | Facebook Pixel | developers.facebook.com/docs/facebook-pixel | Advertising | PUBLIC | segment | tip | b | b | *pixelId
google-adwords-new | Google Ads (Gtag) | adwords.google.com | Advertising | PUBLIC | segment | tp | b | b | *accountId
actions-google-analytics-4 | Google Analytics 4 Cloud | support.google.com/analytics/answer/10089681 | Analytics | PUBLIC | segment | tigap | bswl | - | *apiSecret measurementId
google-cloud-storage | Google Cloud Storage | cloud.google.com/storage | Analytics, Raw Data | PUBLIC_BETA | segment | tigap | bms | - | *bucket *gcsCredentials
hotjar | Hotjar | www.hotjar.com | Heatmaps & Recordings | PUBLIC | segment | ti | b | b | *hjid
actions-hubspot-cloud | HubSpot Cloud Mode (Actions) | www.hubspot.com | CRM, Analytics, Email Marketing | PUBLIC | segment | tigap | bswl | - | portalId
linkedin-insight-tag | LinkedIn Insight Tag | www.linkedin.com | Advertising | PUBLIC | segment | - | b | b | *partnerId
actions-mixpanel | Mixpanel (Actions) | mixpanel.com | Analytics | PUBLIC | partner | tigap | bswl | - | *projectToken *apiSecret
actions-salesforce | Salesforce (Actions) | www.salesforce.com/products/sales-cloud/overview | CRM | PUBLIC | segment | tigap | bswl | s | username auth_password security_token
actions-segment | Segment Connections | www.segment.com | Raw Data | PUBLIC | segment | tigap | wl | - | *source_write_key
actions-segment-profiles | Segment Profiles | segment.com/product/profiles | Raw Data, Analytics | PUBLIC | segment | tig | wol | - | -
slack | Slack | slack.com | Customer Success | PUBLIC | segment | t | bms | s | webhookUrl
actions-tiktok-pixel | TikTok Pixel | ads.tiktok.com/marketing_api/docs | Advertising | PUBLIC_BETA | partner | tigap | bl | - | *pixelCode
actions-webhook | Webhooks (Actions) | segment.com/docs/integrations/actions-webhook | Raw Data | PUBLIC | segment | tigap | bswl | - | sharedSecret
zendesk | Zendesk | www.zendesk.com | Customer Success | PUBLIC | segment | tig | bms | s | subdomain
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
