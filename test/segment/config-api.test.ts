import { describe, expect, test } from '@jest/globals';
import { openSegment } from '../../src/segment/connect.js';
import { RegulationType } from '../../src/segment/segment.js';
import { nock } from '../nock.js';
import { all, configOrigin, everythingOf, faultOf, PERSON, recordedContext, useLoopback } from './harness.js';

useLoopback();

const base = '/v1beta/workspaces/acme';
const open = () => openSegment(recordedContext({ config: { api: 'config' } }).ctx, { random: () => 0 });
const api = () => nock(configOrigin);
const upstream = 'upstream connect error or disconnect/reset before headers';

describe('the workspace', () => {
  test.each([
    ['bare', { name: 'workspaces/acme', display_name: 'Acme Inc.', id: 'w1', create_time: 'x' }],
    ['in an envelope', { workspace: { name: 'workspaces/acme', display_name: 'Acme Inc.', id: 'w1' } }],
    ['in camelCase', { name: 'workspaces/acme', displayName: 'Acme Inc.', id: 'w1' }],
  ])('is read: %s', async (_, body) => {
    api().get(base).reply(200, body);
    expect(await open().workspace()).toEqual({ id: 'w1', slug: 'acme', name: 'Acme Inc.' });
  });

  test('may have no id and no other name than its slug', async () => {
    api().get(base).reply(200, { name: 'workspaces/acme', id: '' });
    expect(await open().workspace()).toEqual({ slug: 'acme', name: 'acme' });
  });

  test.each([{}, { name: '' }, { name: 'workspaces/' }, 'workspaces/acme'])('cannot be read from %j', async (body) => {
    api().get(base).times(3).reply(200, JSON.stringify(body));
    expect((await faultOf(open().workspace())).code).toBe('VENDOR_ANSWER_UNREADABLE');
  });
});

describe('a regulation that is made', () => {
  test.each([
    [200, '{"regulate_id":"r1"}', 'r1'],
    [201, '{"regulate_id":4711}', '4711'],
    [200, '{"regulate_id":12345678901234567890}', '12345678901234567890'],
    [200, '{"regulateId":"r1"}', 'r1'],
    [200, '{"regulation":{"id":"r1"}}', 'r1'],
    [200, '{"regulate":{"id":7}}', '7'],
  ])('has an id: HTTP %d %s', async (status, body, id) => {
    api().post(`${base}/regulations`).reply(status, body);
    expect(await open().createRegulation(RegulationType.suppressWithDelete, ['u1'])).toEqual({ id });
  });

  test('says nothing of the quota: its headers may be about the request rate', async () => {
    const rate = { 'X-RateLimit-Remaining': '199', 'X-RateLimit-Reset': 'Sun, 01 Feb 2026 00:00:00 +0000' };
    api().post(`${base}/regulations`).reply(200, '{"regulate_id":"r1"}', rate);
    expect(await open().createRegulation(RegulationType.suppressWithDelete, ['u1'])).toEqual({ id: 'r1' });
  });

  test.each([
    [503, upstream, 'VENDOR_ERROR'],
    [500, '{"error":"internal","code":13}', 'VENDOR_ERROR'],
    [501, '{"error":"unimplemented","code":12}', 'NOT_SUPPORTED'],
    [200, '{}', 'VENDOR_ANSWER_UNREADABLE'],
    [200, '<html>', 'VENDOR_ANSWER_UNREADABLE'],
    [301, '', 'REDIRECTED'],
  ])('may exist after HTTP %d %s', async (status, body, code) => {
    api().post(`${base}/regulations`).once().reply(status, body);
    const fault = await faultOf(open().createRegulation(RegulationType.suppressWithDelete, [PERSON]));
    expect(fault).toMatchObject({ code, mayHaveArrived: true });
  });

  test.each([
    [400, 3, 'INPUT_REFUSED'],
    [401, 16, 'UNAUTHENTICATED'],
    [403, 7, 'READ_ONLY_TOKEN'],
    [404, 5, 'WORKSPACE_NOT_FOUND'],
    [409, 6, 'CONFLICT'],
    [429, 8, 'RATE_LIMITED'],
  ])('does not exist after HTTP %d, code %d', async (status, code, expected) => {
    api()
      .post(`${base}/regulations`)
      .once()
      .reply(status, { error: `insufficient scope of ${PERSON}`, code });
    const fault = await faultOf(open().createRegulation(RegulationType.suppressWithDelete, [PERSON]));
    expect(fault).toMatchObject({ code: expected, mayHaveArrived: false });
  });
});

