import { describe, expect, test } from '@jest/globals';
import { coverageOf, ruleNamed, ruleOf } from '../../src/detection/coverage.js';
import { coverageRules, otherSlugs, pages, sourceRules } from '../../src/detection/coverage-rules.js';
import { segmentDetection } from '../../src/detection/detection.js';
import { regulationTypeOf } from '../../src/detection/regulation-reach.js';
import {
  type CatalogEntry,
  type DestinationRecord,
  RegulationType,
  type SourceRecord,
  type WarehouseRecord,
} from '../../src/segment/segment.js';
import { nock } from '../nock.js';
import { recordedContext } from '../segment/harness.js';
import { catalogDestinations, catalogSources, catalogWarehouses, cellsOf } from './catalog.js';

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
const ofDestination = (record: DestinationRecord, type: RegulationType = usual, ofFunction = false) =>
  coverageOf({ kind: 'destination', record, ofFunction }, type);
const ofWarehouse = (slug: string, type: RegulationType = usual, ...fedBy: CatalogEntry[]) => {
  const record: WarehouseRecord = { id: 'w1', name: 'Ours', catalog: entry(slug) };
  const sources = fedBy.map((catalog, at) => ({ id: `s${at}`, slug: 'ours', name: 'Ours', catalog }));
  return coverageOf({ kind: 'warehouse', record, fedBy: sources }, type);
};
const ofSource = (catalog: CatalogEntry, type: RegulationType = usual, ofFunction = false) => {
  const record: SourceRecord = { id: 's1', slug: 'ours', name: 'Ours', catalog };
  return coverageOf({ kind: 'source', record, ofFunction }, type);
};

describe('the rules', () => {
  test('stand each on a source with its address and the day it was read', () => {
    for (const { source } of [...coverageRules, ...Object.values(pages).map((page) => ({ source: page }))]) {
      expect(source.url).toMatch(/^https:\/\/[a-z.]+\/?/);
      expect(source.asOf).toMatch(/^20\d{2}-[01]\d-[0-3]\d$/);
      expect(source.title).not.toBe('');
    }
    expect(sourceRules.page.asOf).toMatch(/^\d/);
  });

  test('are one for each slug, and other slugs lead to one of them', () => {
    const slugs = coverageRules.map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(slugs.length);
    for (const [other, slug] of Object.entries(otherSlugs)) {
      expect(slugs).toContain(slug);
      expect(slugs).not.toContain(other);
    }
  });

  test('that are certain of nothing say why', () => {
    for (const { slug, state, note } of coverageRules)
      if (state === 'unknown') expect([slug, note]).toEqual([slug, expect.any(String)]);
  });

  test.each([
    ['amplitude', 'Amplitude'],
    ['amplitude-actions', 'Amplitude (Actions)'],
    ['Customer.io', 'Customer.io'],
    ['braze-cloud-mode-actions', 'Braze Cloud Mode (Actions)'],
    ['appboy', 'Braze'],
    ['friendbuy-cloud-destination', 'Friendbuy (Cloud Destination)'],
    ['optimizelyx', 'Optimizely Full Stack'],
  ])('know the slug %s as %s', (slug, name) => {
    expect(ruleOf(slug)?.name).toBe(name);
  });

  test('know no product by its name, which a function may bear as well', () => {
    for (const name of ['Fullstory Cloud Mode (Actions)', 'Optimizely Full Stack (ours)', 'Amazon S3 Copy', '']) {
      expect(ruleOf(name)?.slug ?? 'none').toMatch(/^(?:none|actions-fullstory-cloud)$/);
    }
    const catalog = { ...entry('', 'Amplitude'), id: 'c1' };
    expect(ofDestination(destination(catalog, { settingsSet: ['secretKey'] })).state).toBe('unknown');
    const called = destination(entry('amplitude', 'Amplitude'), { settingsSet: ['secretKey'] });
    expect(ofDestination(called, usual, true)).toMatchObject({
      state: 'unknown',
      reason: expect.stringContaining('onDelete'),
    });
  });

  test.each([
    ['Klaviyo (Actions)', 'actions-klaviyo'],
    ['Actions Amplitude', 'actions-amplitude'],
    ['Actions Customerio', 'actions-customerio'],
    ['intercom', 'intercom'],
  ])('know the product that the results of a regulation call %s', (name, slug) => {
    expect(ruleNamed(name)?.slug).toBe(slug);
  });
});

