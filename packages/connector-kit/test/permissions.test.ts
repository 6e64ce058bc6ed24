import { describe, expect, test } from '@jest/globals';
import { type Capability, ConnectorFault, type ConnectorManifest, type FaultData } from 'connector-contract';
import { checkReport, type Findings, findingOf, neededPermissions } from '../src/index.js';
import { manifest as template } from './manifest.js';

const [, second] = template.permissions;
const manifest: ConnectorManifest = {
  ...template,
  permissions: [
    ...template.permissions,
    {
      id: 'systems-list',
      label: 'List systems',
      why: 'To find.',
      required: false,
      capabilities: ['system-detection'],
      grantedBy: 'Ask.',
      probe: 'read-only',
    },
  ],
};
const all: readonly Capability[] = ['deletion', 'system-detection'];
const granted = { found: 'granted' } as const;
const everything: Findings = { 'account-read': granted, 'people-erase': granted, 'systems-list': granted };
const timeout: FaultData = { code: 'TIMEOUT', kind: 'timeout', retryable: true, message: 'Too slow.' };

function judged(findings: Findings, capabilities = all, problems: readonly FaultData[] = []) {
  const report = checkReport(manifest, capabilities, { findings, problems });
  return { ...report, byId: Object.fromEntries(report.permissions.map((one) => [one.permission, one])) };
}

test('there is one outcome for each permission, in the order of the manifest, and each trouble has a remedy', () => {
  for (const finding of [
    { found: 'denied' },
    { found: 'unverifiable' },
    { found: 'denied', fault: timeout },
    { found: 'unverifiable', fault: timeout },
  ] as const) {
    const findings = Object.fromEntries(manifest.permissions.map(({ id }) => [id, finding]));
    const { permissions } = judged(findings);
    expect(permissions.map(({ permission }) => permission)).toEqual(manifest.permissions.map(({ id }) => id));
    for (const outcome of permissions)
      expect(outcome).toMatchObject({ outcome: finding.found, remedy: expect.any(String) });
  }
});

test('only what a capability that is switched on needs is needed', () => {
  expect(neededPermissions(manifest, [])).toEqual(['account-read']);
  expect(neededPermissions(manifest, ['deletion'])).toEqual(['account-read', 'people-erase']);
});

describe('status', () => {
  test.each<[string, Findings, readonly Capability[], string]>([
    ['everything granted is ready', everything, all, 'ready'],
    ['what nothing switched on needs does not count', { 'account-read': granted }, [], 'ready'],
    ['a required permission denied blocks', { ...everything, 'people-erase': { found: 'denied' } }, all, 'blocked'],
    ['denied is nothing where it is not needed', { ...everything, 'people-erase': { found: 'denied' } }, [], 'ready'],
    ['one that is not required degrades', { ...everything, 'systems-list': { found: 'denied' } }, all, 'degraded'],
    ['unverifiable degrades', { ...everything, 'people-erase': { found: 'unverifiable' } }, all, 'degraded'],
    ['skipped is ready', { ...everything, 'systems-list': { found: 'skipped', message: 'No.' } }, all, 'ready'],
    [
      'done without degrades',
      { ...everything, 'systems-list': { found: 'skipped', message: 'Off.', degrades: true } },
      all,
      'degraded',
    ],
  ])('%s', (_, findings, capabilities, status) => {
    expect(judged(findings, capabilities).status).toBe(status);
  });

  test('a problem blocks whatever the permissions say', () => {
    expect(judged(everything, all, [timeout]).status).toBe('blocked');
  });
});

describe('words', () => {
  test('a fault lends its code, its message, its remedy and its field; else the manifest says who grants it', () => {
    const fault: FaultData = { ...timeout, remedy: 'Wait.', field: 'baseUrl' };
    expect(judged({ 'account-read': { found: 'denied', fault } }).byId['account-read']).toEqual({
      permission: 'account-read',
      outcome: 'denied',
      code: 'TIMEOUT',
      message: 'Too slow.',
      remedy: 'Wait.',
      field: 'baseUrl',
    });
    expect(judged({ 'people-erase': { found: 'unverifiable', fault } }).byId['people-erase']?.message).toBe(
      'Not certain: Erase people. Too slow.',
    );
    expect(judged({ 'people-erase': { found: 'denied' } }).byId['people-erase']).toMatchObject({
      code: 'PERMISSION_MISSING',
      remedy: second?.grantedBy,
    });
  });

  test('skipped says why', () => {
    expect(judged({}, []).byId['people-erase']?.message).toContain('switched on');
    expect(judged({}).byId['people-erase']?.message).toContain('failed before');
  });
});

describe('a fault that was thrown', () => {
  test.each([
    ['UNAUTHENTICATED', 'denied'],
    ['PERMISSION_MISSING', 'denied'],
    ['CONFIG_INVALID', 'unverifiable'],
    ['ENDPOINT_NOT_ALLOWED', 'unverifiable'],
    ['TIMEOUT', 'unverifiable'],
  ] as const)('%s makes a permission %s', (code, found) => {
    expect(findingOf(ConnectorFault.of(code, 'No.'))).toMatchObject({ found, fault: { code } });
  });

  test('is passed on where it says nothing about permissions', () => {
    for (const error of [
      ConnectorFault.of('ABORTED', 'Off.'),
      ConnectorFault.of('CONNECTOR_BUG', 'Oh.'),
      new Error('x'),
    ]) {
      expect(() => findingOf(error)).toThrow(error);
    }
  });

  test('denies where the connector says so', () => {
    expect(findingOf(ConnectorFault.of('NOT_FOUND', 'No.'), ['NOT_FOUND'])).toMatchObject({ found: 'denied' });
  });
});
