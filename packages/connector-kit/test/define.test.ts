import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Connector, type ConnectorContext, type DeletionCapability, ServiceIdentifier } from 'connector-contract';
import { Container } from 'inversify';
import { allPages, defineConnector, id, object, VendorFault } from '../src/index.js';
import { type StubAnswer, stubServer } from '../src/testing/stub-server.js';
import { recordedContext, TOKEN, useLoopback } from './harness.js';
import { manifest } from './manifest.js';

useLoopback();

let answer: StubAnswer = [200, {}];
const asked: string[] = [];
const vendor = stubServer(({ method, path, credential }) => {
  asked.push(`${method} ${path} ${credential}`);
  return answer;
});
let ctx: ConnectorContext;
let connector: Connector;
let deletion: DeletionCapability;

beforeAll(async () => {
  const origin = await vendor.start();
  ctx = recordedContext({ config: { baseUrl: origin }, allowedOrigins: [origin] }).ctx;
  const container = new Container();
  container.load(
    defineConnector({
      manifest,
      connect: (config) => ({
        base: String(config['baseUrl']),
        headers: { Authorization: `Bearer ${String(config['apiToken'])}` },
      }),
      check: ({ ask }) =>
        ask({ path: ['account'], limit: 'api' }, () => ({
          findings: { 'account-read': { found: 'granted' }, 'people-erase': { found: 'denied' } },
        })),
      deletion: {
        body: (subjects) => subjects,
        submit: (_operation, { ask }) =>
          ask({ method: 'POST', path: ['erasures'], body: {}, limit: 'api' }, ({ json }) => ({
            reference: id(object(json(), 'the answer')['id'], 'the id'),
          })),
        reconcile: async () => ({ found: 'absent' }),
        status: async () => undefined,
      },
    }),
  );
  connector = container.get<Connector>(ServiceIdentifier.connector);
  deletion = container.get<DeletionCapability>(ServiceIdentifier.deletion);
});

afterAll(() => vendor.stop());
beforeEach(() => void asked.splice(0));

const person = (name: string) => ({ id: name, identifiers: [{ kind: 'email', value: `${name}@people.example` }] });
const operation = (...names: string[]) => {
  const [planned] = deletion.plan(names.map(person), {}).operations;
  if (planned === undefined) throw new Error('not planned');
  return planned;
};

test('a check judges the permissions of the manifest, and tells a fault as the problem', async () => {
  answer = [200, {}];
  expect(await connector.check(ctx)).toMatchObject({
    status: 'blocked',
    problems: [],
    permissions: [{ outcome: 'granted' }, { outcome: 'denied' }],
  });
  expect(asked).toEqual([`GET /account ${TOKEN}`]);
  answer = [401, {}];
  expect(await connector.check(ctx)).toMatchObject({
    status: 'blocked',
    problems: [{ code: 'UNAUTHENTICATED', remedy: expect.stringContaining('revoked') }],
    permissions: [{ outcome: 'skipped' }, { outcome: 'skipped' }],
  });
  expect(connector.validate({ apiToken: 'with spaces' }).issues.map(({ field }) => field)).toEqual(['apiToken']);
});

test.each<[string, StubAnswer, object]>([
  ['is accepted', [201, { id: 'erasure-1' }], { accepted: true, reference: 'erasure-1' }],
  ['is divided where a value is refused', [422, {}], { accepted: false, certain: 'not-taken', instead: [{}, {}] }],
  [
    'is not taken where the credential is refused',
    [403, {}],
    { certain: 'not-taken', fault: { code: 'PERMISSION_MISSING' } },
  ],
  ['is unknown after an error of the vendor', [503, {}], { certain: 'unknown', fault: { code: 'VENDOR_ERROR' } }],
  [
    'is unknown where the answer cannot be read',
    [201, {}],
    { certain: 'unknown', fault: { code: 'VENDOR_ANSWER_UNREADABLE' } },
  ],
])('a submission %s', async (_, told, outcome) => {
  answer = told;
  expect(await deletion.submit(operation('anna', 'ben'), ctx)).toMatchObject(outcome);
  expect(asked).toHaveLength(1);
});

test('a record that is no longer kept has expired, and a time that is none is refused', async () => {
  expect(await deletion.status('erasure-1', ctx)).toMatchObject({ state: 'expired' });
  await expect(deletion.reconcile(operation('anna'), 'yesterday', ctx)).rejects.toMatchObject({
    code: 'INPUT_REFUSED',
  });
  expect(deletion.cancel).toBeUndefined();
});

test('a list is read page by page, in halves where a page is too large, and never round and round', async () => {
  const tooLarge = new VendorFault(
    { code: 'X', kind: 'vendor', retryable: false, message: 'Large.' },
    { answerTooLarge: true },
  );
  const sizes: number[] = [];
  const read = async (next: (cursor: string | undefined) => string | undefined): Promise<string[]> => {
    const items: string[] = [];
    const list = allPages<string>(8, async (size, cursor) => {
      sizes.push(size);
      if (size > 2) throw tooLarge;
      const after = next(cursor);
      return { items: [cursor ?? 'first'], ...(after === undefined ? {} : { next: after }) };
    });
    for await (const item of list) items.push(item);
    return items;
  };
  expect(await read((cursor) => (cursor === undefined ? 'second' : undefined))).toEqual(['first', 'second']);
  expect(sizes).toEqual([8, 4, 2, 2]);
  await expect(read(() => 'again')).rejects.toMatchObject({ code: 'VENDOR_ANSWER_UNREADABLE' });
});
