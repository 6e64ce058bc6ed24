import { describe, expect, test } from '@jest/globals';
import type { Page } from 'connector-kit';
import { openSegment } from '../../src/segment/connect.js';
import { type ListedRegulation, RegulationType } from '../../src/segment/segment.js';
import { nock } from '../nock.js';
import { all, everythingOf, faultOf, PERSON, publicOrigin, recordedContext, TOKEN, useLoopback } from './harness.js';

useLoopback();

const open = () => openSegment(recordedContext({ config: { api: 'public' } }).ctx, { random: () => 0 });
const api = () => nock(publicOrigin);
const data = (value: unknown) => ({ data: value });
const page = (items: string, entries: unknown[], next?: unknown) =>
  data({ [items]: entries, pagination: { current: 'MQ==', next, totalEntries: entries.length } });

const metadata = {
  id: 'meta1',
  slug: 'amplitude',
  name: 'Amplitude',
  description: '…',
  website: 'https://www.amplitude.com/about',
  categories: ['Analytics', 'Product'],
  logos: { default: 'https://cdn.example/amplitude.svg', mark: 'https://cdn.example/mark.svg' },
  supportedMethods: { track: true },
};

const destination = {
  id: 'd1',
  name: 'Amplitude production',
  enabled: true,
  metadata,
  sourceId: 's1',
  settings: {
    apiKey: 'canary-api-key',
    secretKey: '',
    versions: {},
    traits: ['a'],
    proxy: false,
    retries: 0,
    empty: null,
  },
};

describe('the workspace', () => {
  test('is the one that the token implies', async () => {
    api()
      .get('/')
      .reply(200, data({ workspace: { id: 'w1', slug: 'acme', name: 'Acme Inc.' } }));
    expect(await open().workspace()).toEqual({ id: 'w1', slug: 'acme', name: 'Acme Inc.' });
  });

  test.each([
    ['no object', []],
    ['no data', {}],
    ['errors with a success', { errors: [{ type: 'x', message: PERSON }] }],
    ['no workspace', data({})],
    ['a workspace without a slug', data({ workspace: { id: 'w1', name: 'Acme' } })],
  ])('cannot be read from %s', async (_, body) => {
    const threeTimes = api().get('/').times(3).reply(200, body);
    expect((await faultOf(open().workspace())).code).toBe('VENDOR_ANSWER_UNREADABLE');
    expect(threeTimes.isDone()).toBe(true);
  });
});

describe('a regulation that is made', () => {
  const quotaHeaders = {
    'X-RateLimit-Remaining': '109998',
    'X-RateLimit-Consumed': '2',
    'X-RateLimit-Reset': 'Sun, 01 Feb 2026 00:00:00 +0000',
  };

  test('has an id, and the headers tell the quota', async () => {
    api()
      .post('/regulations')
      .reply(200, data({ regulateId: 'r1' }), quotaHeaders);
    expect(await open().createRegulation(RegulationType.suppressWithDelete, ['u1', 'u2'])).toEqual({
      id: 'r1',
      quota: { remaining: 109_998, consumed: 2, resetsAt: '2026-02-01T00:00:00.000Z' },
    });
  });

  test.each([
    ['a number', 200, '{"data":{"regulateId":17}}', '17'],
    ['a number beyond the safe ones', 200, '{"data":{"regulateId": 12345678901234567890}}', '12345678901234567890'],
    ['in snake case, and 201', 201, '{"data":{"regulate_id":"r9"}}', 'r9'],
    ['of a whole regulation', 200, '{"data":{"regulation":{"id":"r8"}}}', 'r8'],
  ])('may have an id that is %s', async (_, status, body, id) => {
    api().post('/regulations').reply(status, body);
    expect(await open().createRegulation(RegulationType.deleteOnly, ['u1'])).toEqual({ id });
  });

  test.each([
    ['HTML', '<html>'],
    ['nothing', ''],
    ['cut-off JSON', '{"data":{"regulateId":"r'],
    ['no id', '{"data":{}}'],
    ['an empty id', '{"data":{"regulateId":""}}'],
    ['a list', '[]'],
  ])('may exist where the answer is %s', async (_, body) => {
    const scope = api().post('/regulations').once().reply(200, body);
    const fault = await faultOf(open().createRegulation(RegulationType.suppressWithDelete, [PERSON]));
    expect(fault).toMatchObject({ code: 'VENDOR_ANSWER_UNREADABLE', mayHaveArrived: true });
    expect(scope.isDone()).toBe(true);
  });
});

