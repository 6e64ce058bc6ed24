import { describe, expect, test } from '@jest/globals';
import { manifestModule } from '../src/cli.js';
import { type ConfigOf, defineConnector, defineManifest, type LimitOf, type PermissionOf } from '../src/index.js';
import { manifest as template } from './manifest.js';

const manifest = defineManifest({
  ...template,
  permissions: [
    {
      id: 'people-erase',
      label: 'Erase',
      why: 'To.',
      required: true,
      capabilities: ['deletion'],
      grantedBy: 'Ask.',
      probe: 'read-only',
    },
  ],
  limits: { rate: [{ id: 'api', label: 'All', requests: 1, perSeconds: 1 }], share: 1, timeoutMs: 10_000 },
  config: {
    groups: [{ id: 'g', label: 'G' }],
    fields: [
      { kind: 'secret', key: 'apiToken', label: 'T', help: 'T.', group: 'g', order: 1, required: true },
      {
        kind: 'choice',
        key: 'region',
        label: 'R',
        help: 'R.',
        group: 'g',
        order: 2,
        required: false,
        default: 'us',
        choices: [
          { value: 'us', label: 'US', help: 'US.' },
          { value: 'eu', label: 'EU', help: 'EU.' },
        ],
      },
      { kind: 'toggle', key: 'deep', label: 'D', help: 'D.', group: 'g', order: 3, required: false, default: false },
      { kind: 'string', key: 'baseUrl', label: 'B', help: 'B.', group: 'g', order: 4, required: false },
    ],
  },
});

// What is expected to be an error here is held by `npm run types`.
describe('the names of a manifest are known to the compiler', () => {
  test('fields with their values, limits and permissions', () => {
    const config: ConfigOf<typeof manifest> = { apiToken: 'secret', region: 'eu', deep: false };
    const [limit, permission]: [LimitOf<typeof manifest>, PermissionOf<typeof manifest>] = ['api', 'people-erase'];
    // @ts-expect-error There is no such field.
    expect(config.apiKey).toBeUndefined();
    // @ts-expect-error It may be absent.
    expect((): string => config.baseUrl.trim()).toThrow();
    // @ts-expect-error It is not offered.
    expect(config.region === 'moon').toBe(false);
    expect([limit, permission]).toEqual(['api', 'people-erase']);
  });

  test('a connector that asks under another limit, or judges another permission, does not compile', () => {
    const made = defineConnector({
      manifest,
      connect: ({ apiToken }) => ({ base: 'https://api.acme.example', headers: { Authorization: apiToken } }),
      // @ts-expect-error There is no such permission.
      async check({ ask }) {
        // @ts-expect-error There is no such limit.
        await ask({ path: [], limit: 'other' }, () => undefined);
        return { findings: { 'people-read': { found: 'granted' } } };
      },
    });
    expect(made).toBeDefined();
  });

  test('after the module of a manifest was written from its file', () => {
    expect(manifestModule('{"id": "acme"}', 'manifests/acme.json')).toContain(
      'export const manifest = defineManifest({\n  "id": "acme"\n});',
    );
  });
});
