import { describe, expect, test } from '@jest/globals';
import { coverageOf, reachRuleOf } from '../../src/detection/coverage.js';
import { pages, reachRules } from '../../src/detection/coverage-rules.js';
import { regulationTypeOf } from '../../src/detection/regulation-reach.js';
import {
  type CatalogEntry,
  type DestinationRecord,
  RegulationType,
  type SourceRecord,
  type WarehouseRecord,
} from '../../src/segment/segment.js';

const forwardingTypes = [RegulationType.suppressWithDelete, RegulationType.deleteOnly];
const internalTypes = [RegulationType.suppressWithDeleteInternal, RegulationType.deleteInternal];
const usual = RegulationType.suppressWithDelete;

const entry = (slug: string, name = slug, ...categories: string[]): CatalogEntry => ({ slug, name, categories });
const destination = (catalog: CatalogEntry, more: Partial<DestinationRecord> = {}): DestinationRecord => ({
  id: 'd1',
  name: 'Ours',
  sourceId: 's1',
  catalog,
  settingsSet: [],
  ...more,
});
const ofDestination = (record: DestinationRecord, type: RegulationType = usual) =>
  coverageOf({ kind: 'destination', record }, type);
const ofWarehouse = (slug: string, type: RegulationType = usual) => {
  const record: WarehouseRecord = { id: 'w1', name: 'Ours', catalog: entry(slug), sourceIds: [] };
  return coverageOf({ kind: 'warehouse', record }, type);
};
const ofSource = (catalog: CatalogEntry, type: RegulationType = usual) => {
  const record: SourceRecord = { id: 's1', slug: 'ours', name: 'Ours', catalog };
  return coverageOf({ kind: 'source', record }, type);
};

// The list as it is published (https://www.twilio.com/docs/segment/privacy/faq), written out again on purpose.
const published = [
  'Amplitude',
  'Iterable',
  'Braze',
  'Intercom',
  'Webhooks',
  'tray.io',
  'Appcues',
  'Vero',
  'Customer.io',
  'Optimizely Full Stack',
  'Google Analytics',
  'Google Cloud PubSub',
  'Amplitude (Actions)',
  'Customer.io (Actions)',
  'Braze Cloud Mode (Actions)',
  'Friendbuy (Cloud Destination)',
  'Fullstory Cloud Mode (Actions)',
  'Intercom Cloud Mode (Actions)',
];

