import { afterEach, expect, jest, test } from '@jest/globals';
import type { ConnectorRunner } from '../../src/plugins/runner.js';
import { days, minutes, Stage } from './stage.js';

let stage: Stage;
afterEach(() => stage.close());

test('a lost submission is looked for, and followed, as what it was sent as, at the address of now', async () => {
  const sent = { type: 'whole', address: 'old' };
  stage = await Stage.open({ config: sent });
  const groups = [{ id: 'whole', label: 'Whole', field: 'type', in: ['whole'] }];
  Object.assign(stage.vendor.manifest.limits, { quota: { per: 'calendar-month', subjects: 100, groups } });
  const vendor: ConnectorRunner = stage.vendor;
  const looked = jest.spyOn(vendor, 'reconcile');
  const followed = jest.spyOn(vendor, 'status');
  stage.vendor.troubles.push('lost-after');
  stage.vendor.onSubmit = async () => {
    stage.connections.config = { type: 'part', address: 'new' };
  };
  await stage.addPeople({ ada: ['1'] });
  await stage.pass(minutes);
  stage.connections.config = { type: 'part', address: 'newer' };
  await stage.pass(days);
  expect(looked.mock.calls.map(([, , ctx]) => ctx)).toMatchObject([{ config: { ...sent, address: 'new' } }]);
  expect(followed.mock.calls.length).toBeGreaterThan(0);
  for (const [, ctx] of followed.mock.calls) expect(ctx).toMatchObject({ config: { ...sent, address: 'newer' } });
});
