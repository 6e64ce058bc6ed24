/** What others do to a connection while the vendor is asked about it: nothing of it is undone. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { type CheckReport, ConnectorFault, faultData } from 'connector-contract';
import type { ConnectorRunner } from '../../src/plugins/runner.js';
import { actors, clearDesk, type Desk, openDesk } from './desk.js';

let desk: Desk;
let id = '';
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());
beforeEach(async () => {
  await clearDesk(desk);
  id = (await desk.connections.create({ connector: 'harbour', name: 'North', config }, actors.admin)).connection.id;
});
afterEach(() => {
  jest.restoreAllMocks();
});

const config = { apiToken: 'right-token', account: 'north' };
const update = (change: object) => desk.connections.update(id, change, actors.admin);
const now = () => desk.connections.get(id);

/** Does something while a check is under way, so many times; the check finds what it is given, or what is so. */
function duringCheck(
  work: () => Promise<unknown>,
  found?: CheckReport,
  times = 1,
): jest.SpiedFunction<ConnectorRunner['check']> {
  const runner = desk.registry.runner('harbour');
  if (runner === undefined) throw new Error('The fixture was not loaded.');
  const check = runner.check.bind(runner);
  let left = times;
  return jest.spyOn(runner, 'check').mockImplementation(async (ctx) => {
    if (left === 0) return check(ctx);
    left -= 1;
    const report = found ?? (await check(ctx));
    await work();
    return report;
  });
}

test('a pause during a check stays', async () => {
  duringCheck(() => update({ state: 'paused' }));
  await desk.connections.check(id, actors.admin);
  expect(await now()).toMatchObject({ state: 'paused' });
});

test('a pause while a configuration is saved stays, and the configuration is kept', async () => {
  duringCheck(() => update({ state: 'paused' }));
  await update({ config: { completion: 'complete-on-submit' } });
  expect(await now()).toMatchObject({ state: 'paused', config: { completion: 'complete-on-submit' } });
});

test('a check with a token that was replaced meanwhile is made again with the new one', async () => {
  const refused = ConnectorFault.of('UNAUTHENTICATED', 'The old token was revoked.');
  const blocked: CheckReport = { status: 'blocked', permissions: [], problems: [faultData(refused)], facts: {} };
  const asked = duringCheck(() => update({ config: { apiToken: 'right-token-2' } }), blocked);
  expect(await desk.connections.check(id, actors.admin)).toMatchObject({ report: { status: 'ready' } });
  expect(await now()).toMatchObject({ state: 'active', check: { status: 'ready' } });
  expect(asked.mock.calls.map(([ctx]) => ctx.config['apiToken'])).toEqual([
    'right-token',
    'right-token-2',
    'right-token-2',
  ]);
});

test('two people who save different fields both have their way', async () => {
  duringCheck(() => update({ config: { apiToken: 'right-token-2' } }));
  await update({ config: { completion: 'complete-on-submit' } });
  const open = await desk.connections.open(id, new AbortController().signal);
  expect(open?.config).toMatchObject({ completion: 'complete-on-submit', apiToken: 'right-token-2' });
});

test('a setting that is changed while a configuration and another setting are saved stays', async () => {
  duringCheck(() => update({ settings: { monthlyQuota: 10 } }));
  await update({ config: { completion: 'complete-on-submit' }, settings: { repeatUncertain: true } });
  expect((await now())?.settings).toEqual({ monthlyQuota: 10, repeatUncertain: true });
});

test('whoever is disturbed again and again is told so, and nothing of theirs is kept', async () => {
  let others = 0;
  duringCheck(
    () => {
      others += 1;
      return desk.database.db.pool.query('update connector_host.connections set config = config || $1', [
        { fromElsewhere: `other-${others}` },
      ]);
    },
    undefined,
    9,
  );
  await expect(update({ config: { completion: 'complete-on-submit' } })).rejects.toMatchObject({
    code: 'STATE_FORBIDS',
  });
  expect(await now()).toMatchObject({ config: { fromElsewhere: 'other-3' } });
});
