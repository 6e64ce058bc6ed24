import { afterEach, describe, expect, test } from '@jest/globals';
import { buildWorkspace, type Sandbox, startSandbox } from 'segment-sandbox';
import { reportOf } from '../../src/try-segment/report.js';
import { transcriptOf } from '../../src/try-segment/transcript.js';
import { type Findings, tryOut } from '../../src/try-segment/try-out.js';
import { type Alter, standBefore } from './middleman.js';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

const CANARY = 'canary';
const tokens = { public: 'canary-public-token', config: 'canary-config-token' };

/** A workspace in which all that somebody chose says so. */
async function canaryWorkspace(): Promise<Sandbox> {
  const workspace = buildWorkspace({
    slug: 'canary-works',
    name: 'Canary Works',
    plan: 'business',
    features: ['functions', 'spaces', 'audiences', 'reverse-etl'],
    sources: [{ slug: 'canary_shop', name: 'Canary Shop', kind: 'javascript', environment: 'canary-env' }],
    destinations: [
      {
        source: 'canary_shop',
        kind: 'iterable',
        name: 'Canary Mail',
        settings: { apiKey: 'canary-key', canaryOption: 'x' },
      },
    ],
    warehouses: [
      { kind: 'snowflake', name: 'Canary Store', sources: ['canary_shop'], settings: { password: 'canary-secret' } },
    ],
    functions: [{ type: 'DESTINATION', name: 'Canary Function', description: 'Canary words' }],
    models: [{ source: 'canary_shop', name: 'Canary Model', query: 'select canary from canaries' }],
    spaces: [
      {
        slug: 'canary-space',
        name: 'Canary Space',
        audiences: ['Canary People'],
        profilesWarehouses: ['Canary Store'],
      },
    ],
  });
  const owner = { workspace: 'canary-works' };
  const sandbox = await startSandbox({
    workspaces: [workspace],
    tokens: [
      { ...owner, value: tokens.public, name: 'one', generation: 'public', access: 'owner' },
      { ...owner, value: tokens.config, name: 'two', generation: 'config', access: 'workspace' },
    ],
    answers: { configList: 'there' },
  });
  running.push(sandbox);
  const body = JSON.stringify({
    regulationType: 'SUPPRESS_WITH_DELETE',
    subjectType: 'USER_ID',
    subjectIds: ['canary@person.example'],
  });
  const headers = { authorization: `Bearer ${tokens.public}`, 'content-type': 'application/json' };
  await fetch(`${sandbox.url}/regulations`, { method: 'POST', headers, body });
  return sandbox;
}

/** What a Segment may send beside what a sandbox does. */
const chatty: Alter = ({ headers, body, status }) => {
  headers['set-cookie'] = 'session=canary';
  headers['x-request-id'] = 'canary-request';
  headers['x-ratelimit-canary'] = 'canary';
  if (typeof body !== 'object') return;
  body.canaries = { 'canary key': 'canary value', canaryOther: [{ canaryInner: 'canary' }] };
  for (const error of body.errors ?? []) error.message = 'canary@person.example is not there';
  if (status >= 400) body.error = 'canary@person.example is not there';
  for (const source of body.data?.sources ?? []) {
    source.labels = [{ key: 'canary-key', value: 'canary-value' }];
    source.settings = {
      name: 'canary',
      canarySetting: 'canary',
      type: 'Canary',
      inner: { name: 'x', canaryDeep: 'canary' },
    };
    source.metadata.slug = 'canary-private-product';
    source.metadata.status = 'canary@person.example';
    source.createdBy = 'canary@person.example';
    source.note = 4_711_042;
  }
};

function everyId(sandbox: Sandbox): string[] {
  const [, , , own] = sandbox.workspaces;
  if (own === undefined) throw new Error('There is no workspace of the test’s own.');
  const things = [
    ...own.sources,
    ...own.destinations,
    ...own.warehouses,
    ...own.functions,
    ...own.models,
    ...own.spaces,
  ];
  return [
    own.id,
    ...things.map(({ id }) => id),
    ...own.spaces.flatMap(({ audiences }) => audiences.map(({ id }) => id)),
    ...sandbox.regulations().map(({ id }) => id),
  ];
}