describe('whether the token may make regulations', () => {
  test.each([
    ['granted', 400, { error: 'invalid argument', code: 3 }],
    ['denied', 401, { error: 'unauthenticated', code: 16 }],
    ['denied', 403, { error: 'insufficient scope', code: 7 }],
    ['unverifiable', 404, { error: 'not found', code: 5 }],
    ['unverifiable', 501, { error: 'unimplemented', code: 12 }],
  ])('is %s by HTTP %d', async (outcome, status, body) => {
    api().post(`${base}/regulations`).once().reply(status, body);
    expect(await open().mayRegulate(RegulationType.suppressWithDelete)).toBe(outcome);
  });

  test.each([
    ['RATE_LIMITED', 429, { error: 'resource exhausted', code: 8 }],
    ['VENDOR_ERROR', 503, upstream],
  ])('is not answered by HTTP %2$d, which is told as %1$s', async (code, status, body) => {
    api().post(`${base}/regulations`).once().reply(status, body);
    expect((await faultOf(open().mayRegulate(RegulationType.suppressWithDelete))).code).toBe(code);
  });
});

describe('a regulation by its id', () => {
  const camel = {
    id: 'r1',
    overallStatus: 'PARTIAL_SUCCESS',
    createdAt: '2026-01-10T00:00:00Z',
    streamStatus: [{ id: 's', destinationStatus: [{ name: 'Braze', id: 'b', status: 'FINISHED', errString: '' }] }],
  };
  const snake = {
    id: 'r1',
    parent: 'workspaces/acme',
    overall_status: 'Partial_Success',
    created_at: '2026-01-10T00:00:00Z',
    stream_status: [{ id: 's', destination_status: [{ name: 'Braze', id: 'b', status: 'finished', err_string: '' }] }],
  };
  const told = {
    overallStatus: 'PARTIAL_SUCCESS',
    createdAt: '2026-01-10T00:00:00Z',
    destinations: [{ id: 'b', name: 'Braze', status: 'FINISHED' }],
  };

  test.each([
    ['snake_case, bare', snake],
    ['snake_case, under regulation', { regulation: snake }],
    ['snake_case, under regulate', { regulate: snake }],
    ['camelCase, bare', camel],
    ['camelCase, under regulation', { regulation: camel }],
    ['camelCase, under data and regulation', { data: { regulation: camel } }],
    ['statuses in capitals and small letters', { ...snake, overall_status: 'partialSuccess' }],
    ['statuses in words', { ...snake, overall_status: 'partial success' }],
    ['a plain status', { ...snake, overall_status: undefined, status: 'partial-success' }],
  ])('is read in any spelling: %s', async (_, body) => {
    api().get(`${base}/regulations/r1`).reply(200, body);
    expect(await open().regulation('r1')).toEqual(told);
  });

  test.each([
    ['a number', '17'],
    ['a number beyond 2^53', '12345678901234567890'],
    ['none', 'null'],
  ])('is read whatever its id is: %s', async (_, id) => {
    api().get(`${base}/regulations/17`).reply(200, `{"id":${id},"overall_status":"Running"}`);
    expect(await open().regulation('17')).toEqual({ overallStatus: 'RUNNING', destinations: [] });
  });

  test('is read around what a destination lacks', async () => {
    const destination_status = [{ id: 7 }, { name: 'Vero', id: 2 ** 60 }, {}, null];
    const body = { overall_status: 'Running', stream_status: [null, { destination_status }, { id: 's2' }] };
    api().get(`${base}/regulations/r1`).reply(200, body);
    expect((await open().regulation('r1'))?.destinations).toEqual([
      { id: '7', name: '7', status: 'NOT_GIVEN' },
      { name: 'Vero', status: 'NOT_GIVEN' },
      { name: expect.stringContaining('does not name'), status: 'NOT_GIVEN' },
    ]);
  });

  const unknown = { error: 'not found', code: 5 };

  test('is undefined where Segment knows the workspace and not the regulation', async () => {
    api().get(`${base}/regulations/r1`).reply(404, unknown);
    api().get(base).reply(200, { name: 'workspaces/acme' });
    expect(await open().regulation('r1')).toBeUndefined();
  });

  test.each([
    ['WORKSPACE_NOT_FOUND', 404, unknown],
    ['PERMISSION_MISSING', 403, { error: 'permission denied', code: 7 }],
  ])('is not taken for gone where it is the workspace that is: %s', async (code, status, body) => {
    api().get(`${base}/regulations/r1`).reply(404, unknown);
    api().get(base).reply(status, body);
    expect((await faultOf(open().regulation('r1'))).code).toBe(code);
  });

  test.each([{}, { id: 'r1' }, []])('cannot be read from %j', async (body) => {
    api().get(`${base}/regulations/r1`).times(3).reply(200, JSON.stringify(body));
    expect((await faultOf(open().regulation('r1'))).code).toBe('VENDOR_ANSWER_UNREADABLE');
  });

  test.each([
    [503, upstream, 'VENDOR_ERROR'],
    [401, '{"error":"unauthenticated","code":16}', 'UNAUTHENTICATED'],
    [403, '{"error":"permission denied","code":7}', 'PERMISSION_MISSING'],
  ])('is not taken for gone after HTTP %d', async (status, body, code) => {
    api().get(`${base}/regulations/r1`).times(3).reply(status, body);
    expect((await faultOf(open().regulation('r1'))).code).toBe(code);
  });

  describe('among those that are listed', () => {
    const { suppressWithDelete: type } = RegulationType;
    const listed = async () => (await all(open().listRegulations(type))).flatMap(({ items }) => items);
    const list = (name: string, status: number, body: nock.Body) =>
      api().get(`${base}/${name}`).query(true).reply(status, body);
    const one = {
      regulate_id: 17,
      regulation_type: 'Suppress_With_Delete',
      attributes: { name: 'userId', values: ['u1'] },
      create_time: '2026-01-10T00:00:00Z',
    };
    const read = { id: '17', type, createdAt: '2026-01-10T00:00:00Z', subjectIds: ['u1'] };

    test('has its people, time and type, whatever they are called; other types that delete are left open', async () => {
      const others = ['Delete', 'Delete_Internal', 'Suppress', 'Unsuppress'].map((regulation_type, at) => ({
        ...one,
        regulate_id: at,
        regulation_type,
      }));
      list('regulations', 200, { regulations: [one, ...others, { id: 'bare' }] });
      const { type: _, ...other } = read;
      expect(await listed()).toEqual([read, { ...other, id: '0' }, { ...other, id: '1' }, { id: 'bare' }]);
    });

    test.each([
      [404, { error: 'not found', code: 5 }],
      [501, { error: 'unimplemented', code: 12 }],
    ])('is looked for under the older name where the usual one answers %d', async (status, body) => {
      list('regulations', status, body);
      list('regulation', 200, { regulations: [one] });
      expect(await listed()).toEqual([read]);
    });

    test.each([
      ['is in none where there is no list', 'NOT_FOUND', 200, { name: 'workspaces/acme' }],
      ['is not taken for unlisted where the workspace has another slug', 'WORKSPACE_NOT_FOUND', 404, unknown],
    ])('%s: %s', async (_, code, status, body) => {
      list('regulations', 404, unknown);
      list('regulation', 404, '{"error": not found, "code": 5}');
      api().get(base).reply(status, body);
      expect((await faultOf(listed())).code).toBe(code);
    });
  });

  test('is gone though the body that says so is no valid JSON, as long as its code belongs to the status', async () => {
    api().get(`${base}/regulations/r1`).reply(404, '{"error":"no "such" thing","code":5,}');
    api().get(base).reply(200, { name: 'workspaces/acme' });
    expect(await open().regulation('r1')).toBeUndefined();
    api().get(`${base}/regulations/r1`).reply(404, '<p>"code": 7</p>');
    expect((await faultOf(open().regulation('r1'))).code).toBe('GATEWAY_REFUSED');
  });
});