describe('whether the token may make regulations', () => {
  const error = (message = `no, ${PERSON}`) => ({ errors: [{ type: 'x', message }] });

  test.each([
    ['granted', 422, error()],
    ['granted', 400, error()],
    ['unverifiable', 200, data({ regulateId: 'nobody' })],
    ['denied', 401, error()],
    ['denied', 403, error()],
    ['unverifiable', 404, error()],
    ['unverifiable', 409, error()],
  ])('is %s by HTTP %d', async (outcome, status, body) => {
    const scope = api().post('/regulations', {
      regulationType: 'SUPPRESS_WITH_DELETE',
      subjectType: 'CONNECTION_CHECK',
      subjectIds: [],
    });
    scope.once().reply(status, body as nock.Body);
    expect(await open().mayRegulate(RegulationType.suppressWithDelete)).toBe(outcome);
  });

  test.each([
    ['RATE_LIMITED', 429, error()],
    ['VENDOR_ERROR', 500, error()],
    ['GATEWAY_REFUSED', 403, '<html>'],
    ['GATEWAY_REFUSED', 400, '<html>'],
    ['REDIRECTED', 302, ''],
  ])('is not answered, which is told as %s, by HTTP %d', async (code, status, body) => {
    api()
      .post('/regulations')
      .once()
      .reply(status, body as nock.Body);
    expect((await faultOf(open().mayRegulate(RegulationType.suppressWithDelete))).code).toBe(code);
  });

  test('is not answered where the work was called off', async () => {
    const recorded = recordedContext({ config: { api: 'public' } });
    recorded.abort.abort();
    expect((await faultOf(openSegment(recorded.ctx).mayRegulate(RegulationType.suppressWithDelete))).code).toBe(
      'ABORTED',
    );
  });
});

describe('a regulation by its id', () => {
  test('is told with the destinations of all streams together', async () => {
    const status = (name: string, more: object) => ({ name, id: `id-${name}`, errString: '', finishedAt: '', ...more });
    api()
      .get('/regulations/r1')
      .reply(
        200,
        data({
          regulation: {
            id: 'r1',
            workspaceId: 'w1',
            overallStatus: 'FAILED',
            createdAt: '2026-01-10T00:00:00Z',
            finishedAt: '2026-01-11T00:00:00Z',
            streamStatus: [
              {
                id: 's1',
                destinationStatus: [status('Amplitude', { status: 'FINISHED', finishedAt: '2026-01-11T00:00:00Z' })],
              },
              { id: 's2', destinationStatus: [status('Mixpanel', { status: 'NOT_SUPPORTED', errString: 'cannot' })] },
            ],
          },
        }),
      );
    expect(await open().regulation('r1')).toEqual({
      overallStatus: 'FAILED',
      createdAt: '2026-01-10T00:00:00Z',
      finishedAt: '2026-01-11T00:00:00Z',
      destinations: [
        { id: 'id-Amplitude', name: 'Amplitude', status: 'FINISHED', finishedAt: '2026-01-11T00:00:00Z' },
        { id: 'id-Mixpanel', name: 'Mixpanel', status: 'NOT_SUPPORTED', error: 'cannot' },
      ],
    });
  });

  test('passes a status that nobody knows yet', async () => {
    api()
      .get('/regulations/r1')
      .reply(200, data({ regulation: { id: 'r1', overallStatus: 'Paused_Today', streamStatus: null } }));
    expect(await open().regulation('r1')).toEqual({ overallStatus: 'PAUSED_TODAY', destinations: [] });
  });

  test('is undefined where Segment keeps it no more', async () => {
    api()
      .get('/regulations/r1')
      .reply(404, { errors: [{ type: 'not-found', message: 'Not found' }] });
    expect(await open().regulation('r1')).toBeUndefined();
  });

  test("is not taken for gone where a proxy's page says 404", async () => {
    api().get('/regulations/r1').reply(404, '<html>no such site</html>');
    expect((await faultOf(open().regulation('r1'))).code).toBe('GATEWAY_REFUSED');
  });
});

