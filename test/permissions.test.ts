import { describe, expect, test } from '@jest/globals';
import type { Capability, FaultData } from 'connector-contract';
import { declaredPermissions, type Findings, judgePermissions, judgeStatus } from '../src/permissions.js';

const all: readonly Capability[] = ['deletion', 'system-detection'];
const granted = { found: 'granted' } as const;
const denied = { found: 'denied' } as const;
const unverifiable = { found: 'unverifiable' } as const;
const everything: Findings = Object.fromEntries(declaredPermissions.map(({ id }) => [id, granted]));
const timeout: FaultData = { code: 'TIMEOUT', kind: 'timeout', retryable: true, message: 'Too slow.' };

function judged(findings: Findings, capabilities = all, problems: readonly FaultData[] = []) {
  const outcomes = judgePermissions(findings, capabilities);
  return {
    outcomes,
    status: judgeStatus(outcomes, problems),
    byId: new Map(outcomes.map((one) => [one.permission, one])),
  };
}

describe('one outcome for each declared permission', () => {
  test.each([
    ['nothing was asked', {}],
    ['all was granted', everything],
    ['all was denied', Object.fromEntries(declaredPermissions.map(({ id }) => [id, denied]))],
  ])('in the order of the declaration, where %s', (_, findings: Findings) => {
    for (const capabilities of [[], ['deletion'], ['system-detection'], all] as const) {
      expect(judged(findings, capabilities).outcomes.map((one) => one.permission)).toEqual(
        declaredPermissions.map((one) => one.id),
      );
    }
  });

  test('each outcome but granted and skipped brings a remedy', () => {
    for (const finding of [
      denied,
      unverifiable,
      { found: 'denied', fault: timeout },
      { found: 'unverifiable', fault: timeout },
    ] as const) {
      const findings: Findings = Object.fromEntries(declaredPermissions.map(({ id }) => [id, finding]));
      for (const outcome of judged(findings).outcomes) expect(outcome.remedy).toEqual(expect.any(String));
    }
  });
});

describe('status', () => {
  test.each<[string, Findings, readonly Capability[], string]>([
    ['everything granted is ready', everything, all, 'ready'],
    ['what no switched-on capability needs does not count', { 'workspace-read': granted }, [], 'ready'],
    [
      'a denied write blocks where deletion is on',
      { ...everything, 'regulations-write': denied },
      ['deletion'],
      'blocked',
    ],
    [
      'a denied write is nothing where deletion is off',
      { ...everything, 'regulations-write': denied },
      ['system-detection'],
      'ready',
    ],
    [
      'a denied list of sources blocks where detection is on',
      { ...everything, 'sources-read': denied },
      all,
      'blocked',
    ],
    [
      'a denied list of sources is nothing where detection is off',
      { ...everything, 'sources-read': denied },
      ['deletion'],
      'ready',
    ],
    ['an unverifiable permission degrades', { ...everything, 'regulations-write': unverifiable }, all, 'degraded'],
    [
      'denied outweighs unverifiable',
      { ...everything, 'regulations-write': unverifiable, 'sources-read': denied },
      all,
      'blocked',
    ],
    [
      'what this generation does not offer does not count',
      { ...everything, 'warehouses-read': { found: 'not-offered' } },
      all,
      'ready',
    ],
  ])('%s', (_, findings, capabilities, status) => {
    expect(judged(findings, capabilities).status).toBe(status);
  });

  test('a problem blocks whatever the permissions say', () => {
    expect(judged(everything, all, [timeout]).status).toBe('blocked');
  });
});

describe('words', () => {
  test('a token that reads regulations and may not make them is told apart from one without access', () => {
    const reads = judged({ ...everything, 'regulations-write': denied }).byId.get('regulations-write');
    expect(reads).toMatchObject({ outcome: 'denied', code: 'READ_ONLY_TOKEN', field: 'apiToken' });
    const without = judged({ ...everything, 'regulations-write': denied, 'regulations-read': denied }).byId;
    expect(without.get('regulations-write')).toMatchObject({
      outcome: 'denied',
      code: 'PERMISSION_MISSING',
      field: 'apiToken',
    });
    expect(without.get('regulations-read')).toMatchObject({ outcome: 'denied', code: 'PERMISSION_MISSING' });
    const fault: FaultData = { code: 'PLAN_WITHOUT_API', kind: 'permission', retryable: false, message: 'No plan.' };
    const plan = judged({ ...everything, 'regulations-write': { found: 'denied', fault } }).byId;
    expect(plan.get('regulations-write')).toMatchObject({ outcome: 'denied', code: 'PLAN_WITHOUT_API' });
  });

  test('a fault lends its code, its message and its remedy', () => {
    const fault: FaultData = { ...timeout, remedy: 'Wait.', field: 'region' };
    expect(judged({ 'workspace-read': { found: 'denied', fault } }).byId.get('workspace-read')).toEqual({
      permission: 'workspace-read',
      outcome: 'denied',
      code: 'TIMEOUT',
      message: 'Too slow.',
      remedy: 'Wait.',
      field: 'region',
    });
    expect(judged({ 'sources-read': { found: 'unverifiable', fault } }).byId.get('sources-read')).toMatchObject({
      outcome: 'unverifiable',
      code: 'TIMEOUT',
      message: 'It could not be found out whether the token may list sources: Too slow.',
      field: 'region',
    });
  });

  test('skipped says why: not needed, not offered, or stopped before', () => {
    const messages = (findings: Findings, capabilities: readonly Capability[]) =>
      judged(findings, capabilities).byId.get('warehouses-read');
    expect(messages({}, ['deletion'])).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('switched on'),
    });
    expect(messages({}, all)).toMatchObject({ outcome: 'skipped', message: expect.stringContaining('failed before') });
    expect(messages({ 'warehouses-read': { found: 'nothing-to-ask' } }, all)).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('no sources yet'),
    });
    expect(messages({ 'warehouses-read': { found: 'not-offered' } }, all)).toMatchObject({
      outcome: 'skipped',
      message: expect.stringContaining('offers no way to list warehouses'),
    });
  });
});