describe('the inventory', () => {
  const source = (slug: string) => ({
    name: `workspaces/acme/sources/${slug}`,
    parent: 'workspaces/acme',
    catalog_name: 'catalog/sources/javascript',
    write_keys: ['canary-write-key'],
    library_config: { secret: 'canary-config' },
  });
  const setting = (name: string, value: unknown) => ({
    name: `workspaces/acme/config/${name}`,
    display_name: name,
    value,
    type: 'string',
  });
  const destination = {
    name: 'workspaces/acme/sources/web/destinations/google-analytics',
    display_name: '',
    enabled: true,
    connection_mode: 'CLOUD',
    config: [setting('apiKey', 'canary-api-key'), setting('empty', ''), setting('off', false), 'nonsense'],
  };

  test('of sources goes over all pages and leaves write keys behind', async () => {
    api()
      .get(`${base}/sources`)
      .query({ page_size: 100 })
      .reply(200, { sources: [source('web')], next_page_token: 'n' });
    api()
      .get(`${base}/sources`)
      .query({ page_size: 100, page_token: 'n' })
      .reply(200, { sources: [{ ...source('app'), displayName: 'The app' }], nextPageToken: '' });
    const catalog = { slug: 'javascript', name: 'Javascript', categories: [] };
    const found = await all(open().sources());
    expect(found).toEqual([
      { id: 'web', slug: 'web', name: 'web', catalog },
      { id: 'app', slug: 'app', name: 'The app', catalog },
    ]);
    expect(everythingOf(found)).not.toContain('canary');
  });

  test('of destinations goes over all sources, and keeps names of settings only', async () => {
    api()
      .get(`${base}/sources`)
      .query(true)
      .reply(200, { sources: [source('web'), source('gone')], next_page_token: '' });
    api()
      .get(`${base}/sources/web/destinations`)
      .query(true)
      .reply(200, { destinations: [destination], next_page_token: '' });
    api().get(`${base}/sources/gone/destinations`).query(true).reply(404, { error: 'not found', code: 5 });
    const found = await all(open().destinations());
    expect(found).toEqual([
      {
        id: 'web/google-analytics',
        name: 'Google Analytics',
        enabled: true,
        sourceId: 'web',
        catalog: { slug: 'google-analytics', name: 'Google Analytics', categories: [] },
        connectionMode: 'cloud',
        settingsSet: ['apiKey'],
      },
    ]);
    expect(everythingOf(found)).not.toContain('canary');
  });

  test.each([
    ['CLOUD', 'cloud'],
    ['device', 'device'],
    ['UNSPECIFIED', undefined],
    [undefined, undefined],
  ])('reads the connection mode %p as %p', async (mode, expected) => {
    api()
      .get(`${base}/sources`)
      .query(true)
      .reply(200, { sources: [source('web')], next_page_token: '' });
    const one = { ...destination, connection_mode: undefined, connectionMode: mode };
    api()
      .get(`${base}/sources/web/destinations`)
      .query(true)
      .reply(200, { destinations: [one] });
    expect((await all(open().destinations()))[0]?.connectionMode).toBe(expected);
  });

  test('asks for the sources once where they were listed before', async () => {
    api()
      .get(`${base}/sources`)
      .query(true)
      .once()
      .reply(200, { sources: [source('web')], next_page_token: '' });
    api().get(`${base}/sources/web/destinations`).query(true).reply(200, { destinations: [], next_page_token: '' });
    const segment = open();
    await all(segment.sources());
    expect(await all(segment.destinations())).toEqual([]);
  });

  test('is no more than that: this generation has no further lists', () => {
    expect(open().further).toBeUndefined();
  });

  test.each([{ next_page_token: '' }, { sources: null }, { sources: null, next_page_token: '' }])(
    'takes the list of %j for empty',
    async (body) => {
      api().get(`${base}/sources`).query(true).reply(200, body);
      expect(await all(open().sources())).toEqual([]);
    },
  );

  test.each([{}, { sources: 'none' }, { sources: [{}] }, { sources: [], next_page_token: {} }])(
    'cannot be read from %j',
    async (body) => {
      api().get(`${base}/sources`).query(true).times(3).reply(200, body);
      expect((await faultOf(all(open().sources()))).code).toBe('VENDOR_ANSWER_UNREADABLE');
    },
  );

  test('ends in a fault where a page token comes again', async () => {
    api().get(`${base}/sources`).query(true).times(2).reply(200, { sources: [], next_page_token: 'round' });
    expect((await faultOf(all(open().sources()))).code).toBe('VENDOR_ANSWER_UNREADABLE');
  });
});
