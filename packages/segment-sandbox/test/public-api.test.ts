import { describe, expect, test } from '@jest/globals';
import { type Ask, ask, closeAfterEach, DAY, deletion, regulate, sandboxFor } from './run.js';

closeAfterEach();

describe('tokens of the Public API', () => {
  test.each([
    ['a missing token', undefined],
    ['a wrong token', 'nonsense'],
    ['a revoked token', 'sandbox-public-revoked-token'],
    ['an expired token', 'sandbox-public-expired-token'],
    ['a token of the other region', 'sandbox-public-other-region-token'],
    ['a token of a workspace whose plan has no API access', 'sandbox-public-no-plan-token'],
    ['a Config API token', 'sandbox-config-admin-token'],
  ])('%s is answered 401 with an error and no data', async (_name, token) => {
    const sandbox = await sandboxFor();
    const asked: Ask = token === undefined ? {} : { token };
    const { status, json } = await ask(`${sandbox.url}/`, asked);
    expect(status).toBe(401);
    expect(json).toEqual({ errors: [{ type: 'unauthorized', message: expect.any(String) }] });
  });

  test('the workspace is the one the token belongs to', async () => {
    const sandbox = await sandboxFor();
    const slugOf = async (token: string) => (await ask(`${sandbox.url}/`, { token })).json.data.workspace.slug;
    expect(await slugOf(sandbox.tokens.publicOwner)).toBe('acme-demo');
    expect(await slugOf(sandbox.tokens.publicMember)).toBe('acme-demo');
    expect(await slugOf(sandbox.tokens.otherWorkspace)).toBe('globex');
  });

  test('a regulation of one workspace is not there for the token of another', async () => {
    const sandbox = await sandboxFor();
    const id = await regulate(sandbox, 'u1');
    const { status } = await ask(`${sandbox.url}/regulations/${id}`, { token: sandbox.tokens.otherWorkspace });
    expect(status).toBe(404);
  });

  test('in an EU sandbox the token of the other region is the American one', async () => {
    const sandbox = await sandboxFor({ region: 'eu' });
    expect(sandbox.region).toBe('eu');
    expect((await ask(`${sandbox.url}/`, { token: sandbox.tokens.publicOwner })).status).toBe(200);
    expect((await ask(`${sandbox.url}/`, { token: sandbox.tokens.otherRegion })).status).toBe(401);
  });

  test('tokens can be added, expire by the clock, and be revoked while it runs', async () => {
    const sandbox = await sandboxFor();
    const token = 'made-in-a-test';
    sandbox.addToken({
      value: token,
      name: 'made',
      generation: 'public',
      workspace: 'acme-demo',
      access: 'owner',
      expiresAt: sandbox.clock.now() + DAY,
    });
    expect((await ask(`${sandbox.url}/`, { token })).status).toBe(200);
    sandbox.clock.advance(DAY);
    expect((await ask(`${sandbox.url}/`, { token })).status).toBe(401);
    expect(sandbox.revokeToken('publicOwner')).toBe(true);
    expect((await ask(`${sandbox.url}/`, { token: sandbox.tokens.publicOwner })).status).toBe(401);
    expect(sandbox.revokeToken('no such token')).toBe(false);
  });
});

describe('a probe that can change nothing', () => {
  test('an empty list of subjects answers 422 where the token may make regulations and 401 where it may not', async () => {
    const sandbox = await sandboxFor();
    const probe = async (token: string) =>
      (await ask(`${sandbox.url}/regulations`, { token, body: deletion() })).status;
    expect(await probe(sandbox.tokens.publicOwner)).toBe(422);
    expect(await probe(sandbox.tokens.publicMember)).toBe(401);
    expect(sandbox.regulations()).toEqual([]);
  });

  test('a kind of subject that does not exist tells the same, and no reading of the schema can take it', async () => {
    const sandbox = await sandboxFor({ answers: { emptySubjects: 'taken' } });
    const probe = async (token: string) => {
      const body = { ...deletion('nobody'), subjectType: 'CONNECTION_CHECK' };
      const { status, json } = await ask(`${sandbox.url}/regulations`, { token, body });
      return [status, json.errors[0].type];
    };
    expect(await probe(sandbox.tokens.publicOwner)).toEqual([422, 'input-validation']);
    expect(await probe(sandbox.tokens.publicMember)).toEqual([401, 'unauthorized']);
    expect(sandbox.regulations()).toEqual([]);
  });
});

