import { describe, expect, test } from '@jest/globals';
import { actions, isRole, may, roles } from '../../src/access/roles.js';

describe('may', () => {
  test('lets a super-admin do everything', () => {
    expect(actions.filter((action) => !may('super-admin', action))).toEqual([]);
  });

  test('lets a viewer only look, and not at identifiers or audit', () => {
    expect(actions.filter((action) => may('viewer', action))).toEqual([
      'connectors:read',
      'connections:read',
      'settings:read',
      'requests:read',
      'operations:read',
      'systems:read',
      'work:read',
      'events:read',
      'metrics:read',
    ]);
  });

  test('lets an auditor see what a viewer sees, and what proves: receipts and the audit log', () => {
    const more = actions.filter((action) => may('auditor', action) && !may('viewer', action));
    expect(more).toEqual(['receipts:read', 'audit:read']);
    expect(actions.filter((action) => may('viewer', action) && !may('auditor', action))).toEqual([]);
  });

  test.each([
    ['connections-manager', 'connections:create', true],
    ['connections-manager', 'requests:create', false],
    ['connections-manager', 'requests:identify', false],
    ['privacy-manager', 'requests:create', true],
    ['privacy-manager', 'connections:create', false],
    ['privacy-manager', 'work:people', true],
    ['connections-manager', 'work:people', false],
    ['privacy-manager', 'tokens:manage', false],
    ['connections-manager', 'tokens:manage', false],
  ] as const)('%s, %s: %s', (role, action, allowed) => {
    expect(may(role, action)).toBe(allowed);
  });

  test.each(['connections:create', 'connections:change', 'connections:remove', 'connections:validate'] as const)(
    'leaves %s to the roles that the manifest names',
    (action) => {
      expect(roles.filter((role) => may(role, action, ['privacy-manager']))).toEqual(['privacy-manager']);
    },
  );

  test('does not let a manifest decide about anything else', () => {
    expect(may('viewer', 'requests:create', ['viewer'])).toBe(false);
    expect(may('viewer', 'tokens:manage', ['viewer'])).toBe(false);
  });
});

test('isRole knows the roles and nothing else', () => {
  expect(roles.every(isRole)).toBe(true);
  expect(isRole('admin')).toBe(false);
});
