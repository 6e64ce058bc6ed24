import { describe, expect, test } from '@jest/globals';
import type { AnswerStyle, Sandbox } from '../src/index.js';
import { ask, closeAfterEach, configDeletion, DAY, sandboxFor } from './run.js';

closeAfterEach();

function admin(sandbox: Sandbox, path: string, body?: unknown) {
  const token = sandbox.tokens.configAdmin;
  return ask(`${sandbox.configApiUrl}${path}`, body === undefined ? { token } : { token, body });
}

describe('tokens and scopes of the Config API', () => {
  test.each([
    ['a missing token', undefined],
    ['a wrong token', 'nonsense'],
    ['a revoked token', 'sandbox-config-revoked-token'],
    ['a Public API token', 'sandbox-public-owner-token'],
  ])('%s: 401 with code 16', async (_name, token) => {
    const sandbox = await sandboxFor();
    const { status, json } = await ask(`${sandbox.configApiUrl}/workspaces`, token === undefined ? {} : { token });
    expect([status, json]).toEqual([401, { error: expect.any(String), code: 16 }]);
  });

  test('another workspace: 403 with code 7 where it exists, 404 with code 5 where it does not', async () => {
    const sandbox = await sandboxFor();
    for (const path of ['', '/sources', '/regulations/1']) {
      const other = await admin(sandbox, `/workspaces/globex${path}`);
      expect([other.status, other.json.code]).toEqual([403, 7]);
      const none = await admin(sandbox, `/workspaces/nowhere${path}`);
      expect([none.status, none.json.code]).toEqual([404, 5]);
    }
  });

  test('scope workspace:read reads, and has insufficient scope for regulations', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.configRead;
    const url = `${sandbox.configApiUrl}/workspaces/acme-demo`;
    expect((await ask(url, { token })).status).toBe(200);
    expect((await ask(`${url}/sources`, { token })).status).toBe(200);
    const refused = { error: 'insufficient scope', code: 7 };
    expect(await ask(`${url}/regulations`, { token, body: configDeletion('u1') })).toMatchObject({
      status: 403,
      json: refused,
    });
    expect(await ask(`${url}/regulations/1`, { token })).toMatchObject({ status: 403, json: refused });
    expect(sandbox.regulations()).toEqual([]);
  });

  test('empty values answer 400/3 where the token may make regulations and 403/7 where it may not', async () => {
    const sandbox = await sandboxFor();
    const probe = async (token: string) => {
      const { status, json } = await ask(`${sandbox.configApiUrl}/workspaces/acme-demo/regulations`, {
        token,
        body: configDeletion(),
      });
      return [status, json.code];
    };
    expect(await probe(sandbox.tokens.configAdmin)).toEqual([400, 3]);
    expect(await probe(sandbox.tokens.configRead)).toEqual([403, 7]);
    expect(sandbox.regulations()).toEqual([]);
  });
});

