import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { openSegment } from '../../src/segment/connect.js';
import { discoverGeneration } from '../../src/segment/discover.js';
import { RegulationType, type Segment } from '../../src/segment/segment.js';
import { expectGolden, recordWire } from './golden.js';
import { all, type ContextOptions, faultOf, recordedContext, useLoopback } from './harness.js';

useLoopback();

const catalog = { id: 'm', slug: 'javascript', name: 'Javascript', categories: [], logos: {} };
const last = { current: 'MQ==' };

/** Ids as people have them: leading zeros, plus tags, other scripts, quotes. */
const ids = ['007', 'ann+tag@example.com', 'Zoë "Ω" 王 🙂', 'a/b\\c\u0000d'];

type Answers = readonly (readonly [number, unknown])[];
type Case = readonly [name: string, call: (segment: Segment) => Promise<unknown>, answers: Answers];

const publicCases: Case[] = [
  ['workspace', (s) => s.workspace(), [[200, { data: { workspace: { id: 'w', slug: 'acme', name: 'Acme' } } }]]],
  [
    'may-regulate',
    (s) => s.mayRegulate(RegulationType.suppressWithDelete),
    [[422, { errors: [{ type: 'input-validation' }] }]],
  ],
  [
    'create-regulation',
    (s) => s.createRegulation(RegulationType.suppressWithDelete, ids),
    [[200, { data: { regulateId: 'r1' } }]],
  ],
  [
    'create-regulation-internal',
    (s) => s.createRegulation(RegulationType.deleteInternal, ['u1']),
    [[200, { data: { regulateId: 'r1' } }]],
  ],
  [
    'regulation',
    (s) => s.regulation('reg/1'),
    [[200, { data: { regulation: { id: 'reg/1', overallStatus: 'RUNNING', streamStatus: [] } } }]],
  ],
  [
    'list-regulations',
    (s) => regulationsOf(s, RegulationType.deleteOnly),
    [
      [200, { data: { regulations: [], pagination: { ...last, next: 'Mw==' } } }],
      [200, { data: { regulations: [], pagination: last } }],
    ],
  ],
  [
    'sources',
    (s) => all(s.sources()),
    [
      [200, { data: { sources: [], pagination: { ...last, next: 'a+b/c==' } } }],
      [200, { data: { sources: [], pagination: { ...last, next: null } } }],
    ],
  ],
  ['destinations', (s) => all(s.destinations()), [[200, { data: { destinations: [], pagination: last } }]]],
  [
    'further-lists',
    async ({ further }) => {
      if (!further) throw new Error('There are no further lists.');
      for (const { id } of await all(further.warehouses())) await all(further.feeding(id));
      await all(further.functions('INSERT_SOURCE'));
      await all(further.reverseEtlModels());
      for (const { id } of await all(further.spaces())) {
        await all(further.profilesWarehouses(id));
        await all(further.audiences(id));
      }
      await further.isDestination('d1');
    },
    [
      [200, { data: { warehouses: [{ id: 'w1', metadata: catalog, enabled: true }], pagination: last } }],
      [200, { data: { sources: [{ id: 's1' }], pagination: last } }],
      [200, { data: { functions: [{ id: 'f1' }], pagination: last } }],
      [200, { data: { models: [{ id: 'm1' }], pagination: last } }],
      [200, { data: { spaces: [{ id: 'spa1' }], pagination: last } }],
      [200, { data: { profilesWarehouses: [{ id: 'w2' }] } }],
      [200, { data: { audiences: [{ id: 'aud1' }], pagination: last } }],
      [404, { errors: [{ type: 'not-found' }] }],
    ],
  ],
];

