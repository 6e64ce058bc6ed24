import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Connector,
  type ConnectorContext,
  type DeletionCapability,
  type Operation,
  ServiceIdentifier,
} from 'connector-contract';
import { Container } from 'inversify';
import { testContext } from '../../../../test/check-context.js';
import { nock } from '../../../../test/nock.js';
import { connectorModule } from '../src/module.js';
import { MixpanelStub } from './stub.js';

const stub = new MixpanelStub();
const container = new Container();
container.load(connectorModule);
const deletion = container.get<DeletionCapability>(ServiceIdentifier.deletion);
const connector = container.get<Connector>(ServiceIdentifier.connector);

let origin: string;

beforeAll(async () => {
  origin = await stub.start();
});
afterAll(() => stub.stop());
beforeEach(() => stub.reset());

function context(more: Readonly<Record<string, string>> = {}): ConnectorContext {
  return testContext({ config: { ...configured(), ...more }, allowedOrigins: [origin] });
}

function configured(): Record<string, string> {
  return stub.config('valid', origin) as Record<string, string>;
}

/** A context as in real life: Mixpanel's own hosts and no other. */
function abroad(more: Readonly<Record<string, string>> = {}): ConnectorContext {
  const { baseUrl: _, ...config } = configured();
  return testContext({ config: { ...config, ...more } });
}

function operationFor(...people: readonly (readonly string[])[]): Operation {
  const subjects = people.map(([userId = '', ...others], index) => ({
    id: `person-${index}`,
    identifiers: [
      { kind: 'user_id', value: userId },
      ...others.map((value) => ({ kind: 'mixpanel_distinct_id', value })),
    ],
  }));
  const [operation] = deletion.plan(subjects, {}).operations;
  if (operation === undefined) throw new Error('not planned');
  return operation;
}

async function taken(ctx = context()): Promise<string> {
  const outcome = await deletion.submit(operationFor(['ada']), ctx);
  if (!outcome.accepted) throw new Error(outcome.fault.message);
  return outcome.reference;
}

describe('a deletion', () => {
  test('names project, law and each distinct ID once', async () => {
    await deletion.submit(operationFor(['ada', 'device-1'], ['bob', 'device-1']), context({ complianceType: 'CCPA' }));
    expect(stub.asked.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/api/app/data-deletions/v3.0/', { distinct_ids: ['ada', 'device-1', 'bob'], compliance_type: 'CCPA' }],
    ]);
    expect([...(stub.asked[0]?.query ?? [])]).toEqual([['token', 'stubproject']]);
  });

  test('holds 1,999 IDs and no more', () => {
    const subjects = Array.from({ length: 2_000 }, (_, index) => ({
      id: `person-${index}`,
      identifiers: [{ kind: 'user_id', value: `id-${index}` }],
    }));
    expect(deletion.plan(subjects, {}).operations.map(({ identifierCount }) => identifierCount)).toEqual([1_999, 1]);
  });

  test.each(['list', 'object'] as const)('is known by its id, which an answer gives in a %s', async (creation) => {
    stub.creation = creation;
    expect(await taken()).toBe(stub.jobs[0]?.id);
  });

  test('that was lost may be asked for again', async () => {
    const lost = await deletion.reconcile(operationFor(['ada']), new Date().toISOString(), context());
    expect(lost).toEqual({ found: 'absent' });
    expect(stub.asked).toEqual([]);
  });

  test.each([
    ['PENDING', 'accepted'],
    ['STAGING', 'accepted'],
    ['STARTED', 'processing'],
    ['SUCCESS', 'completed'],
    ['FAILURE', 'failed'],
    ['REVOKED', 'cancelled'],
    ['NOT_FOUND', 'expired'],
  ])('that is %s at Mixpanel is %s', async (vendorState, state) => {
    const reference = await taken();
    Object.assign(stub.jobs[0] ?? {}, { state: vendorState });
    const status = await deletion.status(reference, context());
    expect(status).toMatchObject({ state, vendorState });
    const failed = { system: 'Mixpanel', reason: 'Mixpanel says that it failed.' };
    expect(status).toMatchObject({ destinations: [], exceptions: state === 'failed' ? [failed] : [] });
  });

  test.each([
    ['UNKNOWN', 'VENDOR_ERROR'],
    ['ASLEEP', 'VENDOR_ANSWER_UNREADABLE'],
    ['toString', 'VENDOR_ANSWER_UNREADABLE'],
  ])('whose state is %s tells nothing', async (vendorState, code) => {
    const reference = await taken();
    Object.assign(stub.jobs[0] ?? {}, { state: vendorState });
    await expect(deletion.status(reference, context())).rejects.toMatchObject({ code, retryable: true });
  });

  test('can be cancelled until it has started', async () => {
    const reference = await taken();
    stub.advance();
    expect(await deletion.cancel?.(reference, context())).toEqual({ cancelled: true });
    const other = await taken();
    stub.advance();
    stub.advance();
    expect(await deletion.cancel?.(other, context())).toMatchObject({
      cancelled: false,
      fault: { code: 'CONFLICT', httpStatus: 405 },
    });
  });
});

test.each([
  ['a page of something on the way', 200, 'VENDOR_ANSWER_UNREADABLE'],
  ['a refusal of the token', 403, 'PERMISSION_MISSING'],
])('%s cancels nothing, and does not say that the deletion has started', async (_, status, code) => {
  nock('https://mixpanel.com')
    .delete(/data-deletions/)
    .query(true)
    .reply(status, status === 200 ? '<html>' : { status: 'error', error: 'No.' });
  expect(await deletion.cancel?.('1', abroad())).toMatchObject({ cancelled: false, fault: { code } });
});

test('405 says so of a deletion that is cancelled, and of no other call', async () => {
  nock('https://mixpanel.com')
    .post(/data-deletions/)
    .query(true)
    .reply(405, { status: 'error', error: 'No.' });
  const outcome = await deletion.submit(operationFor(['ada']), abroad());
  expect(outcome).toMatchObject({ accepted: false, fault: { code: expect.not.stringMatching('CONFLICT') } });
});

describe('a connection', () => {
  test.each([
    ['us', 'https://mixpanel.com'],
    ['eu', 'https://eu.mixpanel.com'],
    ['in', 'https://in.mixpanel.com'],
  ])('in the region %s leads to %s', async (region, host) => {
    const answer = { status: 'ok', results: { status: 'NOT_FOUND' } };
    const scope = nock(host)
      .get(/^\/api\/app\/data-deletions\/v3\.0\//)
      .query({ token: 'stubproject' })
      .reply(200, answer);
    const ready = { status: 'ready', permissions: [{ permission: 'data-deletions', outcome: 'granted' }] };
    expect(await connector.check(abroad({ region }))).toMatchObject(ready);
    scope.done();
  });

  test.each([
    ['is degraded where Mixpanel does not know the address of deletions', 404, 'degraded', 'unverifiable'],
    ['is blocked where the token may not', 403, 'blocked', 'denied'],
    ['is blocked where the token is not known', 401, 'blocked', 'skipped'],
  ])('%s', async (_, status, is, outcome) => {
    nock('https://mixpanel.com')
      .get(/data-deletions/)
      .query(true)
      .reply(status, { status: 'error', error: 'No.' });
    expect(await connector.check(abroad())).toMatchObject({ status: is, permissions: [{ outcome }] });
  });
});
