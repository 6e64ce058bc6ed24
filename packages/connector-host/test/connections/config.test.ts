import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConnectorManifest } from 'connector-contract';
import { changedKeys, joinConfig, mergeConfig, partConfig, readConfig } from '../../src/connections/config.js';
import { allowedOrigins } from '../../src/connections/endpoints.js';
import type { ConnectorRegistry } from '../../src/plugins/registry.js';
import { loadFixtures } from '../plugins/fixtures.js';

let registry: ConnectorRegistry;
let manifest: ConnectorManifest;
beforeAll(async () => {
  registry = await loadFixtures(['harbour']);
  const runner = registry.runner('harbour');
  if (runner === undefined) throw new Error('The fixture was not loaded.');
  manifest = runner.manifest;
});
afterAll(() => registry.close());

const entered = { apiToken: 'token-12345', account: 'north' };
const sandbox = 'http://127.0.0.1:4700';

describe('readConfig', () => {
  test('fills defaults in and drops what is hidden', () => {
    expect(readConfig(manifest, { ...entered, archiveDays: 5 }, []).config).toEqual({
      ...entered,
      completion: 'wait-for-completion',
      archive: false,
    });
  });

  test('refuses an endpoint where the host allows none, and does not drop it', () => {
    expect(readConfig(manifest, { ...entered, baseUrl: sandbox }, []).issues).toEqual([
      expect.objectContaining({ field: 'baseUrl', code: 'ENDPOINT_NOT_ALLOWED' }),
    ]);
  });

  test.each([
    [sandbox, true],
    [`${sandbox}/v1`, true],
    ['http://127.0.0.1:4701', false],
    ['https://127.0.0.1:4700', false],
    ['http://127.0.0.1:4700@evil.example', false],
    ['http://user@127.0.0.1:4700', false],
    ['file:///etc/passwd', false],
  ])('where the host allows one origin, endpoint %s: %s', (baseUrl, allowed) => {
    const { issues } = readConfig(manifest, { ...entered, baseUrl }, [sandbox]);
    expect(issues.map(({ field }) => field)).toEqual(allowed ? [] : ['baseUrl']);
  });

  test.each([
    ['https://privacy.vendor.example', true],
    ['http://privacy.vendor.example', false],
    ['https://10.0.0.1', false],
    ['https://localhost', false],
    [sandbox, true],
  ])("takes the vendor's own host from a field only where it is public or allowed: %s %s", (baseUrl, allowed) => {
    const fields = manifest.config.fields.map(({ availability: _gone, ...field }) => field) as never;
    const own = {
      ...manifest,
      network: { allowedHosts: [], fromFields: ['baseUrl'] },
      config: { ...manifest.config, fields },
    };
    const { issues } = readConfig(own, { ...entered, baseUrl }, [sandbox]);
    expect(issues.map(({ code }) => code)).toEqual(allowed ? [] : ['ENDPOINT_NOT_ALLOWED']);
  });

  test.each([
    ['https://north.vendor.example', true],
    ['https://vendor.example', false],
    ['https://a.north.vendor.example', false],
    ['https://north.vendor.example.evil.example', false],
    ['https://evil.example', false],
    [sandbox, true],
  ])("takes the host of a customer only where it is the vendor's, or allowed: %s %s", (baseUrl, allowed) => {
    const fields = manifest.config.fields.map(({ availability: _gone, ...field }) => field) as never;
    const own = {
      ...manifest,
      network: { allowedHosts: [], fromFields: [{ field: 'baseUrl', hosts: ['*.vendor.example'] }] },
      config: { ...manifest.config, fields },
    };
    const { issues } = readConfig(own, { ...entered, baseUrl }, [sandbox]);
    expect(issues.map(({ code, remedy }) => `${code} ${remedy}`)).toEqual(
      allowed ? [] : [expect.stringContaining('ENDPOINT_NOT_ALLOWED Enter an https address of *.vendor.example')],
    );
  });
});

describe('a stored configuration', () => {
  test('shows secrets as marks only, and comes together again', () => {
    const config = { ...entered, archive: true, archiveKey: 'key-12345' };
    const parts = partConfig(manifest, config);
    expect(parts.shown).toEqual({
      account: 'north',
      archive: true,
      apiToken: { set: true },
      archiveKey: { set: true },
    });
    expect(parts.secrets).toEqual({ apiToken: 'token-12345', archiveKey: 'key-12345' });
    expect(joinConfig(manifest, parts)).toEqual(config);
  });

  test('leaves keys behind that the manifest no longer has', () => {
    expect(joinConfig(manifest, { shown: { account: 'n', old: 1 }, secrets: { older: 'x' } })).toEqual({
      account: 'n',
    });
  });
});

describe('mergeConfig', () => {
  test.each([
    ['keeps what is left out', {}, entered],
    ['keeps a secret that comes back as its mark', { apiToken: { set: true } }, entered],
    ['replaces', { apiToken: 'new-token' }, { ...entered, apiToken: 'new-token' }],
    ['takes away with null', { account: null }, { apiToken: 'token-12345' }],
    ['hands on what is no object', [], []],
  ])('%s', (_rule, change, merged) => {
    expect(mergeConfig(entered, change)).toEqual(merged);
  });
});

test('changedKeys names keys that came, went or changed', () => {
  expect(changedKeys({ a: 1, b: 2, c: 3 }, { a: 1, b: 3, d: 4 })).toEqual(['b', 'c', 'd']);
});

test('an allowed endpoint that is no address is refused', () => {
  expect(allowedOrigins(['http://127.0.0.1:4700/path'])).toEqual([sandbox]);
  expect(() => allowedOrigins(['localhost:4700'])).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});
