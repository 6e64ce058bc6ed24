import { describe, expect, test } from '@jest/globals';
import {
  CreateCloudSourceRegulationV1Input,
  CreateSourceRegulationV1Input,
  CreateWorkspaceRegulationV1Input,
} from '@segment/public-api-sdk-typescript';
import type { OutcomeRule, Sandbox } from '../src/index.js';
import { ask, closeAfterEach, HOUR, sandboxFor } from './run.js';
import { allPages, failure, type Sdk, sdkOf, wireBody } from './sdk.js';
import { disagreements, newest, npms } from './sdk-models.js';

closeAfterEach();

const { RegulationTypeEnum: Type, SubjectTypeEnum: Subject } = CreateWorkspaceRegulationV1Input;
const page = { count: 10 };

function workspaceDeletion(...subjectIds: string[]): CreateWorkspaceRegulationV1Input {
  return { regulationType: Type.SUPPRESS_WITH_DELETE, subjectType: Subject.USER_ID, subjectIds };
}

function sourceDeletion(...subjectIds: string[]): CreateSourceRegulationV1Input {
  return {
    regulationType: CreateSourceRegulationV1Input.RegulationTypeEnum.DELETE_ONLY,
    subjectType: CreateSourceRegulationV1Input.SubjectTypeEnum.USER_ID,
    subjectIds,
  };
}

function cloudDeletion(...subjectIds: string[]): CreateCloudSourceRegulationV1Input {
  return {
    regulationType: CreateCloudSourceRegulationV1Input.RegulationTypeEnum.DELETE_INTERNAL,
    subjectType: CreateCloudSourceRegulationV1Input.SubjectTypeEnum.OBJECT_ID,
    subjectIds,
    collection: 'charges',
  };
}

function idsIn(sandbox: Sandbox): { source: string; stripe: string; warehouse: string; space: string } {
  const [acme] = sandbox.workspaces;
  const source = acme?.sources[0]?.id ?? '';
  const stripe = acme?.sources.find(({ slug }) => slug === 'stripe')?.id ?? '';
  return { source, stripe, warehouse: acme?.warehouses[0]?.id ?? '', space: acme?.spaces[0]?.id ?? '' };
}

/** Every call that SDK and sandbox share: how it is made, and which model its answer must fit. */
type SharedCall = readonly [
  name: string,
  model: string,
  call: (sdk: Sdk, ids: ReturnType<typeof idsIn>) => Promise<never>,
];

function shared(
  name: string,
  model: string,
  call: (sdk: Sdk, ids: ReturnType<typeof idsIn>) => Promise<unknown>,
): SharedCall {
  return [name, model, call as SharedCall[2]];
}

const READS: readonly SharedCall[] = [
  shared('getWorkspace', 'GetWorkspace200Response', (sdk) => sdk.workspaces.getWorkspace()),
  shared('listSources', 'ListSources200Response', (sdk) => sdk.sources.listSources(page)),
  shared('listDestinations', 'ListDestinations200Response', (sdk) => sdk.destinations.listDestinations(page)),
  shared('listWarehouses', 'ListWarehouses200Response', (sdk) => sdk.warehouses.listWarehouses(page)),
  shared('listConnectedDestinationsFromSource', 'ListConnectedDestinationsFromSource200Response', (sdk, { source }) =>
    sdk.sources.listConnectedDestinationsFromSource(source, page),
  ),
  shared('listConnectedWarehousesFromSource', 'ListConnectedWarehousesFromSource200Response', (sdk, { source }) =>
    sdk.sources.listConnectedWarehousesFromSource(source, page),
  ),
  shared('listConnectedSourcesFromWarehouse', 'ListConnectedSourcesFromWarehouse200Response', (sdk, { warehouse }) =>
    sdk.warehouses.listConnectedSourcesFromWarehouse(warehouse, page),
  ),
  shared('getSourcesCatalog', 'GetSourcesCatalog200Response', (sdk) => sdk.catalog.getSourcesCatalog(page)),
  shared('getDestinationsCatalog', 'GetDestinationsCatalog200Response', (sdk) =>
    sdk.catalog.getDestinationsCatalog({ count: 200 }),
  ),
  shared('getWarehousesCatalog', 'GetWarehousesCatalog200Response', (sdk) => sdk.catalog.getWarehousesCatalog(page)),
  shared('listWorkspaceRegulations', 'ListWorkspaceRegulations200Response', (sdk) =>
    sdk.regulations.listWorkspaceRegulations(page),
  ),
  shared('listRegulationsFromSource', 'ListRegulationsFromSource200Response', (sdk, { source }) =>
    sdk.regulations.listRegulationsFromSource(source, page),
  ),
  shared('listSuppressions', 'ListSuppressions200Response', (sdk) => sdk.regulations.listSuppressions(page)),
  shared('listFunctions', 'ListFunctions200Response', (sdk) => sdk.functions.listFunctions(page, 'DESTINATION')),
  shared('listReverseEtlModels', 'ListReverseEtlModels200Response', (sdk) => sdk.models.listReverseEtlModels(page)),
  shared('listSpaces', 'ListSpaces200Response', (sdk) => sdk.spaces.listSpaces(page)),
  shared('listProfilesWarehouseInSpace', 'ListProfilesWarehouseInSpace200Response', (sdk, { space }) =>
    sdk.profiles.listProfilesWarehouseInSpace(space, page),
  ),
];

