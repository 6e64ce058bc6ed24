import { describe, expect, test } from '@jest/globals';
import {
  type ConnectorContext,
  ConnectorFault,
  type ConnectorManifest,
  type DetectedSystem,
  type Operation,
  ServiceIdentifier,
} from 'connector-contract';
import { Container } from 'inversify';
import {
  connectorOf,
  type DeletionSteps,
  deletionOf,
  detectionOf,
  faultMaker,
  moduleOf,
  operationOf,
  packingOf,
} from '../src/index.js';
import { recordedContext } from './harness.js';
import { manifest } from './manifest.js';

const fault = faultMaker(() => manifest, {});
const packing = packingOf(manifest, (subjects) => subjects);
const identifiers = ['ada', 'bob'].map((value) => ({ kind: 'user_id', value }));
const operation = operationOf([{ id: 'person', identifiers }], packing);
const { ctx } = recordedContext();
const nothing = async (): Promise<never> => {
  throw new Error('It was not to be asked.');
};

const deletion = (
  steps: Partial<DeletionSteps<ConnectorContext>>,
  {
    own = manifest,
    open = (one) => one,
  }: { own?: ConnectorManifest; open?: (ctx: ConnectorContext) => ConnectorContext } = {},
) =>
  deletionOf(
    { manifest: () => own, name: 'Acme', packing: () => packing, open },
    { submit: nothing, reconcile: nothing, ...steps },
  );

describe('a check', () => {
  const granted = { findings: { 'account-read': { found: 'granted' }, 'people-erase': { found: 'granted' } } } as const;

  test('asks nothing of a configuration that is not in order, and names the fields', async () => {
    const report = await connectorOf(() => manifest, nothing).check({ ...ctx, config: { baseUrl: 7 } });
    expect(report.status).toBe('blocked');
    expect(report.problems.map(({ code, field }) => [code, field])).toEqual([
      ['CONFIG_INVALID', 'apiToken'],
      ['CONFIG_INVALID', 'baseUrl'],
    ]);
  });

  test('does without the secret that is for the host alone', async () => {
    const auth = { clientId: 'baseUrl', clientSecret: 'apiToken' } as ConnectorManifest['auth'];
    const own = { ...manifest, auth } as ConnectorManifest;
    const report = await connectorOf(
      () => own,
      async () => granted,
    ).check({ ...ctx, config: {} });
    expect(report.status).toBe('ready');
  });

  test('tells a fault as the problem, and throws what is none as a defect', async () => {
    const { check } = connectorOf(
      () => manifest,
      async () => Promise.reject(fault('UNREACHABLE', 'Nobody is there.')),
    );
    expect(await check(ctx)).toMatchObject({ status: 'blocked', problems: [{ code: 'UNREACHABLE' }] });
    await expect(connectorOf(() => manifest, nothing).check(ctx)).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
  });
});

test('a plan packs people as the connector says', () => {
  expect(deletion({}).plan([{ id: 'person', identifiers }], {})).toEqual({ operations: [operation], rejected: [] });
});

describe('a submission', () => {
  const submit = (step: DeletionSteps<ConnectorContext>['submit'], more: Parameters<typeof deletion>[1] = {}) =>
    deletion({ submit: step }, more).submit(operation, ctx);

  test('that goes well is accepted with what the step says', async () => {
    expect(await submit(async () => ({ reference: 'job-1' }))).toEqual({ accepted: true, reference: 'job-1' });
  });

  test('is not taken where there is no session, and unknown where nobody knows how far it came', async () => {
    const open = (): never => {
      throw ConnectorFault.of('CONFIG_INVALID', 'No.');
    };
    expect(await submit(nothing, { open })).toMatchObject({ certain: 'not-taken', fault: { code: 'CONFIG_INVALID' } });
    expect(await submit(nothing)).toMatchObject({ certain: 'unknown', fault: { code: 'CONNECTOR_BUG' } });
  });

  test.each([
    [['divided-operations'], 2],
    [[], 0],
    [undefined, 0],
  ])('that is refused is divided by a connector that asks for %j', async (features, parts) => {
    const { range } = manifest.contract;
    const own = { ...manifest, contract: { range, ...(features === undefined ? {} : { features }) } };
    const refused = () => Promise.reject(fault('INPUT_REFUSED', 'No.', { refusedPart: 'some' }));
    const { instead = [] } = (await submit(refused, { own })) as { instead?: readonly Operation[] };
    expect(instead).toHaveLength(parts);
  });

  test('of nobody is not sent', async () => {
    const outcome = await deletion({}).submit({ ...operation, subjects: [] }, ctx);
    expect(outcome).toMatchObject({ certain: 'not-taken', fault: { code: 'IDENTIFIER_MISSING' } });
  });
});

