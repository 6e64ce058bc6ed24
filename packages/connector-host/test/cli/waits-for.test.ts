import { expect, test } from '@jest/globals';
import { waitsFor } from '../../src/cli/commands/waits-for.js';
import type { ConnectionView, KeptCheck } from '../../src/connections/view.js';

const active: ConnectionView = {
  id: 'c1',
  connector: 'segment-config',
  name: 'Acme',
  state: 'active',
  capabilities: ['deletion'],
  config: { workspaceName: 'acme', apiToken: { set: true } },
  facts: {},
  settings: { repeatUncertain: false },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};
const held = { code: 'QUOTA_EXHAUSTED', until: '2026-02-01T00:00:00.000Z' };
const blocked: KeptCheck = {
  status: 'blocked',
  permissions: [
    { permission: 'write', outcome: 'denied', code: 'DENIED', message: 'No.', remedy: 'Make an owner token.' },
    { permission: 'read', outcome: 'granted', message: 'Yes.' },
  ],
  problems: [],
  facts: {},
  checkedAt: '2026-01-01T00:00:00.000Z',
};

test.each<[string, Partial<ConnectionView>, string]>([
  ['that works: nothing', {}, ''],
  ['that is held: the code and the time', { held }, 'QUOTA_EXHAUSTED, until 2026-02-01T00:00:00.000Z'],
  [
    'that is paused: to be resumed, held or not',
    { state: 'paused', held },
    'somebody to resume it: change c1 --resume',
  ],
  [
    'whose credential stopped working: another one',
    { state: 'reconnect' },
    'a credential that works: change c1 --secret-env apiToken=VARIABLE',
  ],
  [
    'that a check blocked: what the check advises',
    { state: 'reconnect', check: blocked },
    'Make an owner token. Then: check c1',
  ],
])('a connection %s', (_name, more, expected) => {
  expect(waitsFor({ ...active, ...more })).toBe(expected);
});