describe('the catalogue', () => {
  const destinations = cellsOf(catalogDestinations).map((cells, at) => {
    const [slug = '', name = '', components = '', platforms = '', by = '', settings = '', state = '', why = ''] = cells;
    const parts = { A: 'ANDROID', B: 'BROWSER', I: 'IOS', S: 'SERVER' } as const;
    const on = (letter: string) => platforms.includes(letter);
    const filled = settings.split(' ').filter((one) => one !== '');
    const answer = {
      id: `d${at}`,
      name: `Ours ${at}`,
      enabled: true,
      sourceId: 's0',
      settings: Object.fromEntries(filled.map((one) => [one, 'filled in'])),
      metadata: {
        id: `c-${slug}`,
        slug,
        name,
        categories: ['Analytics'],
        logos: {},
        components: [...components.replace('-', '')].map((one) => ({ type: parts[one as 'A'], code: 'x' })),
        supportedFeatures: { cloudModeInstances: '0', deviceModeInstances: '0' },
        supportedPlatforms: { browser: on('b'), mobile: on('m'), server: on('s') },
        partnerOwned: by === 'partner',
      },
    };
    return { answer, key: `destination:d${at}`, slug, state, why };
  });
  const sources = cellsOf(catalogSources).map(
    ([slug = '', name = '', categories = '', events = '', state = '', why = ''], at) => {
      const kinds = categories.split(', ').filter((one) => one !== '');
      const metadata = { id: `c-${slug}`, slug, name, categories: kinds, logos: {}, isCloudEventSource: events !== '' };
      return {
        answer: { id: `s${at}`, slug: `ours-${at}`, enabled: true, metadata },
        key: `source:s${at}`,
        slug,
        state,
        why,
      };
    },
  );
  const warehouses = cellsOf(catalogWarehouses).map(([slug = '', name = '', state = '', why = ''], at) => {
    const metadata = { id: `c-${slug}`, slug, name, logos: {} };
    return {
      answer: { id: `w${at}`, enabled: true, metadata, settings: {} },
      key: `warehouse:w${at}`,
      slug,
      state,
      why,
    };
  });

  test('is judged product by product, each with its reason and where that is known from', async () => {
    const list = (path: string, items: string, answers: readonly unknown[]) =>
      nock('https://api.segmentapis.com')
        .get(path)
        .query(true)
        .reply(200, { data: { [items]: answers, pagination: { current: 'x' } } });
    list(
      '/sources',
      'sources',
      sources.map(({ answer }) => answer),
    );
    list(
      '/destinations',
      'destinations',
      destinations.map(({ answer }) => answer),
    );
    list(
      '/warehouses',
      'warehouses',
      warehouses.map(({ answer }) => answer),
    );
    for (let at = 0; at < warehouses.length; at += 1) list(`/warehouses/w${at}/connected-sources`, 'sources', []);
    for (const [path, items] of [
      ['/functions', 'functions'],
      ['/reverse-etl-models', 'models'],
      ['/spaces', 'spaces'],
    ] as const) {
      nock('https://api.segmentapis.com')
        .persist()
        .get(path)
        .query(true)
        .reply(200, { data: { [items]: [], pagination: {} } });
    }
    const { ctx } = recordedContext({ facts: { api: 'public' } });
    const found = new Map<string, { state: string; reason: string; asOf: string }>();
    for await (const { key, coverage } of segmentDetection().detect(ctx)) {
      found.set(key, { state: coverage.state, reason: coverage.reason, asOf: coverage.source.asOf });
    }
    const expected = [...destinations, ...sources, ...warehouses];
    expect(expected.length).toBeGreaterThanOrEqual(120);
    expect(new Set(expected.map(({ slug, key }) => `${key.split(':')[0]} ${slug}`)).size).toBeGreaterThanOrEqual(120);
    const judged = expected.map(({ key, slug, why }) => {
      const { state = '', reason = '', asOf = '' } = found.get(key) ?? {};
      return [slug, state, reason.toLowerCase().includes(why.toLowerCase()) ? why : reason, /^\d{4}-/.test(asOf)];
    });
    expect(judged).toEqual(expected.map(({ slug, state, why }) => [slug, state, why, true]));
  });
});

