/*
 * Products of Segment's public catalogue (https://github.com/segmentio/segment-docs/tree/develop/src/_data/catalog, read 2025-11-07),
 * each with what a deletion by SUPPRESS_WITH_DELETE does there and a part of why. Of the catalogue: slug, name, the parts a destination
 * is made of (Android, Browser, iOS, Server), the platforms it can be connected to (browser, mobile, server), who built it.
 */

/** slug | name | components | platforms | built by | settings that are filled in | state | why */
export const catalogDestinations = `
amplitude | Amplitude | ABIS | bms | segment | apiKey | needs-setup | secret key
amplitude | Amplitude | ABIS | bms | segment | apiKey secretKey | forwarded | passes the deletion on
actions-amplitude | Amplitude (Actions) | - | bs | segment | apiKey | needs-setup | secret key
actions-amplitude | Amplitude (Actions) | - | bs | segment | apiKey secretKey | forwarded | passes the deletion on
iterable | Iterable | S | bms | partner | apiKey | forwarded | passes the deletion on
braze | Braze | ABIS | bms | segment | apiKey | forwarded | device mode
intercom | Intercom | ABIS | bms | segment | appId | forwarded | device mode
tray-io | tray.io | S | bms | segment | workflows | forwarded | passes the deletion on
appcues | Appcues | B | bms | segment | appcuesId | forwarded | not held back
vero | Vero | BS | bms | partner | apiKey | forwarded | device mode
customer-io | Customer.io | BS | bms | segment | siteId | forwarded | device mode
optimizely-full-stack | Optimizely Full Stack | AIS | ms | segment | accountId | needs-setup | access token
optimizely-full-stack | Optimizely Full Stack | AIS | ms | segment | accountId accessToken | forwarded | passes the deletion on
google-cloud-pubsub | Google Cloud PubSub | AIS | bms | segment | mappedTopics | forwarded | passes the deletion on
actions-customerio | Customer.io (Actions) | - | bs | partner | apiKey | forwarded | passes the deletion on
actions-braze-cloud | Braze Cloud Mode (Actions) | S | bs | segment | api_key | forwarded | passes the deletion on
actions-friendbuy-cloud | Friendbuy (Cloud Destination) | - | bs | partner | authKey | forwarded | passes the deletion on
actions-fullstory-cloud | Fullstory Cloud Mode (Actions) | - | bs | partner |  | needs-setup | Admin or Architect
actions-fullstory-cloud | Fullstory Cloud Mode (Actions) | - | bs | partner | apiKey | forwarded | Admin or Architect
actions-intercom-cloud | Intercom Cloud Mode (Actions) | - | bs | segment |  | forwarded | passes the deletion on
stackadapt-audiences | StackAdapt Audiences | - | bs | partner | apiKey | forwarded | passes the deletion on
actions-airship | Airship (Actions) | - | bs | partner | access_token | forwarded | passes the deletion on
actions-angler-ai | Angler AI | - | bs | partner | accessToken | forwarded | passes the deletion on
actions-app-fit | AppFit | - | bs | partner | apiKey | forwarded | passes the deletion on
actions-blend-ai | Blend Ai | - | bs | partner | apiKey | forwarded | passes the deletion on
encharge-cloud-actions | Encharge (Actions) | - | bs | partner | apiKey | forwarded | passes the deletion on
gleap-cloud-actions | Gleap (Action) | - | bs | partner | apiToken | forwarded | passes the deletion on
actions-klaviyo | Klaviyo (Actions) | - | bs | segment | api_key | forwarded | passes the deletion on
actions-loops | Loops (Actions) | - | bs | partner | apiKey | forwarded | passes the deletion on
actions-optimizely-feature-experimentation-cloud | Optimizely Feature Experimentation (Actions) | - | bs | segment | accountId dataFileUrl | needs-setup | access token
actions-optimizely-feature-experimentation-cloud | Optimizely Feature Experimentation (Actions) | - | bs | segment | accountId accessToken | forwarded | passes the deletion on
actions-pushwoosh | Pushwoosh | - | bs | partner | pushwooshAppCode | forwarded | passes the deletion on
recombee | Recombee | - | bs | partner | databaseId | forwarded | passes the deletion on
actions-userpilot-cloud | Userpilot Cloud (Actions) | - | bs | partner | apiKey | forwarded | passes the deletion on
actions-xtremepush | Xtremepush (Actions) | - | bs | partner | apiKey | forwarded | passes the deletion on
actions-blackbaud-raisers-edge-nxt | Blackbaud Raiser's Edge NXT | - | bs | partner |  | not-reached | handler does nothing
actions-segment | Segment Connections | - | - | segment | source_write_key | not-reached | another workspace
actions-segment-profiles | Segment Profiles | - | - | segment |  | unknown | Unify space
aws-s3 | AWS S3 | - | bms | segment | bucket | unknown | policy
google-cloud-storage | Google Cloud Storage | - | bms | segment | bucket | not-reached | not among the storage
data-lakes | Data Lakes | S | bms | segment | s3Bucket | not-reached | not among the storage
airship | Airship | - | bms | partner | apiKey | unknown | partners
klaviyo | Klaviyo | BS | b | segment | apiKey | not-reached | not among the destinations
actions-iterable | Iterable (Actions) | - | bs | partner | apiKey | unknown | partners
actions-braze-cohorts | Braze Cohorts | - | bs | segment | endpoint | not-reached | not among the destinations
actions-braze-web | Braze Web Device Mode (Actions) | - | b | segment | api_key | not-reached | device mode
actions-friendbuy | Friendbuy (Web Destination) | - | b | partner | merchantId | not-reached | device mode
friendbuy | Friendbuy (Legacy) | B | b | segment | siteId | not-reached | device mode
fullstory | FullStory | B | b | segment | org | not-reached | device mode
actions-fullstory | Fullstory (Actions) | - | b | partner | orgId | not-reached | device mode
actions-intercom-web | Intercom Web (Actions) | - | b | segment | appId | not-reached | device mode
actions-webhook | Webhooks (Actions) | - | bs | segment |  | not-reached | not among the destinations
extensible-webhook | Extensible Webhook | - | bs | partner | sharedSecret | unknown | partners
appcues-mobile | Appcues Mobile | AI | m | segment | accountId | not-reached | device mode
optimizely-web | Optimizely Web | ABI | bm | segment | listen | not-reached | device mode
actions-optimizely-data-platform | Optimizely Data Platform | - | bs | partner | apiKey | unknown | partners
actions-google-analytics-4 | Google Analytics 4 Cloud | - | bs | segment | apiSecret | not-reached | not among the destinations
actions-google-analytics-4-web | Google Analytics 4 Web | - | b | segment | measurementID | not-reached | device mode
userpilot | Userpilot Web Plugin | B | b | partner | appToken | not-reached | device mode
actions-userpilot-web | Userpilot Web (Actions) | - | b | partner | token | not-reached | device mode
userpilot-mobile | Userpilot Mobile | - | bms | partner | token | unknown | partners
xtremepush | Xtremepush | - | bms | partner | apiKey | unknown | partners
facebook-pixel | Facebook Pixel | B | b | segment | automaticConfiguration | not-reached | device mode
actions-facebook-conversions-api | Facebook Conversions API (Actions) | - | bs | segment | pixelId | not-reached | not among the destinations
actions-facebook-custom-audiences | Facebook Custom Audiences (Actions) | - | bs | segment | retlAdAccountId | not-reached | not among the destinations
google-tag-manager | Google Tag Manager | B | b | segment | containerId | not-reached | device mode
hotjar | Hotjar | B | b | segment | hjid | not-reached | device mode
mixpanel | Mixpanel (Legacy) | ABIS | bms | segment | apiKey | not-reached | not among the destinations
hubspot | HubSpot | BS | bms | segment | apiKey | not-reached | not among the destinations
actions-hubspot-cloud | HubSpot Cloud Mode (Actions) | - | bs | segment | portalId | not-reached | not among the destinations
actions-hubspot-web | HubSpot Web (Actions) | - | b | segment | enableEuropeanDataCenter | not-reached | device mode
mailchimp | MailChimp | S | bms | segment | apiKey | not-reached | not among the destinations
marketo-v2 | Marketo V2 | BS | bms | segment | accountId | not-reached | not among the destinations
actions-salesforce | Salesforce (Actions) | S | bs | segment | auth_password | not-reached | not among the destinations
actions-salesforce-marketing-cloud | Salesforce Marketing Cloud (Actions) | - | bs | segment | account_id | not-reached | not among the destinations
slack | Slack | S | bms | segment | channels | not-reached | not among the destinations
actions-slack | Slack (Actions) | - | bms | segment |  | not-reached | not among the destinations
zendesk | Zendesk | S | bms | segment | allowGroupWithoutUserId | not-reached | not among the destinations
amazon-kinesis | Amazon Kinesis | S | bms | segment | region | not-reached | not among the destinations
amazon-lambda | Amazon Lambda | S | bms | segment | clientContext | not-reached | not among the destinations
amazon-eventbridge | Amazon EventBridge | S | bms | segment | accountId | not-reached | not among the destinations
azure-function | Azure Function | S | bms | segment | httpTrigger | not-reached | not among the destinations
google-cloud-function | Google Cloud Function | S | bms | segment | apiKey | not-reached | not among the destinations
repeater | Repeater | S | bms | segment | endpoint | not-reached | not among the destinations
adobe-analytics | Adobe Analytics | ABIS | bms | segment | addBuildToAppId | not-reached | not among the destinations
appsflyer | AppsFlyer | AIS | ms | segment | androidAppID | not-reached | not among the destinations
bugsnag | Bugsnag | ABI | bm | segment | apiKey | not-reached | device mode
clevertap | CleverTap | ABI | bms | segment | clevertap_account_id | not-reached | device mode
crazy-egg | Crazy Egg | B | b | segment | accountNumber | not-reached | device mode
criteo-app-web-events | Criteo App & Web Events | BS | bm | segment | account | not-reached | not among the destinations
drip | Drip | BS | bms | segment | account | not-reached | not among the destinations
firebase | Firebase | AI | m | segment | deepLinkURLScheme | not-reached | device mode
heap | Heap | BS | bms | segment | appId | not-reached | not among the destinations
help-scout | Help Scout | S | bms | segment |  | not-reached | not among the destinations
leanplum | Leanplum | AIS | bms | segment | appId | not-reached | not among the destinations
linkedin-insight-tag | LinkedIn Insight Tag | B | b | segment | partnerId | not-reached | device mode
matomo | Matomo | B | b | segment | customVariableLimit | not-reached | device mode
moengage | MoEngage | ABI | bms | segment | apiKey | not-reached | device mode
new-relic | New Relic | S | bms | segment | accountId | not-reached | not among the destinations
actions-pardot | Pardot (Actions) | - | bs | segment | accountID | not-reached | not among the destinations
responsys | Responsys | S | bms | segment | events | not-reached | not among the destinations
sentry | Sentry | B | b | segment | config | not-reached | device mode
twitter-ads | Twitter Ads | B | b | segment | events | not-reached | device mode
actions-tiktok-audiences | TikTok Audiences | - | bs | segment |  | not-reached | not among the destinations
actions-google-sheets | Google Sheets | - | bs | segment |  | not-reached | not among the destinations
personas-facebook-custom-audiences | Personas Facebook Custom Audiences | S | bms | segment | account | not-reached | not among the destinations
zaius | Zaius | - | bms | segment | apiKey | not-reached | not among the destinations
1flow | 1Flow | - | bms | partner | apiKey | unknown | partners
1flow-mobile-plugin | 1Flow Mobile Plugin | - | m | partner | apiKey | not-reached | device mode
actions-absmartly | ABsmartly (Actions) | - | bs | partner | apiKey | unknown | partners
actions-moengage | Moengage (Actions) | - | bs | partner | api_id | unknown | partners
bloomreach-engagement | Bloomreach Engagement | - | bms | partner | apiBaseUrl | unknown | partners
blendo | Blendo | - | bms | partner | apiKey | unknown | partners
engage-messaging | Engage Messaging | - | bms | partner | apiKey | unknown | partners
webengage | WebEngage | ABI | bs | segment | apiKey | not-reached | device mode
actions-cordial | Cordial (Actions) | - | bs | partner | apiKey | unknown | partners
actions-attio | Attio (Actions) | - | bs | partner |  | unknown | partners
actions-launchdarkly | LaunchDarkly (Actions) | - | bs | partner | client_id | unknown | partners
actions-mixpanel | Mixpanel (Actions) | - | bs | partner | apiRegion | unknown | partners
`;