describe('the rules', () => {
  test('hold the published lists and nothing else', () => {
    const named = (state: string) => reachRules.filter((rule) => rule.state === state).map(({ name }) => name);
    expect(named('forwarded').sort()).toEqual([...published].sort());
    expect(named('reached').sort()).toEqual(['Amazon S3', 'BigQuery', 'Postgres', 'Redshift', 'Snowflake']);
  });

  test('stand on a page with its address and the day it was read', () => {
    for (const page of [...Object.values(pages), ...reachRules.map((rule) => rule.page)]) {
      expect(page.url).toMatch(/^https:\/\/www\.twilio\.com\/docs\/segment\/privacy\//);
      expect(page.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(page.title).not.toBe('');
    }
  });

  test('name no product twice', () => {
    const names = reachRules.flatMap(({ name, slugs }) => [name, ...slugs]);
    for (const rule of reachRules) for (const name of [rule.name, ...rule.slugs]) expect(reachRuleOf(name)).toBe(rule);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each([
    ['amplitude', 'Amplitude'],
    ['actions-amplitude', 'Amplitude (Actions)'],
    ['amplitude-actions', 'Amplitude (Actions)'],
    ['Customer.io', 'Customer.io'],
    ['customer-io', 'Customer.io'],
    ['braze-cloud-mode-actions', 'Braze Cloud Mode (Actions)'],
    ['appboy', 'Braze'],
    ['friendbuy-cloud-destination', 'Friendbuy (Cloud Destination)'],
    ['google-universal-analytics', 'Google Analytics'],
    ['aws-s3', 'Amazon S3'],
  ])('know %s as %s', (slug, name) => {
    expect(reachRuleOf(slug)?.name).toBe(name);
  });

  test.each([
    'google-analytics-4',
    'actions-google-analytics-4',
    'braze-web-device-mode',
    'actions-webhook',
    'actions-intercom-web',
    'actions-iterable',
    'friendbuy',
    'actions-fullstory',
    '',
  ])('do not take %j for a product that only sounds alike', (slug) => {
    expect(reachRuleOf(slug)).toBeUndefined();
  });
});

describe('a destination', () => {
  test.each(published)('%s is forwarded to, once it is set up', (name) => {
    const record = destination(entry('', name), { settingsSet: ['secretKey', 'googleOauth'] });
    expect(ofDestination(record)).toMatchObject({ state: 'forwarded', source: pages.faq });
  });

  test.each([
    ['amplitude', 'secretKey'],
    ['amplitude', 'secret_key'],
    ['amplitude', 'workspaces/w/sources/s/destinations/amplitude/config/secretKey'],
    ['actions-amplitude', 'secretKey'],
    ['google-analytics', 'oauth'],
    ['google-analytics', 'userDeletionOauth'],
  ])('%s needs a step until %s is filled in', (slug, setting) => {
    const before = ofDestination(destination(entry(slug), { settingsSet: ['apiKey', 'trackingId'] }));
    expect(before.state).toBe('needs-setup');
    expect(before.reason).toMatch(/secret key|Sign in to Google/);
    expect(ofDestination(destination(entry(slug), { settingsSet: ['apiKey', setting] })).state).toBe('forwarded');
  });

  test.each([
    ['in device mode', { connectionMode: 'device' }, /device mode/],
    ['switched off', { enabled: false }, /switched off/],
  ] as const)('that would be forwarded to, but is %s, is not reached', (_, more, reason) => {
    const coverage = ofDestination(destination(entry('iterable', 'Iterable'), more));
    expect(coverage.state).toBe('not-reached');
    expect(coverage.reason).toMatch(reason);
  });

  test.each(['facebook-pixel', 'google-analytics-4', 'hubspot', 'mixpanel'])(
    '%s, which is not on the list, is not reached',
    (slug) => {
      expect(ofDestination(destination(entry(slug), { enabled: true, connectionMode: 'cloud' }))).toMatchObject({
        state: 'not-reached',
        reason: expect.stringContaining('not among the destinations'),
      });
    },
  );

  test('that stores files in Amazon S3 is reached, and cannot be told of while it is switched off', () => {
    const s3 = entry('aws-s3', 'AWS S3');
    expect(ofDestination(destination(s3)).state).toBe('reached');
    const off = ofDestination(destination(s3, { enabled: false }));
    expect(off).toMatchObject({ state: 'unknown', reason: expect.stringContaining('switched off') });
  });

  test('without a product is unknown', () => {
    expect(ofDestination(destination(entry(' '))).state).toBe('unknown');
  });

  test.each(internalTypes)('is not reached by %s, which stays inside Segment', (type) => {
    const coverage = ofDestination(destination(entry('iterable')), type);
    expect(coverage.state).toBe('not-reached');
    expect(coverage.reason).toContain(type);
  });

  test.each(forwardingTypes)('on the list is forwarded to by %s', (type) => {
    expect(ofDestination(destination(entry('iterable')), type).state).toBe('forwarded');
  });
});

describe('a warehouse', () => {
  test.each(['redshift', 'bigquery', 'postgres', 'snowflake', 'amazon-s3'])('%s is deleted from', (slug) => {
    for (const type of forwardingTypes) expect(ofWarehouse(slug, type).state).toBe('reached');
  });
  test.each(['databricks', 'azuresqldw', 'db2', 'google-cloud-storage', 'data-lakes', 'iterable'])(
    '%s is not',
    (slug) => {
      expect(ofWarehouse(slug).state).toBe('not-reached');
    },
  );
  test.each(internalTypes)('under %s cannot be told, since the pages disagree', (type) => {
    expect(ofWarehouse('snowflake', type)).toMatchObject({ state: 'unknown', reason: expect.stringContaining(type) });
    expect(ofWarehouse('databricks', type).state).toBe('not-reached');
  });
  test('that is switched off cannot be told of, where it would be deleted from', () => {
    const of = (slug: string) => {
      const record = { id: 'w', name: slug, enabled: false, catalog: entry(slug), sourceIds: [] };
      return coverageOf({ kind: 'warehouse', record }, RegulationType.suppressWithDelete);
    };
    expect(of('snowflake')).toMatchObject({ state: 'unknown', reason: expect.stringContaining('switched off') });
    expect(of('databricks').state).toBe('not-reached');
  });
  test('without a product is unknown', () => {
    expect(ofWarehouse('').state).toBe('unknown');
  });
});

describe('a source', () => {
  test.each([
    entry('javascript', 'Javascript', 'Website'),
    entry('node.js', 'Node.js'),
    entry('ios'),
    entry('http-api', 'HTTP API', 'Server'),
    entry('anything', 'Anything', 'Mobile'),
  ])('that collects events ($slug) is reached', (catalog) => {
    expect(ofSource(catalog)).toMatchObject({ state: 'reached', reason: expect.stringContaining('takes no more') });
    expect(ofSource(catalog, RegulationType.deleteOnly).reason).toContain('goes on taking');
    expect(ofSource(catalog, RegulationType.deleteInternal).state).toBe('reached');
  });
  test.each([entry('salesforce', 'Salesforce', 'CRM'), entry('stripe', 'Stripe', 'Payments')])(
    'that copies the records of $name is not reached, and says to erase there first',
    (catalog) => {
      expect(ofSource(catalog)).toMatchObject({ state: 'not-reached', reason: expect.stringContaining('there first') });
    },
  );
  test('of a kind that cannot be told is unknown', () => {
    expect(ofSource(entry('salesforce')).state).toBe('unknown');
    expect(ofSource(entry('')).state).toBe('unknown');
  });
});

test('the regulation type is the one chosen, and SUPPRESS_WITH_DELETE where none is', () => {
  expect(regulationTypeOf({ regulationType: 'DELETE_ONLY' })).toBe('DELETE_ONLY');
  expect(regulationTypeOf({})).toBe('SUPPRESS_WITH_DELETE');
  expect(regulationTypeOf({ regulationType: 'UNSUPPRESS' })).toBe('SUPPRESS_WITH_DELETE');
});