describe('workspaces, sources and destinations of the Config API', () => {
  test('a workspace is named by its slug, and the list holds the token’s own', async () => {
    const sandbox = await sandboxFor();
    const acme = {
      name: 'workspaces/acme-demo',
      display_name: 'Acme Demo',
      id: sandbox.workspaces[0]?.id,
      create_time: expect.any(String),
    };
    expect((await admin(sandbox, '/workspaces/acme-demo')).json).toEqual(acme);
    expect((await admin(sandbox, '/workspaces')).json).toEqual({ workspaces: [acme], next_page_token: '' });
    const other = await ask(`${sandbox.configApiUrl}/workspaces`, { token: sandbox.tokens.configOtherWorkspace });
    expect(other.json.workspaces.map(({ name }: { name: string }) => name)).toEqual(['workspaces/globex']);
  });

  test('sources come in pages of 10 unless page_size says otherwise, with an empty next_page_token at the end', async () => {
    const sandbox = await sandboxFor();
    const slugs = async (query: string) => {
      const names: string[] = [];
      let token = '';
      let pages = 0;
      do {
        const { json } = await admin(
          sandbox,
          `/workspaces/acme-demo/sources?${query}&page_token=${encodeURIComponent(token)}`,
        );
        names.push(...json.sources.map(({ name }: { name: string }) => name));
        token = json.next_page_token;
        pages += 1;
      } while (token !== '');
      return { names, pages };
    };
    const expected = sandbox.workspaces[0]?.sources.map(({ slug }) => `workspaces/acme-demo/sources/${slug}`);
    expect(await slugs('')).toEqual({ names: expected, pages: 2 });
    expect(await slugs('page_size=4')).toEqual({ names: expected, pages: 5 });
    expect(await slugs('page_size=5000')).toEqual({ names: expected, pages: 1 });
  });

  test('a page holds no more than 100, however many are asked for', async () => {
    const sandbox = await sandboxFor({ generate: { sources: 150, destinations: 0, warehouses: 0 } });
    const { json } = await admin(sandbox, '/workspaces/acme-demo/sources?page_size=1000');
    expect(json.sources).toHaveLength(100);
    expect(json.next_page_token).not.toBe('');
  });

  test('a source has the fields of the Config API, in snake_case', async () => {
    const sandbox = await sandboxFor();
    const { json } = await admin(sandbox, '/workspaces/acme-demo/sources');
    expect(json.sources[0]).toEqual({
      name: 'workspaces/acme-demo/sources/acme_com',
      parent: 'workspaces/acme-demo',
      catalog_name: 'catalog/sources/javascript',
      write_keys: [expect.stringContaining('sandbox-secret-')],
      library_config: expect.any(Object),
      create_time: expect.any(String),
    });
  });

  test('destinations are those of the source, with connection mode and config', async () => {
    const sandbox = await sandboxFor();
    const { json } = await admin(sandbox, '/workspaces/acme-demo/sources/ios_app/destinations?page_size=50');
    expect(json.next_page_token).toBe('');
    expect(json.destinations.map((entry: { connection_mode: string }) => entry.connection_mode)).toEqual([
      'CLOUD',
      'DEVICE',
    ]);
    expect(json.destinations[0]).toEqual({
      name: 'workspaces/acme-demo/sources/ios_app/destinations/amplitude',
      parent: 'workspaces/acme-demo/sources/ios_app',
      display_name: 'Amplitude iOS',
      enabled: true,
      connection_mode: 'CLOUD',
      config: [
        {
          name: 'workspaces/acme-demo/sources/ios_app/destinations/amplitude/config/apiKey',
          display_name: 'API Key',
          value: expect.stringContaining('sandbox-secret-'),
          type: 'string',
        },
      ],
      create_time: expect.any(String),
      update_time: expect.any(String),
    });
    expect((await admin(sandbox, '/workspaces/acme-demo/sources/nope/destinations')).json.code).toBe(5);
  });

  test.each(['page_size=-1', 'page_size=many', 'page_token=made-up'])('%s: 400 with code 3', async (query) => {
    const sandbox = await sandboxFor();
    const { status, json } = await admin(sandbox, `/workspaces/acme-demo/sources?${query}`);
    expect([status, json.code]).toEqual([400, 3]);
  });
});