/** slug | name | categories | cloud events | state | why */
export const catalogSources = `
javascript | Javascript | Website |  | reached | own stores
apple | Apple | Mobile |  | reached | own stores
kotlin-android | Kotlin (Android) | Mobile |  | reached | own stores
react-native | React Native | Mobile |  | reached | own stores
flutter | Flutter | Mobile |  | reached | own stores
unity | Unity | Mobile |  | reached | own stores
xamarin | Xamarin | Mobile |  | reached | own stores
roku | Roku (alpha) | Ott |  | reached | own stores
amp | AMP | Server, Mobile |  | reached | own stores
net | .NET | Server |  | reached | own stores
node-js | Node.js | Server |  | reached | own stores
python | Python | Server |  | reached | own stores
ruby | Ruby | Server |  | reached | own stores
go | Go | Server |  | reached | own stores
java | Java | Server |  | reached | own stores
php | PHP | Server |  | reached | own stores
clojure | Clojure | Server |  | reached | own stores
kotlin | Kotlin | Server |  | reached | own stores
http-api | HTTP API | Server |  | reached | own stores
pixel-tracking-api | Pixel Tracking API | Server |  | reached | own stores
project | Project |  |  | reached | own stores
salesforce | Salesforce | CRM, Object Destination |  | not-reached | copied again
stripe | Stripe | Payments |  | not-reached | copied again
zendesk | Zendesk | Helpdesk |  | not-reached | copied again
hubspot | HubSpot | CRM, Object Destination |  | not-reached | copied again
intercom | Intercom | Email Marketing |  | not-reached | copied again
mailchimp | Mailchimp | Email Marketing |  | not-reached | copied again
marketo | Marketo | Email Marketing |  | not-reached | copied again
twilio | Twilio | SMS & Push Notifications |  | not-reached | copied again
facebook-ads | Facebook Ads | Advertising |  | not-reached | copied again
google-ads | Google Ads | Advertising |  | not-reached | copied again
salesforce-marketing-cloud | Salesforce Marketing Cloud | Email Marketing |  | not-reached | copied again
sendgrid | SendGrid | Email Marketing |  | not-reached | copied again
amazon-s3 | Amazon S3 | Custom | cloud events | not-reached | copied again
shopify-littledata | Shopify (by Littledata) | Website | cloud events | not-reached | copied again
alloyflow | Alloy Flow | Enrichment, Raw Data | cloud events | not-reached | copied again
elastic-path | Elastic Path | Raw Data, Personalization | cloud events | not-reached | copied again
authvia | Authvia | Raw Data | cloud events | not-reached | copied again
customer-io | Customer.io | Email Marketing | cloud events | not-reached | copied again
iterable | Iterable | Email Marketing | cloud events | not-reached | copied again
klaviyo | Klaviyo | Email Marketing | cloud events | not-reached | copied again
braze | Braze | SMS & Push Notifications, Email Marketing | cloud events | not-reached | copied again
looker | Looker | Analytics | cloud events | not-reached | copied again
twilio-event-streams | Twilio Event Streams | Analytics | cloud events | not-reached | copied again
bigquery | BigQuery | Warehouse |  | not-reached | Reverse ETL
postgres | Postgres | Warehouse |  | not-reached | Reverse ETL
redshift | Redshift | Warehouse |  | not-reached | Reverse ETL
snowflake | Snowflake | Warehouse |  | not-reached | Reverse ETL
databricks | Databricks | Warehouse |  | not-reached | Reverse ETL
azure | Azure | Warehouse |  | not-reached | Reverse ETL
editable-profile-source-metadata | Editable Profile Source Metadata | INTERNAL |  | unknown | not known
`;

/** slug | name | state | why */
export const catalogWarehouses = `
amazon-s3 | Amazon S3 | reached | itself
aws-s3 | AWS S3 | unknown | policy
azuresqldw | Azure Synapse Analytics Warehouse | not-reached | not among the storage
azuresqldb | Azure SQL Database | not-reached | not among the storage
bigquery | BigQuery | reached | itself
databricks | Databricks | not-reached | not among the storage
google-cloud-storage | Google Cloud Storage | not-reached | not among the storage
db2 | IBM Db2 Warehouse | not-reached | not among the storage
postgres | Postgres | reached | itself
redshift | Redshift | reached | itself
data-lakes | Segment Data Lakes | not-reached | not among the storage
snowflake | Snowflake | reached | itself
`;

/** The cells of each line. */
export function cellsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
}