describe('where Segment’s answer is not certain, each can be had', () => {
  test('an empty list of subjects can be taken: it makes a regulation about nobody', async () => {
    const sandbox = await sandboxFor({ answers: { emptySubjects: 'taken' } });
    const { status } = await ask(`${sandbox.url}/regulations`, {
      token: sandbox.tokens.publicOwner,
      body: deletion(),
    });
    expect([status, sandbox.regulations()[0]?.subjectIds]).toEqual([200, []]);
  });

  test('the body can be looked at before the rights: then a bad one says nothing about them', async () => {
    const sandbox = await sandboxFor({ answers: { checkedFirst: 'body' } });
    const post = async (...ids: string[]) =>
      (await ask(`${sandbox.url}/regulations`, { token: sandbox.tokens.publicMember, body: deletion(...ids) })).status;
    expect([await post(), await post('u1')]).toEqual([422, 401]);
    expect(sandbox.regulations()).toEqual([]);
  });

  test('a right or a plan that is missing can be a 403; a token that is not valid stays a 401', async () => {
    const sandbox = await sandboxFor({ answers: { missingRight: 403 } });
    const { publicMember, noPlan, revoked } = sandbox.tokens;
    expect((await ask(`${sandbox.url}/regulations`, { token: publicMember, body: deletion('u1') })).status).toBe(403);
    expect((await ask(`${sandbox.url}/`, { token: noPlan })).status).toBe(403);
    expect((await ask(`${sandbox.url}/`, { token: revoked })).status).toBe(401);
  });
});

describe('functions, reverse ETL and spaces', () => {
  const alpha = { headers: { accept: 'application/vnd.segment.v1alpha+json' } };

  test('functions are listed one type at a time', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const list = async (query: string) => (await ask(`${sandbox.url}/functions${query}`, { token })).json;
    for (const type of ['SOURCE', 'DESTINATION', 'INSERT_DESTINATION'])
      expect((await list(`?resourceType=${type}`)).data.functions).toMatchObject([{ resourceType: type }]);
    for (const type of ['INSERT_SOURCE', 'INSERT_TRANSFORMATION'])
      expect((await list(`?resourceType=${type}`)).data.functions).toEqual([]);
    expect((await list('')).errors[0]).toMatchObject({ type: 'input-validation', field: 'resourceType' });
  });

  test('models lead to a source, profiles warehouses to a warehouse of the workspace', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const [acme] = sandbox.workspaces;
    const list = async (path: string) => (await ask(`${sandbox.url}${path}`, { token, ...alpha })).json.data;
    const { models } = await list('/reverse-etl-models');
    expect(models).toHaveLength(2);
    for (const { sourceId } of models)
      expect(acme?.sources.find(({ id }) => id === sourceId)?.kind.categories).toEqual(['Warehouse']);
    const { spaces } = await list('/spaces');
    expect(spaces).toMatchObject([{ slug: 'customer-360' }]);
    const { profilesWarehouses } = await list(`/spaces/${spaces[0].id}/profiles-warehouses`);
    expect(profilesWarehouses).toMatchObject([{ spaceId: spaces[0].id, metadata: { slug: 'snowflake' } }]);
    expect(acme?.warehouses.map(({ id }) => id)).toContain(profilesWarehouses[0].id);
    expect((await ask(`${sandbox.url}/spaces/nope/audiences`, { token })).status).toBe(404);
  });

  test('what exists in the version alpha only is not there in another that is named, unless asked for', async () => {
    const statusIn = async (sandbox: Awaited<ReturnType<typeof sandboxFor>>, accept: string, path = '/spaces') =>
      (await ask(`${sandbox.url}${path}`, { token: sandbox.tokens.publicOwner, headers: { accept } })).status;
    const sandbox = await sandboxFor();
    expect(await statusIn(sandbox, 'application/vnd.segment.v1alpha+json')).toBe(200);
    expect(await statusIn(sandbox, 'application/vnd.segment.alpha+json')).toBe(200);
    expect(await statusIn(sandbox, 'application/json')).toBe(200);
    expect(await statusIn(sandbox, 'application/vnd.segment.v1+json')).toBe(404);
    expect(await statusIn(sandbox, 'application/vnd.segment.v1+json', '/sources')).toBe(200);
    const lenient = await sandboxFor({ answers: { alphaLists: 'in-any-version' } });
    expect(await statusIn(lenient, 'application/vnd.segment.v1+json')).toBe(200);
  });

  test('a workspace without the feature is refused these lists and no other', async () => {
    const sandbox = await sandboxFor();
    const statuses = await Promise.all(
      ['/functions?resourceType=SOURCE', '/reverse-etl-models', '/spaces', '/sources', '/warehouses'].map(
        async (path) => (await ask(`${sandbox.url}${path}`, { token: sandbox.tokens.otherWorkspace, ...alpha })).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 401, 200, 200]);
  });
});