describe.each(Object.entries(tokens))('a transcript of the %s API', (_generation, apiToken) => {
  test('and the report hold no id, name, token, key or person, whatever Segment sends', async () => {
    const sandbox = await canaryWorkspace();
    const middleman = await standBefore(sandbox, chatty);
    running.push(middleman);
    const findings = await tryOut({
      account: { apiToken, workspaceName: 'canary-works' },
      upstream: { publicApi: middleman.url, configApi: `${middleman.url}/v1beta` },
      paceMs: 0,
      user: { userId: 'canary-synthetic-user' },
    });
    const shown = `${JSON.stringify(findings)}${reportOf(findings)}`;
    expect(shown.toLowerCase().replaceAll('x-ratelimit-canary', '').split(CANARY)).toHaveLength(1);
    for (const id of everyId(sandbox)) expect(shown).not.toContain(id);
    for (const secret of sandbox.secrets()) expect(shown).not.toContain(secret);
    expect(shown).not.toContain('4711042');
    expect(shown).not.toContain('person.example');
    expect(findings.transcript.length).toBeGreaterThan(5);
    expect(sandbox.regulations().at(-1)?.subjectIds).toEqual(['canary-synthetic-user']);
  });
});

describe('a transcript', () => {
  const tried = async (answers: Parameters<typeof startSandbox>[0] = {}): Promise<Findings> => {
    const sandbox = await startSandbox(answers);
    running.push(sandbox);
    const upstream = { publicApi: sandbox.url, configApi: sandbox.configApiUrl };
    return tryOut({
      account: { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo' },
      upstream,
      paceMs: 0,
    });
  };

  test('keeps what is Segment’s own: products, statuses, types, forms of dates', async () => {
    const { transcript, differences } = await tried();
    const text = JSON.stringify(transcript);
    for (const word of [
      '"javascript"',
      '"PUBLIC"',
      '"BROWSER"',
      '"input-validation"',
      'an RFC 5322 date',
      '"Analytics"',
    ])
      expect(text).toContain(word);
    expect(differences).toEqual([]);
  });

  test('has one stand-in for one value, in bodies and wherever else it is', () => {
    const exchange = { method: 'GET', query: [], requestHeaders: {}, requestBody: undefined, status: 200, headers: {} };
    const words = { fields: new Set(['id', 'name']), catalogue: new Set<string>() };
    const [one, two] = transcriptOf(
      [
        { ...exchange, path: '/sources/A1/connected-destinations', body: { id: 'A1', name: 'Shop' } },
        { ...exchange, path: '/', body: { id: 'Shop', name: 'Other' } },
      ],
      words,
    );
    expect(one).toMatchObject({
      route: 'GET /sources/{id}/connected-destinations',
      answer: { id: 'id-1', name: 'name-1' },
    });
    expect(two?.answer).toEqual({ id: 'name-1', name: 'name-2' });
  });

  test('a field that only Segment has, another type and another status are told as differences', async () => {
    const sandbox = await startSandbox();
    running.push(sandbox);
    const middleman = await standBefore(sandbox, ({ route, body }) => {
      if (route === 'GET /warehouses')
        for (const one of body.data.warehouses) Object.assign(one, { tier: 'gold', enabled: 'yes' });
      if (route === 'GET /sources') for (const one of body.data.sources) Reflect.deleteProperty(one, 'labels');
    });
    running.push(middleman);
    const { differences } = await tryOut({
      account: { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo' },
      upstream: { publicApi: middleman.url, configApi: `${middleman.url}/v1beta` },
      paceMs: 0,
    });
    expect(differences.map(({ route, says }) => `${route}: ${says}`)).toEqual(
      expect.arrayContaining([
        'GET /warehouses: only Segment has data.warehouses[].tier',
        'GET /warehouses: data.warehouses[].enabled is string at Segment, boolean in the sandbox',
        'GET /sources: only the sandbox has data.sources[].labels',
      ]),
    );
  });

  test('a try-out that only reads changes nothing', async () => {
    const sandbox = await startSandbox();
    running.push(sandbox);
    const upstream = { publicApi: sandbox.url, configApi: sandbox.configApiUrl };
    const account = { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo' };
    await tryOut({ account, upstream, paceMs: 0 });
    expect(sandbox.regulations()).toEqual([]);
  });
});