describe('regulations of the Config API', () => {
  const path = '/workspaces/acme-demo/regulations';

  test('a regulation made here is the same in the Public API', async () => {
    const sandbox = await sandboxFor();
    const made = await admin(sandbox, path, configDeletion('u1', 'a@b.example'));
    expect([made.status, Object.keys(made.json)]).toEqual([200, ['regulate_id']]);
    const { json } = await ask(`${sandbox.url}/regulations`, { token: sandbox.tokens.publicOwner });
    expect(json.data.regulations[0]).toMatchObject({
      id: made.json.regulate_id,
      subjectType: 'USER_ID',
      subjects: ['u1', 'a@b.example'],
      regulationType: 'SUPPRESS_WITH_DELETE',
    });
    expect(sandbox.regulations()[0]).toMatchObject({ via: 'config', workspace: 'acme-demo' });
  });

  test.each([
    ['Suppress_With_Delete', 'SUPPRESS_WITH_DELETE'],
    ['Delete', 'DELETE_ONLY'],
    ['Suppress', 'SUPPRESS_ONLY'],
    ['Unsuppress', 'UNSUPPRESS'],
    ['Delete_Internal', 'DELETE_INTERNAL'],
  ])('%s is a type that was published', async (regulation_type, regulationType) => {
    const sandbox = await sandboxFor();
    expect((await admin(sandbox, path, { ...configDeletion('u1'), regulation_type })).status).toBe(200);
    expect(sandbox.regulations()[0]?.regulationType).toBe(regulationType);
  });

  test.each([
    'Delete_Only',
    'Suppress_Only',
    'Suppress_With_Delete_Internal',
    'Delete_Archive_Only',
    'Suppress_Internal',
  ])('%s is none that was published: 400 with code 3', async (regulation_type) => {
    const sandbox = await sandboxFor();
    const { status, json } = await admin(sandbox, path, { ...configDeletion('u1'), regulation_type });
    expect([status, json.code]).toEqual([400, 3]);
    expect(sandbox.regulations()).toEqual([]);
  });

  test.each([
    ['the casing of the other generation', { ...configDeletion('u1'), regulation_type: 'SUPPRESS_WITH_DELETE' }],
    ['no type', { attributes: { name: 'userId', values: ['u1'] } }],
    ['no attributes', { regulation_type: 'Suppress_With_Delete' }],
    [
      'attributes of another name',
      { regulation_type: 'Suppress_With_Delete', attributes: { name: 'email', values: ['u1'] } },
    ],
    ['more than 5,000 values', configDeletion(...Array.from({ length: 5_001 }, (_, number) => `u${number}`))],
    ['a bad value', configDeletion('u1', 'nul\u0000')],
    ['no JSON', '{"regulation_type"'],
  ])('%s: 400 with code 3', async (_name, body) => {
    const sandbox = await sandboxFor();
    const { status, json } = await admin(sandbox, path, body);
    expect([status, json.code]).toEqual([400, 3]);
    expect(sandbox.regulations()).toEqual([]);
  });

  test.each<[string, Partial<AnswerStyle>, (body: Record<string, unknown>) => unknown, string]>([
    ['snake_case', {}, (body) => body['overall_status'], 'PARTIAL_SUCCESS'],
    ['camelCase', { fields: 'camelCase' }, (body) => body['overallStatus'], 'PARTIAL_SUCCESS'],
    [
      'under regulation',
      { wrapped: true },
      (body) => (body['regulation'] as Record<string, unknown>)['overall_status'],
      'PARTIAL_SUCCESS',
    ],
    [
      'camelCase under regulation',
      { wrapped: true, fields: 'camelCase' },
      (body) => (body['regulation'] as Record<string, unknown>)['overallStatus'],
      'PARTIAL_SUCCESS',
    ],
    ['with title-case statuses', { statuses: 'Title' }, (body) => body['overall_status'], 'Partial_Success'],
    ['with lower-case statuses', { statuses: 'lower' }, (body) => body['overall_status'], 'partial_success'],
  ])('a regulation can be read back in %s', async (_name, answers, statusIn, expected) => {
    const sandbox = await sandboxFor({
      answers,
      outcomes: [{ outcome: 'partial-success' }],
      speed: Number.POSITIVE_INFINITY,
    });
    const made = await admin(sandbox, path, configDeletion('u1'));
    const { status, json } = await admin(sandbox, `${path}/${made.json.regulate_id}`);
    expect([status, statusIn(json)]).toEqual([200, expected]);
  });

  test('a regulation has parent in place of the workspace id, and streams', async () => {
    const sandbox = await sandboxFor({ speed: Number.POSITIVE_INFINITY });
    const { json: made } = await admin(sandbox, path, configDeletion('u1'));
    const { json } = await admin(sandbox, `${path}/${made.regulate_id}`);
    expect(json).toMatchObject({ id: made.regulate_id, parent: 'workspaces/acme-demo', overall_status: 'FINISHED' });
    expect(json.stream_status[0].destination_status[0]).toEqual({
      name: 'Segment',
      id: 'segment',
      status: 'FINISHED',
      err_string: '',
      finished_at: expect.any(String),
    });
  });

  test('the id can be a number and the create a 201', async () => {
    const sandbox = await sandboxFor({ answers: { regulateIdAs: 'number', createStatus: 201 } });
    const made = await admin(sandbox, path, configDeletion('u1'));
    expect([made.status, typeof made.json.regulate_id]).toEqual([201, 'number']);
    const { json } = await admin(sandbox, `${path}/${made.json.regulate_id}`);
    expect(json.id).toBe(made.json.regulate_id);
  });

  test('a regulation that never was, or is older than 90 days: 404 with code 5', async () => {
    const sandbox = await sandboxFor();
    const { json: made } = await admin(sandbox, path, configDeletion('u1'));
    expect((await admin(sandbox, `${path}/${made.regulate_id}`)).status).toBe(200);
    sandbox.clock.advance(91 * DAY);
    for (const id of [made.regulate_id, 'nope', '1']) {
      const { status, json } = await admin(sandbox, `${path}/${id}`);
      expect([status, json.code]).toEqual([404, 5]);
    }
  });

  test.each([
    ['unimplemented', 501, 12],
    ['not-found', 404, 5],
  ] as const)('the list can be %s: %i with code %i, under either name', async (configList, status, code) => {
    const sandbox = await sandboxFor({ answers: { configList } });
    for (const name of [path, path.slice(0, -1)]) {
      const list = await admin(sandbox, name);
      expect([list.status, list.json.code]).toEqual([status, code]);
    }
  });

  test('the list can be there: pages of it, newest first, with the subjects, for the full scope only', async () => {
    const sandbox = await sandboxFor({ answers: { configList: 'there' } });
    for (const id of ['u1', 'u2', 'u3']) await admin(sandbox, path, configDeletion(id));
    await admin(sandbox, path, { ...configDeletion('u4'), regulation_type: 'Delete' });
    const first = (await admin(sandbox, `${path}?page_size=2`)).json;
    expect(first.regulations).toMatchObject([
      { regulation_type: 'Delete', subjects: ['u4'], status: 'INITIALIZED' },
      { regulation_type: 'Suppress_With_Delete', subjects: ['u3'], created_at: expect.any(String) },
    ]);
    const next = encodeURIComponent(first.next_page_token);
    const second = (await admin(sandbox, `${path}?page_size=2&page_token=${next}`)).json;
    expect(second.regulations.map(({ subjects }: { subjects: string[] }) => subjects)).toEqual([['u2'], ['u1']]);
    expect(second.next_page_token).toBe('');
    const token = sandbox.tokens.configRead;
    expect((await ask(`${sandbox.configApiUrl}${path}`, { token })).status).toBe(403);
  });

  test('there is no delete: 501 with code 12', async () => {
    const sandbox = await sandboxFor();
    const remove = await ask(`${sandbox.configApiUrl}${path}/1`, {
      method: 'DELETE',
      token: sandbox.tokens.configAdmin,
    });
    expect([remove.status, remove.json.code]).toEqual([501, 12]);
  });
});