describe('media types', () => {
  test.each([
    ['application/vnd.segment.v1+json', 'application/vnd.segment.v1+json'],
    ['application/vnd.segment.v1beta+json', 'application/vnd.segment.v1beta+json'],
    ['application/vnd.segment.v1alpha+json', 'application/vnd.segment.v1alpha+json'],
    ['application/json', 'application/json; charset=utf-8'],
    ['application/vnd.segment.v1+json, application/json', 'application/vnd.segment.v1+json'],
    ['*/*', 'application/json; charset=utf-8'],
  ])('a client that accepts %s is answered in %s', async (accept, answered) => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    for (const url of ['/', '/regulations', '/nowhere', '/sources/nope/connected-destinations']) {
      const { headers } = await ask(`${sandbox.url}${url}`, { token, headers: { accept } });
      expect(headers['content-type']).toBe(answered);
    }
  });

  test('a body in Segment’s own media type is taken', async () => {
    const sandbox = await sandboxFor();
    const { status } = await ask(`${sandbox.url}/regulations`, {
      token: sandbox.tokens.publicOwner,
      body: deletion('u1'),
      headers: { 'content-type': 'application/vnd.segment.v1+json' },
    });
    expect(status).toBe(200);
  });
});

describe('queries', () => {
  test.each([
    ['dotted', 'pagination.count=4'],
    ['bracketed', 'pagination[count]=4'],
    ['bracketed and encoded, as the SDK sends it', 'pagination%5Bcount%5D=4'],
  ])('paging is read %s', async (_style, query) => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const first = (await ask(`${sandbox.url}/sources?${query}`, { token })).json.data;
    expect(first.sources).toHaveLength(4);
    expect(first.pagination.totalEntries).toBe(sandbox.workspaces[0]?.sources.length);
    expect(first.pagination.previous).toBeUndefined();
    const cursor = encodeURIComponent(first.pagination.next);
    const style = query.replace('count', 'cursor').replace('=4', `=${cursor}`);
    const second = (await ask(`${sandbox.url}/sources?${query}&${style}`, { token })).json.data;
    expect(second.sources.map(({ slug }: { slug: string }) => slug)).toEqual([
      'android_app',
      'courier_app',
      'backend',
      'backend_staging',
    ]);
    expect(second.pagination.current).toBe(first.pagination.next);
    expect(second.pagination.previous).toBe(first.pagination.current);
  });

  test.each([
    ['regulationTypes[0]=UNSUPPRESS&regulationTypes[1]=DELETE_ONLY'],
    ['regulationTypes.0=UNSUPPRESS&regulationTypes.1=DELETE_ONLY'],
    ['regulationTypes[]=UNSUPPRESS&regulationTypes[]=DELETE_ONLY'],
    ['regulationTypes=UNSUPPRESS&regulationTypes=DELETE_ONLY'],
  ])('arrays are read as %s', async (query) => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    for (const regulationType of ['SUPPRESS_WITH_DELETE', 'UNSUPPRESS', 'DELETE_ONLY'])
      await ask(`${sandbox.url}/regulations`, { token, body: { ...deletion('u1'), regulationType } });
    const { json } = await ask(`${sandbox.url}/regulations?${query}`, { token });
    expect(json.data.regulations.map((entry: { regulationType: string }) => entry.regulationType)).toEqual([
      'DELETE_ONLY',
      'UNSUPPRESS',
    ]);
  });

  test('a filter that names no status or type is refused, naming the field', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const refused = async (query: string) => {
      const { status, json } = await ask(`${sandbox.url}/regulations?${query}`, { token });
      return [status, json.errors[0].field];
    };
    expect(await refused('status=DONE')).toEqual([422, 'status']);
    expect(await refused('regulationTypes[0]=ERASE')).toEqual([422, 'regulationTypes']);
  });

  test('without paging parameters a page holds 200, up to 1,000 may be asked for, and some lists stop at 200', async () => {
    const sandbox = await sandboxFor({
      generate: { sources: 1_200, destinations: 0, warehouses: 0 },
      quota: 'off',
      rateLimit: 'off',
    });
    const token = sandbox.tokens.publicOwner;
    const sizeOf = async (url: string, field: string) =>
      (await ask(`${sandbox.url}${url}`, { token })).json.data[field].length;
    expect(await sizeOf('/sources', 'sources')).toBe(200);
    expect(await sizeOf('/sources?pagination.count=1000', 'sources')).toBe(1_000);
    for (let number = 0; number < 201; number++) await regulate(sandbox, `u${number}`);
    expect(await sizeOf('/regulations?pagination.count=1000', 'regulations')).toBe(200);
    expect((await ask(`${sandbox.url}/sources?pagination.count=1001`, { token })).status).toBe(422);
  });

  test('at the end next is null on some lists and absent on others', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const paginationOf = async (url: string) => (await ask(`${sandbox.url}${url}`, { token })).json.data.pagination;
    expect(await paginationOf('/sources')).toHaveProperty('next', null);
    expect(await paginationOf('/regulations')).not.toHaveProperty('next');
  });

  test('a cursor of one list is refused by another', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const { json } = await ask(`${sandbox.url}/sources?pagination.count=1`, { token });
    const cursor = encodeURIComponent(json.data.pagination.next);
    expect((await ask(`${sandbox.url}/destinations?pagination.cursor=${cursor}`, { token })).status).toBe(422);
  });
});