/** Fields that npm's SDK requires and the newest no longer has, or has as optional: Segment answers as the newest says. */
const gone = ['regulation.finishedAt', 'models.scheduleStrategy', 'models.scheduleConfig'];

/** What is wrong with a body by npm's SDK, and by the newest, of which npm has no package. */
function wrongBy(body: unknown, model: string): string[] {
  return [
    ...disagreements(body, model, npms, { exceptions: gone, later: newest }),
    ...disagreements(body, model, newest),
  ];
}

const CREATES: readonly SharedCall[] = [
  shared('createWorkspaceRegulation', 'CreateWorkspaceRegulation200Response', (sdk) =>
    sdk.regulations.createWorkspaceRegulation(workspaceDeletion('u1', 'u2')),
  ),
  shared('createSourceRegulation', 'CreateSourceRegulation200Response', (sdk, { source }) =>
    sdk.regulations.createSourceRegulation(source, sourceDeletion('u3')),
  ),
  shared('createCloudSourceRegulation', 'CreateCloudSourceRegulation200Response', (sdk, { stripe }) =>
    sdk.regulations.createCloudSourceRegulation(stripe, cloudDeletion('ch_1')),
  ),
];

describe('every call that the SDK shares with the sandbox', () => {
  test.each([...CREATES, ...READS])(
    '%s answers what %s describes in npm’s SDK and in the newest, no field more or less',
    async (_name, model, call) => {
      const sandbox = await sandboxFor();
      const sdk = sdkOf(sandbox);
      const ids = idsIn(sandbox);
      await sdk.regulations.createWorkspaceRegulation(workspaceDeletion('person'));
      await sdk.regulations.createSourceRegulation(ids.source, sourceDeletion('person'));
      const body = wireBody(await call(sdk, ids)) as object;
      expect(wrongBy(body, model)).toEqual([]);
      // The models call data optional: never both data and errors, and always one of them.
      expect(Object.keys(body)).toEqual(['data']);
    },
  );

  test.each([...CREATES, ...READS])('%s answers 401 to a token that is not valid', async (_name, _model, call) => {
    const sandbox = await sandboxFor();
    const { status, body } = await failure(call(sdkOf(sandbox, 'not-a-token'), idsIn(sandbox)));
    expect(status).toBe(401);
    expect(wrongBy(body, 'RequestErrorEnvelope')).toEqual([]);
    expect(Object.keys(body)).toEqual(['errors']);
  });

  test.each(READS)('%s answers a Workspace Member', async (_name, _model, call) => {
    const sandbox = await sandboxFor();
    await expect(call(sdkOf(sandbox, sandbox.tokens.publicMember), idsIn(sandbox))).resolves.toBeDefined();
  });

  test.each(CREATES)('%s answers 401 to a Workspace Member and makes nothing', async (_name, _model, call) => {
    const sandbox = await sandboxFor();
    const { status } = await failure(call(sdkOf(sandbox, sandbox.tokens.publicMember), idsIn(sandbox)));
    expect(status).toBe(401);
    expect(sandbox.regulations()).toEqual([]);
  });

  test.each([...CREATES, ...READS])(
    '%s answers 429 with the vendor body past its limit',
    async (_name, _model, call) => {
      const sandbox = await sandboxFor({ rateLimit: { creates: 0, requests: 0 } });
      const { status, headers, body } = await failure(call(sdkOf(sandbox), idsIn(sandbox)));
      expect(status).toBe(429);
      expect(headers['retry-after']).toBe('60');
      expect(wrongBy(body, 'RequestErrorEnvelope')).toEqual([]);
      expect(body.errors[0]).toMatchObject({ type: 'RequestError', message: 'Too many requests' });
    },
  );
});