describe('limits and errors of the Config API', () => {
  test('more than 200 requests a minute: 429 with code 8, until the minute is over', async () => {
    const sandbox = await sandboxFor({ rateLimit: { config: 2 } });
    const get = async () => (await admin(sandbox, '/workspaces/acme-demo')).status;
    expect([await get(), await get(), await get()]).toEqual([200, 200, 429]);
    expect((await admin(sandbox, '/workspaces')).json).toEqual({ error: expect.any(String), code: 8 });
    sandbox.clock.advance(60_000);
    expect(await get()).toBe(200);
  });

  test('the monthly quota is that of the workspace: 429 with code 8', async () => {
    const sandbox = await sandboxFor({ quota: 3 });
    expect((await admin(sandbox, '/workspaces/acme-demo/regulations', configDeletion('u1', 'u2'))).status).toBe(200);
    const { status, json } = await admin(sandbox, '/workspaces/acme-demo/regulations', configDeletion('u3', 'u4'));
    expect([status, json.code]).toEqual([429, 8]);
  });

  test('error bodies can be no JSON, with the code to be read all the same', async () => {
    const sandbox = await sandboxFor({ answers: { errorBodies: 'broken' } });
    const { status, text, json } = await admin(sandbox, '/workspaces/nowhere');
    expect([status, json]).toEqual([404, undefined]);
    expect(text).toMatch(/"code":5\b/);
  });

  test('the body can be looked at before the scope', async () => {
    const sandbox = await sandboxFor({ answers: { checkedFirst: 'body' } });
    const token = sandbox.tokens.configRead;
    const post = async (...values: string[]) =>
      (
        await ask(`${sandbox.configApiUrl}/workspaces/acme-demo/regulations`, {
          token,
          body: configDeletion(...values),
        })
      ).status;
    expect([await post(), await post('u1')]).toEqual([400, 403]);
  });

  test('a body over 4 MB: 413', async () => {
    const sandbox = await sandboxFor();
    const body = JSON.stringify(configDeletion('u1')).padEnd(4_000_001, ' ');
    expect((await admin(sandbox, '/workspaces/acme-demo/regulations', body)).status).toBe(413);
  });

  test.each(['', '/', '/nope', '/workspace', '/workspaces/acme-demo/regulations/1/subjects'])(
    'a wrong URL (%s): 503 in plain text',
    async (path) => {
      const sandbox = await sandboxFor();
      const { status, headers, text } = await admin(sandbox, path);
      expect([status, headers['content-type'], text]).toEqual([
        503,
        'text/plain',
        'upstream connect error or disconnect/reset before headers',
      ]);
    },
  );

  test.each([
    [400, 3],
    [401, 16],
    [403, 7],
    [404, 5],
    [409, 6],
    [429, 8],
    [500, 13],
    [501, 12],
    [503, 14],
  ])('%i on demand comes with code %i', async (status, code) => {
    const sandbox = await sandboxFor({ faults: [{ on: 'GET /v1beta/workspaces', kind: 'status', status }] });
    const { json, ...answer } = await admin(sandbox, '/workspaces');
    expect([answer.status, json]).toEqual([status, { error: expect.any(String), code }]);
  });
});