describe('what a create refuses', () => {
  const good = deletion('u1');

  test.each([
    ['an unknown type', '/regulations', { ...good, regulationType: 'ERASE' }, 'regulationType'],
    [
      'a type of the source scope only',
      '/regulations',
      { ...good, regulationType: 'DELETE_ARCHIVE_ONLY' },
      'regulationType',
    ],
    ['no type', '/regulations', { subjectType: 'USER_ID', subjectIds: ['u1'] }, 'regulationType'],
    ['an unknown subject type', '/regulations', { ...good, subjectType: 'EMAIL' }, 'subjectType'],
    ['anonymous ids for a workspace', '/regulations', { ...good, subjectType: 'ANONYMOUS_ID' }, 'subjectType'],
    ['ids that are no list', '/regulations', { ...good, subjectIds: 'u1' }, 'subjectIds'],
    ['an id that is a number', '/regulations', { ...good, subjectIds: ['u1', 7] }, 'subjectIds[1]'],
    ['an empty id', '/regulations', { ...good, subjectIds: [''] }, 'subjectIds[0]'],
    ['object ids for a source', '/regulations/sources/{shop}', { ...good, subjectType: 'OBJECT_ID' }, 'subjectType'],
    [
      'user ids for a cloud source',
      '/regulations/cloudsources/{stripe}',
      { ...good, collection: 'charges' },
      'subjectType',
    ],
    [
      'no collection for a cloud source',
      '/regulations/cloudsources/{stripe}',
      { ...good, subjectType: 'OBJECT_ID' },
      'collection',
    ],
    [
      'a source that is no cloud source',
      '/regulations/cloudsources/{shop}',
      { ...good, subjectType: 'OBJECT_ID', collection: 'charges' },
      'sourceId',
    ],
  ])('%s: 422 naming the field', async (_name, path, body, field) => {
    const sandbox = await sandboxFor();
    const url = path.replace(/\{(\w+)\}/, (_match, slug: string) => {
      const source = sandbox.workspaces[0]?.sources.find((candidate) => candidate.slug === slug);
      return source?.id ?? '';
    });
    const { status, json } = await ask(`${sandbox.url}${url}`, { token: sandbox.tokens.publicOwner, body });
    expect([status, json.errors[0].type, json.errors[0].field]).toEqual([422, 'input-validation', field]);
    expect(sandbox.regulations()).toEqual([]);
  });

  test.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'multipart/form-data'])(
    'a body of the content type %s: 422',
    async (contentType) => {
      const sandbox = await sandboxFor();
      const { status, json } = await ask(`${sandbox.url}/regulations`, {
        token: sandbox.tokens.publicOwner,
        body: good,
        headers: { 'content-type': contentType ?? '' },
      });
      expect([status, json.errors[0].field]).toEqual([422, 'content-type']);
      expect(sandbox.regulations()).toEqual([]);
    },
  );

  test('anonymous ids go with archive deletions of a source alone, and in some workspaces only', async () => {
    const sandbox = await sandboxFor();
    const post = async (token: string, workspace: number, regulationType: string) => {
      const source = sandbox.workspaces[workspace]?.sources[0]?.id;
      const body = { ...good, subjectType: 'ANONYMOUS_ID', regulationType };
      const { status, json } = await ask(`${sandbox.url}/regulations/sources/${source}`, { token, body });
      return [status, json.errors?.[0].field];
    };
    const { publicOwner, otherWorkspace } = sandbox.tokens;
    for (const type of ['DELETE_ONLY', 'SUPPRESS_WITH_DELETE', 'UNSUPPRESS'])
      expect(await post(publicOwner, 0, type)).toEqual([422, 'subjectType']);
    expect(await post(publicOwner, 0, 'DELETE_ARCHIVE_ONLY')).toEqual([200, undefined]);
    expect(await post(otherWorkspace, 1, 'DELETE_ARCHIVE_ONLY')).toEqual([422, 'subjectType']);
  });

  test('a cloud source takes no archive deletion', async () => {
    const sandbox = await sandboxFor();
    const stripe = sandbox.workspaces[0]?.sources.find(({ slug }) => slug === 'stripe')?.id;
    const body = { ...good, subjectType: 'OBJECT_ID', collection: 'charges', regulationType: 'DELETE_ARCHIVE_ONLY' };
    const { json } = await ask(`${sandbox.url}/regulations/cloudsources/${stripe}`, {
      token: sandbox.tokens.publicOwner,
      body,
    });
    expect(json.errors[0].field).toBe('regulationType');
  });

  test('a source takes anonymous ids and archive deletions', async () => {
    const sandbox = await sandboxFor();
    const source = sandbox.workspaces[0]?.sources[0]?.id;
    const body = { ...good, subjectType: 'ANONYMOUS_ID', regulationType: 'DELETE_ARCHIVE_ONLY' };
    const { status } = await ask(`${sandbox.url}/regulations/sources/${source}`, {
      token: sandbox.tokens.publicOwner,
      body,
    });
    expect(status).toBe(200);
    expect(sandbox.regulations()[0]?.scope).toEqual({ kind: 'source', sourceId: source });
  });

  test('a body that is no JSON object: 422, as there is no 400 among the statuses that are documented', async () => {
    const sandbox = await sandboxFor();
    for (const body of ['{"regulationType":', '[]', 'null', '']) {
      const { status, json } = await ask(`${sandbox.url}/regulations`, {
        method: 'POST',
        token: sandbox.tokens.publicOwner,
        body,
      });
      expect([status, json.errors.length]).toEqual([422, 1]);
    }
  });

  test('5,000 ids are taken and 5,001 are not', async () => {
    const sandbox = await sandboxFor();
    const ids = Array.from({ length: 5_001 }, (_, number) => `user-${number}`);
    const post = async (subjectIds: string[]) =>
      (await ask(`${sandbox.url}/regulations`, { token: sandbox.tokens.publicOwner, body: deletion(...subjectIds) }))
        .status;
    expect(await post(ids)).toBe(422);
    expect(await post(ids.slice(1))).toBe(200);
    expect(sandbox.regulations()[0]?.subjectIds).toEqual(ids.slice(1));
  });

  test('4,000,000 bytes are taken and one more is 413', async () => {
    const sandbox = await sandboxFor();
    const ids = Array.from({ length: 4_000 }, (_, number) => `${number}`.padEnd(990, 'x'));
    const bare = JSON.stringify(deletion(...ids));
    const fitting = bare.padEnd(4_000_000, ' ');
    const post = async (body: string) =>
      (await ask(`${sandbox.url}/regulations`, { token: sandbox.tokens.publicOwner, body })).status;
    expect(Buffer.byteLength(fitting)).toBe(4_000_000);
    expect(await post(fitting)).toBe(200);
    expect(await post(`${fitting} `)).toBe(413);
    expect(sandbox.regulations()).toHaveLength(1);
  });

  test('one bad id refuses all, without saying which', async () => {
    const sandbox = await sandboxFor();
    for (const bad of ['nul\u0000', 'x'.repeat(1_001)]) {
      const { status, json } = await ask(`${sandbox.url}/regulations`, {
        token: sandbox.tokens.publicOwner,
        body: deletion('good-1', bad, 'good-2'),
      });
      expect([status, json.errors]).toEqual([
        422,
        [{ type: 'input-validation', field: 'subjectIds', message: 'subjectIds holds an invalid identifier' }],
      ]);
    }
    expect(sandbox.regulations()).toEqual([]);
    await regulate(sandbox, 'x'.repeat(1_000));
  });

  test('with nameBadIds the place of the bad id is named, and never the id', async () => {
    const sandbox = await sandboxFor({ nameBadIds: true, badId: /^bad-/ });
    const { json, text } = await ask(`${sandbox.url}/regulations`, {
      token: sandbox.tokens.publicOwner,
      body: deletion(...Array.from({ length: 17 }, (_, n) => `good-${n}`), 'bad-person'),
    });
    expect(json.errors[0].field).toBe('subjectIds[17]');
    expect(text).not.toContain('bad-person');
  });

  test('identifiers of every shape come back byte for byte', async () => {
    const sandbox = await sandboxFor();
    const ids = [
      '0007',
      'Ünï+tag@例え.example',
      '👩‍👩‍👧',
      'עברית',
      '"quoted"',
      'a\\b',
      'tab\tline\n',
      ' edge ',
      '\u2028',
      'null',
    ];
    await regulate(sandbox, ...ids);
    const { json } = await ask(`${sandbox.url}/regulations`, { token: sandbox.tokens.publicOwner });
    expect(json.data.regulations[0].subjects).toEqual(ids);
    expect(sandbox.regulations()[0]?.subjectIds).toEqual(ids);
  });

  test('the same request again makes another regulation: there is no idempotency key', async () => {
    const sandbox = await sandboxFor();
    expect(await regulate(sandbox, 'u1')).not.toBe(await regulate(sandbox, 'u1'));
    expect(sandbox.subjectTally()).toEqual({ regulations: 2, identifiers: 1, doubled: 1, most: 2 });
  });
});