describe('a regulation read back by the SDK', () => {
  const outcomes: OutcomeRule['outcome'][] = [
    'finished',
    'partial-success',
    'failed-unsupported',
    'failed-supported',
    'failed-own-store',
    'invalid',
    'not-supported',
    'never-finishes',
  ];

  test.each(outcomes)('fits the model in every state on the way to %s', async (outcome) => {
    const sandbox = await sandboxFor({ outcomes: [{ outcome }] });
    const sdk = sdkOf(sandbox);
    const made = await sdk.regulations.createWorkspaceRegulation(workspaceDeletion('u1'));
    const id = made.body.data?.regulateId ?? '';
    const seen: unknown[] = [];
    for (const hours of [0, 2, 30, 150]) {
      sandbox.clock.advance(hours * HOUR);
      const read = await sdk.regulations.getRegulation(id);
      seen.push(read.body.data?.regulation.overallStatus);
      expect(wrongBy(wireBody(read), 'GetRegulation200Response')).toEqual([]);
      const list = await sdk.regulations.listWorkspaceRegulations(page);
      expect(wrongBy(wireBody(list), 'ListWorkspaceRegulations200Response')).toEqual([]);
      expect(list.body.data?.regulations[0]?.status).toBe(seen.at(-1));
    }
    expect(seen.slice(0, 2)).toEqual(['INITIALIZED', 'RUNNING']);
  });

  test('is in the list with its subjects, and in the list of its source only where it is the source’s', async () => {
    const sandbox = await sandboxFor();
    const sdk = sdkOf(sandbox);
    const { source } = idsIn(sandbox);
    await sdk.regulations.createWorkspaceRegulation(workspaceDeletion('a@b.example', 'u-1'));
    await sdk.regulations.createSourceRegulation(source, sourceDeletion('u-2'));
    const all = await sdk.regulations.listWorkspaceRegulations(page);
    expect(all.body.data?.regulations.map(({ subjects }) => subjects)).toEqual([['a@b.example', 'u-1']]);
    const own = await sdk.regulations.listRegulationsFromSource(source, page);
    expect(own.body.data?.regulations.map(({ subjects }) => subjects)).toEqual([['u-2']]);
  });

  test('can be deleted while it is initialized, and is gone then', async () => {
    const sandbox = await sandboxFor();
    const { regulations } = sdkOf(sandbox);
    const id = (await regulations.createWorkspaceRegulation(workspaceDeletion('u1'))).body.data?.regulateId ?? '';
    const deleted = await regulations.deleteRegulation(id);
    expect(disagreements(wireBody(deleted), 'DeleteRegulation200Response')).toEqual([]);
    expect((await failure(regulations.getRegulation(id))).status).toBe(404);
    expect((await failure(regulations.deleteRegulation(id))).status).toBe(404);
  });

  test('cannot be deleted once it runs, nor by a Workspace Member', async () => {
    const sandbox = await sandboxFor();
    const { regulations } = sdkOf(sandbox);
    const id = (await regulations.createWorkspaceRegulation(workspaceDeletion('u1'))).body.data?.regulateId ?? '';
    const member = sdkOf(sandbox, sandbox.tokens.publicMember).regulations;
    expect((await failure(member.deleteRegulation(id))).status).toBe(401);
    sandbox.clock.advance(2 * HOUR);
    expect((await failure(regulations.deleteRegulation(id))).status).toBe(409);
    expect((await regulations.getRegulation(id)).body.data?.regulation.overallStatus).toBe('RUNNING');
  });

  test('is filtered by status and types as the SDK encodes them', async () => {
    const sandbox = await sandboxFor();
    const { regulations } = sdkOf(sandbox);
    for (const regulationType of [Type.SUPPRESS_WITH_DELETE, Type.UNSUPPRESS, Type.DELETE_ONLY])
      await regulations.createWorkspaceRegulation({ ...workspaceDeletion('u1'), regulationType });
    const types = async (
      status?: 'INITIALIZED' | 'RUNNING',
      wanted?: ('DELETE_ONLY' | 'SUPPRESS_ONLY' | 'UNSUPPRESS')[],
    ) => {
      const { body } = await regulations.listWorkspaceRegulations(page, status, wanted);
      return body.data?.regulations.map((entry) => entry.regulationType).sort();
    };
    expect(await types(undefined, ['DELETE_ONLY', 'UNSUPPRESS'])).toEqual(['DELETE_ONLY', 'UNSUPPRESS']);
    expect(await types(undefined, ['SUPPRESS_ONLY'])).toEqual([]);
    expect(await types('INITIALIZED')).toHaveLength(3);
    expect(await types('RUNNING')).toEqual([]);
  });
});