describe('a destination', () => {
  test.each([
    ['amplitude', 'secretKey'],
    ['amplitude', 'secret_key'],
    ['amplitude', 'workspaces/w/sources/s/destinations/amplitude/config/secretKey'],
    ['actions-amplitude', 'secretKey'],
    ['optimizely-full-stack', 'accessToken'],
  ])('%s needs a step until %s is filled in', (slug, setting) => {
    const before = ofDestination(destination(entry(slug), { settingsSet: ['apiKey', 'notTheSecretKey'] }));
    expect(before.state).toBe('needs-setup');
    expect(before.reason).toMatch(/secret key|access token/);
    expect(ofDestination(destination(entry(slug), { settingsSet: ['apiKey', setting] })).state).toBe('forwarded');
  });

  test('that would be forwarded to, but is switched off, is not reached', () => {
    const coverage = ofDestination(destination(entry('iterable', 'Iterable'), { enabled: false }));
    expect(coverage).toMatchObject({ state: 'not-reached', reason: expect.stringMatching(/switched off/) });
  });

  test('on the list in device mode cannot be told of, unless it knows no other', () => {
    const inDevice = (slug: string) => ofDestination(destination(entry(slug), { connectionMode: 'device' }));
    expect(inDevice('braze')).toMatchObject({ state: 'unknown', reason: expect.stringContaining('device mode') });
    expect(inDevice('appcues')).toMatchObject({ state: 'forwarded', reason: expect.stringContaining('not held back') });
    expect(inDevice('facebook-pixel')).toMatchObject({ state: 'not-reached' });
  });

  test.each([
    [false, 'not-reached', 'not among the destinations'],
    [true, 'unknown', 'partners'],
    [undefined, 'unknown', 'partners'],
  ] as const)('that is not on the list, built by a partner: %s, is %s', (partnerOwned, state, reason) => {
    const catalog = { ...entry('new-product'), ...(partnerOwned === undefined ? {} : { partnerOwned }) };
    const record = destination(catalog, { enabled: true, connectionMode: 'cloud' });
    expect(ofDestination(record)).toMatchObject({ state, reason: expect.stringContaining(reason) });
    for (const type of internalTypes) expect(ofDestination(record, type).state).toBe('not-reached');
    expect(ofDestination({ ...record, enabled: false }).state).toBe('not-reached');
  });

  test('of the Universal Analytics that Google switched off is not reached, whatever is filled in', () => {
    const record = destination(entry('google-analytics'), { settingsSet: ['oauth'] });
    expect(ofDestination(record)).toMatchObject({ state: 'not-reached', reason: expect.stringContaining('July 2024') });
  });

  test('that stores files in Amazon S3 is reached, and cannot be told of while it is switched off', () => {
    const s3 = entry('amazon-s3', 'Amazon S3');
    expect(ofDestination(destination(s3)).state).toBe('reached');
    const off = ofDestination(destination(s3, { enabled: false }));
    expect(off).toMatchObject({ state: 'unknown', reason: expect.stringContaining('switched off') });
  });

  test('without a product is unknown', () => {
    expect(ofDestination(destination(entry(''))).state).toBe('unknown');
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
      const record = { id: 'w', name: slug, enabled: false, catalog: entry(slug) };
      return coverageOf({ kind: 'warehouse', record, fedBy: [] }, RegulationType.suppressWithDelete);
    };
    expect(of('snowflake')).toMatchObject({ state: 'unknown', reason: expect.stringContaining('switched off') });
    expect(of('databricks').state).toBe('not-reached');
  });
  test('that objects of another product are copied into is not cleaned of those', () => {
    const fed = (...by: CatalogEntry[]) => ofWarehouse('snowflake', usual, ...by);
    const events = entry('javascript', 'Javascript', 'Website');
    const stripe = { ...entry('stripe', 'Stripe', 'Payments'), cloudEvents: false };
    const klaviyo = { ...entry('klaviyo', 'Klaviyo', 'Email Marketing'), cloudEvents: true };
    expect(fed(events, klaviyo, entry('personas-compute', 'Engage')).state).toBe('reached');
    expect(fed(events, stripe, stripe, entry('salesforce', 'Salesforce', 'CRM'))).toMatchObject({
      state: 'not-reached',
      reason: expect.stringContaining('copies from Salesforce, Stripe go by ids of their own'),
    });
  });
  test('that Profiles Sync fills is reached once a week, whichever it is', () => {
    for (const slug of ['databricks', 'azuresqldw', 'snowflake']) {
      const record = { id: 'w', name: slug, catalog: entry(slug) };
      const of = (type: RegulationType) =>
        coverageOf({ kind: 'warehouse', record, fedBy: [], profilesSync: true }, type);
      expect(of(usual)).toMatchObject({
        state: 'reached',
        reason: expect.stringContaining('once a week'),
        source: pages.profilesSync,
      });
      expect(of(RegulationType.deleteInternal).state).toBe('unknown');
    }
    const fedToo = { id: 's', slug: 's', name: 'Web', catalog: entry('javascript', 'Javascript', 'Website') };
    const both = (slug: string) =>
      coverageOf(
        {
          kind: 'warehouse',
          record: { id: 'w', name: slug, catalog: entry(slug) },
          fedBy: [fedToo],
          profilesSync: true,
        },
        usual,
      ).state;
    expect([both('databricks'), both('snowflake')]).toEqual(['not-reached', 'reached']);
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
    expect(ofSource(catalog)).toMatchObject({
      state: 'reached',
      reason: expect.stringContaining('at times only after 30 days'),
    });
    expect(ofSource(catalog).reason).not.toMatch(/from then on/);
    expect(ofSource(catalog, RegulationType.deleteOnly).reason).toContain('goes on taking');
    expect(ofSource(catalog, RegulationType.deleteInternal).state).toBe('reached');
  });
  test.each([entry('salesforce', 'Salesforce', 'CRM'), entry('stripe', 'Stripe', 'Payments')])(
    'that copies the records of $name is not reached, and says to erase there first',
    (catalog) => {
      expect(ofSource(catalog)).toMatchObject({ state: 'not-reached', reason: expect.stringContaining('there first') });
    },
  );
  test('of Engage is reached, with nothing to erase in front of it', () => {
    const coverage = ofSource(entry('personas-compute', 'Personas', 'Advertising'));
    expect(coverage).toMatchObject({ state: 'reached', reason: expect.stringContaining('Nothing has to be erased') });
  });
  test('that is a source function, whatever it is called, leaves who calls it to be erased', () => {
    expect(ofSource(entry('javascript', 'Javascript', 'Website'), usual, true)).toMatchObject({
      state: 'not-reached',
      reason: expect.stringContaining('the system that calls it'),
    });
  });
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