describe('lists and suppressions', () => {
  test('regulations are listed newest first, or oldest first where that is asked for', async () => {
    for (const [listOrder, expected] of [
      ['newest-first', ['u2', 'u1', 'u0']],
      ['oldest-first', ['u0', 'u1', 'u2']],
    ] as const) {
      const sandbox = await sandboxFor({ answers: { listOrder } });
      for (const id of ['u0', 'u1', 'u2']) await regulate(sandbox, id);
      const subjects: string[] = [];
      let cursor = '';
      for (let page = 0; page < 3; page++) {
        const { json } = await ask(`${sandbox.url}/regulations?pagination.count=1${cursor}`, {
          token: sandbox.tokens.publicOwner,
        });
        subjects.push(...json.data.regulations[0].subjects);
        cursor = `&pagination.cursor=${encodeURIComponent(json.data.pagination.next ?? '')}`;
      }
      expect(subjects).toEqual(expected);
    }
  });

  test('a suppression lasts until it is lifted; a deletion alone does not suppress', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const suppressed = async () => (await ask(`${sandbox.url}/suppressions`, { token })).json.data.suppressed;
    const post = (regulationType: string, ...ids: string[]) =>
      ask(`${sandbox.url}/regulations`, { token, body: { ...deletion(...ids), regulationType } });
    await post('SUPPRESS_WITH_DELETE', 'u1', 'u2');
    await post('SUPPRESS_ONLY', 'u3');
    await post('DELETE_ONLY', 'u4');
    expect(await suppressed()).toEqual([{ subjectType: 'USER_ID', subjectIds: ['u1', 'u2', 'u3'] }]);
    await post('UNSUPPRESS', 'u2');
    expect(await suppressed()).toEqual([{ subjectType: 'USER_ID', subjectIds: ['u1', 'u3'] }]);
  });

  test('a regulation that was taken back suppresses nobody and is tallied no more', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    const id = await regulate(sandbox, 'u1');
    await ask(`${sandbox.url}/regulations/${id}`, { method: 'DELETE', token });
    expect((await ask(`${sandbox.url}/suppressions`, { token })).json.data.suppressed).toEqual([]);
    expect(sandbox.subjectTally().identifiers).toBe(0);
    expect(sandbox.regulations()[0]?.cancelled).toBe(true);
  });

  test('a path or method that is not there is a 404 in the form of the API', async () => {
    const sandbox = await sandboxFor();
    const token = sandbox.tokens.publicOwner;
    for (const [method, path] of [
      ['GET', '/nope'],
      ['PATCH', '/regulations/x'],
      ['GET', '/sources/%zz/connected-destinations'],
    ] as const) {
      const { status, json } = await ask(`${sandbox.url}${path}`, { method, token });
      expect([status, json.errors[0].type]).toEqual([404, 'not-found']);
    }
  });
});