describe('errors as the SDK sees them', () => {
  test('404 for a source, warehouse or regulation that is not there', async () => {
    const sandbox = await sandboxFor();
    const sdk = sdkOf(sandbox);
    const calls = [
      sdk.sources.listConnectedDestinationsFromSource('nope', page),
      sdk.sources.listConnectedWarehousesFromSource('nope', page),
      sdk.warehouses.listConnectedSourcesFromWarehouse('nope', page),
      sdk.regulations.getRegulation('nope'),
      sdk.regulations.deleteRegulation('nope'),
      sdk.regulations.listRegulationsFromSource('nope', page),
      sdk.regulations.createSourceRegulation('nope', sourceDeletion('u1')),
      sdk.regulations.createCloudSourceRegulation('nope', cloudDeletion('u1')),
    ];
    for (const { status, body } of await Promise.all(calls.map(failure))) {
      expect(status).toBe(404);
      expect(wrongBy(body, 'RequestErrorEnvelope')).toEqual([]);
    }
  });

  test('422 names the field, for more than 5,000 ids, none, and a page size out of range', async () => {
    const sandbox = await sandboxFor();
    const sdk = sdkOf(sandbox);
    const tooMany = Array.from({ length: 5_001 }, (_, number) => `u${number}`);
    for (const [call, field] of [
      [sdk.regulations.createWorkspaceRegulation(workspaceDeletion(...tooMany)), 'subjectIds'],
      [sdk.regulations.createWorkspaceRegulation(workspaceDeletion()), 'subjectIds'],
      [sdk.sources.listSources({ count: 1_001 }), 'pagination.count'],
      [sdk.sources.listSources({ count: 0 }), 'pagination.count'],
      [sdk.sources.listSources({ count: 5, cursor: 'made-up' }), 'pagination.cursor'],
    ] as const) {
      const { status, body } = await failure(call);
      expect(status).toBe(422);
      expect(body.errors[0]).toMatchObject({ type: 'input-validation', field });
      expect(wrongBy(body, 'RequestErrorEnvelope')).toEqual([]);
    }
    expect(sandbox.regulations()).toEqual([]);
  });
});