async function regulations(pages: AsyncIterable<Page<ListedRegulation>>): Promise<ListedRegulation[]> {
  return (await all(pages)).flatMap(({ items }) => items);
}

describe('the list of regulations', () => {
  const entry = (id: string, regulationType: string) => ({
    id,
    subjectType: 'USER_ID',
    subjects: [`${id}-person`],
    status: 'RUNNING',
    createdAt: '2026-01-10T00:00:00Z',
    regulationType,
  });

  async function listed(type: RegulationType): Promise<string[]> {
    const entries = Object.values(RegulationType).map((one) => entry(one, one));
    api()
      .get('/regulations')
      .query(true)
      .reply(200, page('regulations', [...entries, entry('U', 'UNSUPPRESS')]));
    return (await regulations(open().listRegulations(type))).map(({ id, type: known }) => (known ? id : `${id}?`));
  }

  test('tells who, when and how far', async () => {
    api()
      .get('/regulations')
      .query(true)
      .reply(200, page('regulations', [entry('r1', 'DELETE_ONLY')]));
    expect(await regulations(open().listRegulations(RegulationType.deleteOnly))).toEqual([
      {
        id: 'r1',
        type: 'DELETE_ONLY',
        createdAt: '2026-01-10T00:00:00Z',
        subjectIds: ['r1-person'],
      },
    ]);
  });

  test('is read around what an entry lacks: it may be anybody’s, and is left to whoever compares', async () => {
    const { subjects: _, ...nobody } = entry('r2', 'DELETE_ONLY');
    api()
      .get('/regulations')
      .query(true)
      .reply(200, page('regulations', [{ id: 7 }, nobody, { ...entry('r3', 'DELETE_ONLY'), createdAt: null }]));
    expect(await regulations(open().listRegulations(RegulationType.deleteOnly))).toEqual([
      { id: '7' },
      { id: 'r2', type: 'DELETE_ONLY', createdAt: '2026-01-10T00:00:00Z' },
      { id: 'r3', type: 'DELETE_ONLY', subjectIds: ['r3-person'] },
    ]);
  });

  test('holds those that delete, with their type where it is the one that was asked for', async () => {
    const others = (type: RegulationType) =>
      Object.values(RegulationType).map((one) => (one === type ? one : `${one}?`));
    for (const type of [RegulationType.suppressWithDelete, RegulationType.deleteInternal]) {
      expect(await listed(type)).toEqual(others(type));
    }
  });

  test('holds for the internal suppression also what the list may call it', async () => {
    const type = RegulationType.suppressWithDeleteInternal;
    const known = (await listed(type)).filter((id) => !id.endsWith('?'));
    expect(known.sort()).toEqual(['SUPPRESS_WITH_DELETE', 'SUPPRESS_WITH_DELETE_INTERNAL']);
  });

  test('asks for smaller pages where one is too large to take', async () => {
    const recorded = recordedContext({ config: { api: 'public' } });
    const segment = openSegment(recorded.ctx, { maxAnswerBytes: 600 });
    const long = { ...entry('long', 'DELETE_ONLY'), subjects: ['x'.repeat(700)] };
    const count = (n: number, cursor?: string) => ({
      'pagination.count': n,
      ...(cursor ? { 'pagination.cursor': cursor } : {}),
    });
    api()
      .get('/regulations')
      .query(count(200))
      .reply(200, page('regulations', [long]));
    api()
      .get('/regulations')
      .query(count(100))
      .reply(200, page('regulations', [entry('a', 'DELETE_ONLY')], 'c1'));
    api()
      .get('/regulations')
      .query(count(100, 'c1'))
      .reply(200, page('regulations', [entry('b', 'DELETE_ONLY')]));
    const found = await regulations(segment.listRegulations(RegulationType.deleteOnly));
    expect(found.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('is read on from where an earlier reading stopped', async () => {
    api()
      .get('/regulations')
      .query({ 'pagination.count': 200, 'pagination.cursor': 'c7' })
      .reply(200, page('regulations', [entry('a', 'DELETE_ONLY')], 'c8'));
    for await (const { items, next } of open().listRegulations(RegulationType.deleteOnly, 'c7')) {
      expect([items.map(({ id }) => id), next]).toEqual([['a'], 'c8']);
      break;
    }
  });
});

describe('the inventory', () => {
  test('of sources leaves write keys and settings behind', async () => {
    const source = {
      id: 's1',
      slug: 'website',
      metadata: { ...metadata, slug: 'javascript', name: 'Javascript', website: undefined },
      workspaceId: 'w1',
      enabled: false,
      writeKeys: ['canary-write-key'],
      settings: { secret: 'canary-setting' },
      labels: [],
    };
    api()
      .get('/sources')
      .query(true)
      .reply(200, page('sources', [source]));
    const found = await all(open().sources());
    expect(found).toEqual([
      {
        id: 's1',
        slug: 'website',
        name: 'website',
        enabled: false,
        catalog: {
          id: 'meta1',
          slug: 'javascript',
          name: 'Javascript',
          categories: ['Analytics', 'Product'],
          logo: 'https://cdn.example/mark.svg',
        },
      },
    ]);
    expect(everythingOf(found)).not.toContain('canary');
  });

  test('of destinations keeps the names of settings that are filled in, and no value', async () => {
    api()
      .get('/destinations')
      .query(true)
      .reply(200, page('destinations', [destination]));
    const found = await all(open().destinations());
    expect(found).toEqual([
      {
        id: 'd1',
        name: 'Amplitude production',
        enabled: true,
        sourceId: 's1',
        catalog: {
          id: 'meta1',
          slug: 'amplitude',
          name: 'Amplitude',
          categories: ['Analytics', 'Product'],
          logo: 'https://cdn.example/mark.svg',
          domain: 'amplitude.com',
        },
        settingsSet: ['apiKey', 'traits', 'retries'],
      },
    ]);
    expect(everythingOf(found)).not.toContain('canary');
  });

  /** The catalogue's metadata as they are for many products: both modes counted as 0, and the parts and platforms by letter. */
  function shape(parts: string, platforms: string) {
    const names = { A: 'ANDROID', B: 'BROWSER', I: 'IOS', S: 'SERVER' } as const;
    const on = (letter: string) => platforms.includes(letter);
    return {
      supportedFeatures: { cloudModeInstances: '0', deviceModeInstances: '0' },
      components: [...parts].map((part) => ({ type: names[part as 'A'], code: 'x' })),
      supportedPlatforms: { browser: on('b'), mobile: on('m'), server: on('s') },
    };
  }

  test.each([
    ['cloud', {}, { connectionMode: 'cloud' }],
    ['device', {}, { connectionMode: 'device' }],
    ['cloud', { supportedFeatures: { cloudModeInstances: 'MULTIPLE', deviceModeInstances: 'NONE' } }, {}],
    ['device', { supportedFeatures: { cloudModeInstances: '0', deviceModeInstances: '1' } }, {}],
    ['cloud', { supportedPlatforms: { browser: false, mobile: false, server: true } }, {}],
    [undefined, { supportedFeatures: { cloudModeInstances: 'SINGLE', deviceModeInstances: 'SINGLE' } }, {}],
    [undefined, { supportedFeatures: { cloudModeInstances: '0', deviceModeInstances: '0' } }, {}],
    [undefined, { supportedPlatforms: { browser: true, mobile: false, server: true } }, {}],
    [undefined, { supportedPlatforms: { server: true } }, {}],
    ['device', shape('B', 'bms'), {}],
    ['device', shape('AI', 'm'), {}],
    ['cloud', shape('S', 'bms'), {}],
    [undefined, shape('ABIS', 'bms'), {}],
    [undefined, shape('BS', 'b'), {}],
    ['cloud', shape('', 'bms'), {}],
    ['device', shape('', 'b'), {}],
    [undefined, shape('', ''), {}],
    ['device', shape('ABIS', 'bms'), { connectionMode: 'device' }],
    [undefined, {}, {}],
  ])('says that a destination is %p only where that is certain: %j %j', async (mode, features, settings) => {
    const one = { ...destination, metadata: { ...metadata, ...features }, settings };
    api()
      .get('/destinations')
      .query(true)
      .reply(200, page('destinations', [one]));
    expect((await all(open().destinations()))[0]?.connectionMode).toBe(mode);
  });

  test('of warehouses says how each is called and what feeds it, over all pages', async () => {
    const warehouse = (id: string, more: object = {}) => ({
      id,
      metadata: { slug: 'postgres', name: 'Postgres' },
      enabled: true,
      settings: { password: TOKEN, ...more },
    });
    api()
      .get('/warehouses')
      .query(true)
      .reply(200, page('warehouses', [warehouse('w1', { name: 'Analytics' }), warehouse('w2')]));
    api()
      .get('/warehouses/w1/connected-sources')
      .query({ 'pagination.count': 200 })
      .reply(200, page('sources', [{ id: 's1' }], 'n'));
    api()
      .get('/warehouses/w1/connected-sources')
      .query({ 'pagination.count': 200, 'pagination.cursor': 'n' })
      .reply(200, page('sources', [{ id: 's2' }]));
    api()
      .get('/warehouses/w2/connected-sources')
      .query(true)
      .reply(404, { errors: [{ type: 'not-found' }] });
    const { further } = open();
    if (!further) throw new Error('The Public API lists warehouses.');
    const found = await all(further.warehouses());
    expect(found.map(({ id, name }) => ({ id, name }))).toEqual([
      { id: 'w1', name: 'Analytics' },
      { id: 'w2', name: 'Postgres' },
    ]);
    expect(await all(further.feeding('w1'))).toEqual(['s1', 's2']);
    expect(await all(further.feeding('w2'))).toEqual([]);
    expect(everythingOf(found)).not.toContain('canary');
  });

  test('is read around an entry that is not in the catalogue or lacks a name', async () => {
    api()
      .get('/sources')
      .query(true)
      .reply(200, page('sources', [{ id: 's1' }, { id: 's2', slug: 'b', metadata: null }]));
    api()
      .get('/destinations')
      .query(true)
      .reply(200, page('destinations', [{ id: 'd1', metadata: {} }]));
    const catalog = { slug: '', name: '', categories: [] };
    expect(await all(open().sources())).toEqual([
      { id: 's1', slug: 's1', name: 's1', catalog },
      { id: 's2', slug: 'b', name: 'b', catalog },
    ]);
    expect(await all(open().destinations())).toEqual([{ id: 'd1', name: 'd1', catalog, settingsSet: [] }]);
  });

  test.each([
    ['a list that is none', data({ sources: {}, pagination: {} })],
    ['an entry that is none', page('sources', ['x'])],
    ['an entry without an id', page('sources', [{ slug: 'a', metadata }])],
    ['no pagination, so that nobody knows whether it is all', data({ sources: [] })],
    ['a cursor that is none', page('sources', [], { to: 2 })],
  ])('cannot be read from %s', async (_, body) => {
    api()
      .get('/sources')
      .query(true)
      .times(3)
      .reply(200, body as nock.Body);
    expect((await faultOf(all(open().sources()))).code).toBe('VENDOR_ANSWER_UNREADABLE');
  });

  test('ends in a fault where a cursor comes again', async () => {
    api()
      .get('/sources')
      .query(true)
      .times(2)
      .reply(200, page('sources', [], 'round'));
    const fault = await faultOf(all(open().sources()));
    expect(fault).toMatchObject({ code: 'VENDOR_ANSWER_UNREADABLE' });
  });

  test.each(['next is null', 'next is absent', 'next is empty'])('ends where %s', async (how) => {
    const next = how.endsWith('null') ? null : how.endsWith('empty') ? '' : undefined;
    api()
      .get('/sources')
      .query(true)
      .once()
      .reply(200, page('sources', [], next));
    expect(await all(open().sources())).toEqual([]);
  });

  test('fetches a page only when it is wanted', async () => {
    const one = { id: 's1', slug: 'a', metadata };
    api()
      .get('/sources')
      .query(true)
      .once()
      .reply(200, page('sources', [one], 'more'));
    for await (const source of open().sources()) {
      expect(source.id).toBe('s1');
      break;
    }
  });
});