const configCases: Case[] = [
  ['workspace', (s) => s.workspace(), [[200, { name: 'workspaces/acme', display_name: 'Acme' }]]],
  ['may-regulate', (s) => s.mayRegulate(RegulationType.suppressWithDelete), [[400, { error: 'invalid', code: 3 }]]],
  [
    'create-regulation',
    (s) => s.createRegulation(RegulationType.suppressWithDelete, ids),
    [[201, { regulate_id: 'r1' }]],
  ],
  [
    'create-regulation-internal',
    (s) => s.createRegulation(RegulationType.deleteInternal, ['u1']),
    [[200, { regulate_id: 17 }]],
  ],
  ['regulation', (s) => s.regulation('17'), [[200, { id: '17', overall_status: 'Running' }]]],
  [
    'sources',
    (s) => all(s.sources()),
    [
      [200, { sources: [], next_page_token: 'a+b/c==' }],
      [200, { sources: [], next_page_token: '' }],
    ],
  ],
  [
    'destinations',
    (s) => all(s.destinations()),
    [
      [200, { sources: [{ name: 'workspaces/acme/sources/js' }], next_page_token: '' }],
      [200, { destinations: [], next_page_token: 'n' }],
      [200, { destinations: [], next_page_token: '' }],
    ],
  ],
  [
    'list-regulations',
    (s) => regulationsOf(s, RegulationType.deleteOnly),
    [
      [404, { error: 'no', code: 5 }],
      [200, { regulations: [], next_page_token: '' }],
    ],
  ],
  [
    'create-regulation-delete',
    (s) => s.createRegulation(RegulationType.deleteOnly, ['u1']),
    [[200, { regulate_id: 17 }]],
  ],
];

function regulationsOf(segment: Segment, type: RegulationType): Promise<unknown[]> {
  return all(segment.listRegulations(type));
}

describe.each([
  ['public', publicCases],
  ['config', configCases],
] as const)('on the wire of the %s API', (api, cases) => {
  test.each(cases)('%s is what the golden says', async (name, call, answers) => {
    const wire = recordWire(answers);
    await call(openSegment(recordedContext({ config: { api } }).ctx));
    expect(wire).toHaveLength(answers.length);
    expectGolden(`${api}-api.${name}`, wire);
  });
});

const denied = [401, { errors: [{ type: 'unauthorized' }] }] as const;

describe('on the wire of a discovery', () => {
  test.each<[string, ContextOptions, Answers]>([
    ['a-wrong-token', {}, [denied, [401, { error: 'no', code: 16 }], denied]],
    ['a-wrong-token-eu', { config: { region: 'eu' } }, [denied, [401, { error: 'no', code: 16 }], denied]],
    ['a-workspace-by-name', { config: { api: 'config', workspaceName: 'Acme Inc.' } }, [[200, { workspaces: [] }]]],
    [
      'another-workspace',
      { config: { api: 'config' } },
      [
        [404, { error: 'no', code: 5 }],
        [200, { workspaces: [{ name: 'workspaces/other' }], next_page_token: '' }],
      ],
    ],
  ])('%s is what the golden says', async (name, options, answers) => {
    const wire = recordWire(answers);
    await faultOf(discoverGeneration(recordedContext(options).ctx));
    expect(wire).toHaveLength(answers.length);
    expectGolden(`discovery.${name}`, wire);
  });
});

test('a request that differs from its golden fails, and so does one without a golden', () => {
  const { UPDATE_GOLDENS: _switch, ...env } = process.env;
  process.env = env;
  expect(() => expectGolden('public-api.workspace', [])).toThrow();
  expect(() => expectGolden('public-api.no-such-golden', [])).toThrow('UPDATE_GOLDENS=1');
});

test('every golden belongs to a call', () => {
  const named = [
    ...publicCases.map(([name]) => `public-api.${name}.json`),
    ...configCases.map(([name]) => `config-api.${name}.json`),
  ];
  const found = readdirSync(new URL('../goldens', import.meta.url)).filter((file) =>
    /^(public|config)-api\./.test(file),
  );
  expect(found.sort()).toEqual(named.sort());
});