describe('pages, followed to the end by the SDK', () => {
  test('sources, destinations, warehouses and the catalogue come complete, whatever the page size', async () => {
    const sandbox = await sandboxFor({ rateLimit: 'off' });
    const sdk = sdkOf(sandbox);
    const [acme] = sandbox.workspaces;
    for (const count of [1, 4, 5, 200]) {
      const sources = await allPages((pagination) => sdk.sources.listSources(pagination), count);
      expect(sources.flatMap((part) => part.sources.map(({ id }) => id))).toEqual(acme?.sources.map(({ id }) => id));
      expect(sources).toHaveLength(Math.ceil((acme?.sources.length ?? 0) / count));
      const destinations = await allPages((pagination) => sdk.destinations.listDestinations(pagination), count);
      expect(destinations.flatMap((part) => part.destinations.map(({ id }) => id))).toEqual(
        acme?.destinations.map(({ id }) => id),
      );
      const warehouses = await allPages((pagination) => sdk.warehouses.listWarehouses(pagination), count);
      expect(warehouses.flatMap((part) => part.warehouses)).toHaveLength(acme?.warehouses.length ?? 0);
      const catalog = await allPages((pagination) => sdk.catalog.getDestinationsCatalog(pagination), count);
      const slugs = catalog.flatMap((part) => part.destinationsCatalog.map(({ slug }) => slug));
      expect(new Set(slugs).size).toBe(slugs.length);
      expect(slugs).toEqual(expect.arrayContaining(['actions-customerio', 'aws-s3', 'data-lakes', 'actions-segment']));
    }
  });

  test('regulations and suppressions come complete while more are made', async () => {
    const sandbox = await sandboxFor({ rateLimit: 'off' });
    const { regulations } = sdkOf(sandbox);
    for (let number = 0; number < 7; number++)
      await regulations.createWorkspaceRegulation(workspaceDeletion(`u${number}`));
    const pages = await allPages(async (pagination) => {
      const listed = await regulations.listWorkspaceRegulations(pagination);
      await regulations.createWorkspaceRegulation(workspaceDeletion(`late ${pagination.cursor}`));
      return listed;
    }, 2);
    const subjects = pages.flatMap((part) => part.regulations.flatMap((entry) => entry.subjects));
    expect(subjects).toEqual(['u6', 'u5', 'u4', 'u3', 'u2', 'u1', 'u0']);
    const suppressed = await allPages((pagination) => regulations.listSuppressions(pagination), 3);
    expect(suppressed.flatMap((part) => part.suppressed.flatMap(({ subjectIds }) => subjectIds))).toHaveLength(11);
  });
});

describe('lists that npm’s SDK knows in an older version only', () => {
  test('audiences answer what the newest SDK describes', async () => {
    const sandbox = await sandboxFor();
    const { space } = idsIn(sandbox);
    const { json } = await ask(`${sandbox.url}/spaces/${space}/audiences`, { token: sandbox.tokens.publicOwner });
    expect(json.data.audiences).toHaveLength(2);
    expect(disagreements(json, 'ListAudiences200Response', newest)).toEqual([]);
  });
});

describe('the comparison with the models', () => {
  const entry = { name: 'Amplitude', id: 'd1', status: 'FINISHED', errString: '', finishedAt: '' };

  test.each([npms, newest])(
    'finds what is missing, unknown, of the wrong type or not in the enum ($version)',
    (sdk) => {
      const wrong = (body: unknown, model = 'DestinationStatusV1') => disagreements(body, model, sdk).length;
      expect(wrong(entry)).toBe(0);
      expect(wrong({ ...entry, status: 'Finished' })).toBe(1);
      expect(wrong({ ...entry, extra: 1 })).toBe(1);
      expect(wrong({ ...entry, id: 7 })).toBe(1);
      expect(wrong({ ...entry, errString: undefined })).toBe(1);
      expect(wrong({ current: 'x', next: null }, 'PaginationOutput')).toBe(0);
      expect(wrong({ current: null }, 'PaginationOutput')).toBe(1);
      expect(wrong([entry], 'Array<DestinationStatusV1>')).toBe(0);
      expect(wrong({}, 'NoSuchModel')).toBe(1);
    },
  );

  test('a field of the newest is none too many for npm’s SDK, and missing it is wrong for the newest only', () => {
    const metadata = {
      id: 'i',
      name: 'n',
      slug: 's',
      description: 'd',
      logos: { default: 'l' },
      options: [],
      categories: [],
      isCloudEventSource: false,
    };
    const withStatus = { ...metadata, status: 'PUBLIC' };
    expect(disagreements(withStatus, 'SourceMetadataV1', npms, { later: newest })).toEqual([]);
    expect(disagreements(withStatus, 'SourceMetadataV1', npms)).toHaveLength(1);
    expect(disagreements(withStatus, 'SourceMetadataV1', newest)).toEqual([]);
    expect(disagreements(metadata, 'SourceMetadataV1', newest)).toEqual(['.status is required by SourceMetadataV1']);
  });
});