describe('afterwards', () => {
  const at = '2026-01-15T12:00:00.000Z';

  test('a lost submission is looked for with what the host knows', async () => {
    const asked: unknown[] = [];
    const { reconcile } = deletion({
      reconcile: async (one, _vendor, lost) => {
        asked.push(one, lost);
        return { found: 'absent' };
      },
    });
    expect(await reconcile(operation, at, ctx)).toEqual({ found: 'absent' });
    await reconcile(operation, at, ctx, ['job-1'], 'page-2');
    const attemptedAt = Date.parse(at);
    expect(asked).toEqual([
      operation,
      { attemptedAt, claimed: [] },
      operation,
      { attemptedAt, claimed: ['job-1'], progress: 'page-2' },
    ]);
    await expect(reconcile(operation, 'yesterday', ctx)).rejects.toMatchObject({ code: 'INPUT_REFUSED' });
  });

  test('what the vendor has forgotten has expired; who cannot be asked says so; what is thrown is a fault', async () => {
    expect(await deletion({ status: async () => undefined }).status('job-1', ctx)).toEqual({
      state: 'expired',
      vendorState: '',
      destinations: [],
      exceptions: [],
    });
    await expect(deletion({}).status('job-1', ctx)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' });
    await expect(deletion({ status: nothing }).status('job-1', ctx)).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
  });

  test('it is cancelled by those who can', async () => {
    expect(deletion({}).cancel).toBeUndefined();
    expect(await deletion({ cancel: async () => undefined }).cancel?.('job-1', ctx)).toEqual({ cancelled: true });
    const refusing = deletion({ cancel: () => Promise.reject(fault('CONFLICT', 'It has begun.')) });
    expect(await refusing.cancel?.('job-1', ctx)).toMatchObject({ cancelled: false, fault: { code: 'CONFLICT' } });
  });
});

test('a detection gives what it finds, and then the fault', async () => {
  const found: DetectedSystem[] = [];
  const { detect } = detectionOf(async function* () {
    yield { key: 'one' } as DetectedSystem;
    throw new Error('Not one more.');
  });
  const all = (async () => {
    for await (const system of detect(ctx)) found.push(system);
  })();
  await expect(all).rejects.toMatchObject({ code: 'CONNECTOR_BUG' });
  expect(found).toEqual([{ key: 'one' }]);
});

test('a module binds the parts that there are, each once', async () => {
  const connector = () => connectorOf(() => manifest, nothing);
  const bound = async (parts: Parameters<typeof moduleOf>[0]) => {
    const container = new Container();
    await container.loadAsync(moduleOf(parts));
    return container;
  };
  const some = await bound({ connector });
  expect(some.get(ServiceIdentifier.connector)).toBe(some.get(ServiceIdentifier.connector));
  expect([ServiceIdentifier.deletion, ServiceIdentifier.systemDetection].map((one) => some.isBound(one))).toEqual([
    false,
    false,
  ]);
  const all = await bound({ connector, deletion: () => deletion({}), detection: () => detectionOf(nothing as never) });
  for (const one of [ServiceIdentifier.deletion, ServiceIdentifier.systemDetection]) {
    expect(all.get(one)).toBe(all.get(one));
  }
});
