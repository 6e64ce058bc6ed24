import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Sandbox, startSandbox } from 'segment-sandbox';
import { systemClock } from '../../src/clock.js';
import { Connections } from '../../src/connections/connections.js';
import { ConnectorRegistry } from '../../src/plugins/registry.js';
import { beginDetection } from '../../src/systems/detections.js';
import { listSystems } from '../../src/systems/list.js';
import { runDetection } from '../../src/systems/run-detection.js';
import { summarise } from '../../src/systems/summary.js';
import { fixture } from '../plugins/fixtures.js';
import { testLog } from '../postgres.js';
import { actors, type Desk, openDesk } from './desk.js';

let desk: Desk;
let sandbox: Sandbox;
let registry: ConnectorRegistry;
let connections: Connections;
const signal = new AbortController().signal;

beforeAll(async () => {
  desk = await openDesk();
  sandbox = await startSandbox({ rateLimit: 'off' });
  registry = await ConnectorRegistry.load({ roots: [fixture('../../../../..')], log: testLog });
  const { database, keyring } = desk;
  connections = new Connections({
    db: database.db,
    keyring,
    registry,
    clock: systemClock,
    log: testLog,
    allowEndpoints: [sandbox.url],
  });
});
afterAll(async () => {
  await registry.close();
  await sandbox.close();
  await desk.close();
});

const create = (name: string, apiToken: string) =>
  connections.create(
    { connector: 'segment-config', name, config: { apiToken, workspaceName: 'acme-demo', baseUrl: sandbox.url } },
    actors.connecting,
  );

describe.each([
  ['Public API', 'publicOwner'],
  ['Config API', 'configAdmin'],
] as const)('Segment by the %s', (name, token) => {
  test('is connected, erases a person and shows its systems', async () => {
    const { connection, report } = await create(name, sandbox.tokens[token]);
    expect(report.status).not.toBe('blocked');
    const open = await connections.open(connection.id, signal);
    if (open === undefined) throw new Error('It did not open.');
    const ada = {
      id: '1',
      identifiers: [
        { kind: 'email', value: 'ada+x@example.org' },
        { kind: 'user_id', value: '007' },
      ],
    };
    const plan = await open.runner.plan([ada], open.config);
    expect(plan.operations).toMatchObject([{ subjects: [ada], identifierCount: 2 }]);
    const [operation] = plan.operations;
    if (operation === undefined) throw new Error('Nothing was planned.');
    const outcome = await open.runner.submit(operation, open.ctx);
    expect(outcome).toMatchObject({ accepted: true, reference: expect.any(String) });
    const reference = outcome.accepted ? outcome.reference : '';
    expect(await open.runner.status(reference, open.ctx)).toMatchObject({
      state: expect.stringMatching(/accepted|processing/),
    });

    const parts = { db: desk.database.db, connections, clock: systemClock, log: testLog };
    const begun = await beginDetection(desk.database.db.orm, connection.id, 'manual', new Date());
    if (begun === undefined) throw new Error('It was not begun.');
    const detection = await runDetection(parts, begun.row, signal);
    expect(detection).toMatchObject({ state: 'complete', fault: null });
    expect(detection.found).toBeGreaterThan(30);
    const page = await listSystems(desk.database.db, { connection: connection.id, limit: 1000 });
    expect(page.items).toHaveLength(detection.found);
    const { total, reached, needYou, unknown } = await summarise(desk.database.db, connection.id);
    expect(total).toBe(reached + needYou + unknown);
  });
});

test('what a token of the Public API showed is not gone where one of the Config API cannot list it', async () => {
  const { connection } = await create('Older token', sandbox.tokens.publicOwner);
  const { id } = connection;
  const parts = { db: desk.database.db, connections, clock: systemClock, log: testLog };
  const warehouses = async () => {
    const begun = await beginDetection(desk.database.db.orm, id, 'manual', new Date());
    if (begun === undefined) throw new Error('It was not begun.');
    expect(await runDetection(parts, begun.row, signal)).toMatchObject({ state: 'complete' });
    const { items } = await listSystems(desk.database.db, { connection: id, limit: 1000 });
    return items.filter(({ kind, state }) => kind === 'warehouse' && state === 'active').map(({ name }) => name);
  };
  const known = await warehouses();
  expect(known.length).toBeGreaterThan(3);
  await connections.update(id, { config: { apiToken: sandbox.tokens.configAdmin } }, actors.admin);
  expect((await warehouses()).sort()).toEqual([...known, 'Warehouses (not listed)'].sort());
});

test('a token that Segment does not know is blocked with a remedy, and never shown', async () => {
  const token = 'sgp_not_a_token_of_this_place';
  const failed = create('Wrong', token);
  await expect(failed).rejects.toMatchObject({
    code: 'CONNECTION_BLOCKED',
    report: { status: 'blocked', problems: [{ code: 'UNAUTHENTICATED', remedy: expect.any(String) }] },
  });
  const problem = await failed.catch((error: unknown) => error);
  expect(JSON.stringify(problem)).not.toContain(token);
});

test('a token of the other generation is taken for the same workspace, and none for another', async () => {
  const { connection } = await create('Moves', sandbox.tokens.configAdmin);
  const change = (apiToken: string, workspaceName: string) =>
    connections.update(connection.id, { config: { apiToken, workspaceName } }, actors.admin);
  const { account } = connection.facts;
  const moved = await change(sandbox.tokens.publicOwner, 'acme-demo');
  expect(moved.connection.facts).toMatchObject({ account, api: 'public' });
  await expect(change(sandbox.tokens.otherWorkspace, 'globex')).rejects.toMatchObject({
    report: { problems: [{ code: 'ACCOUNT_CHANGED' }] },
  });
  await expect(change(sandbox.tokens.configOtherWorkspace, 'globex')).rejects.toMatchObject({
    report: { problems: [{ code: 'ACCOUNT_CHANGED' }] },
  });
  const back = await change(sandbox.tokens.configAdmin, 'acme-demo');
  expect(back.connection.facts).toMatchObject({ account, api: 'config', workspaceSlug: 'acme-demo' });
});

test('another type of regulation counts against another quota: a hold for the quota of the one is no hold for the other', async () => {
  const { connection } = await create('Quota', sandbox.tokens.publicOwner);
  const { id } = connection;
  expect(connection.quota).toMatchObject({ source: 'host', limit: 110_000, group: 'Segment and destinations' });
  const change = async (regulationType: string) => {
    await connections.hold(id, new Date(Date.now() + 86_400_000), 'QUOTA_EXHAUSTED');
    return (await connections.update(id, { config: { regulationType } }, actors.admin)).connection;
  };
  expect(await change('DELETE_ONLY')).toMatchObject({ held: { code: 'QUOTA_EXHAUSTED' } });
  const moved = await change('DELETE_INTERNAL');
  expect(moved.held).toBeUndefined();
  expect(moved.quota).toMatchObject({ source: 'host', group: 'Segment only' });
});
