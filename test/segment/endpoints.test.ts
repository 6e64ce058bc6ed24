import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { defaultBounds } from '../../src/segment/client.js';
import { allowedHosts, endpointsFor, isAllowed, Limit, regionEndpoints } from '../../src/segment/endpoints.js';
import { faultOf } from './harness.js';

interface ManifestPart {
  readonly regions: readonly { readonly id: string; readonly baseUrls: object }[];
  readonly network: { readonly allowedHosts: readonly string[] };
  readonly limits: { readonly timeoutMs: number; readonly rate: readonly { readonly id: string }[] };
}

const manifest = JSON.parse(
  readFileSync(new URL('../../manifests/segment-config.json', import.meta.url), 'utf8'),
) as ManifestPart;

describe('the manifest and the code agree on', () => {
  test('the base URLs of each region', () => {
    expect(Object.fromEntries(manifest.regions.map(({ id, baseUrls }) => [id, baseUrls]))).toEqual(regionEndpoints);
  });

  test('the hosts that may be talked to', () => {
    expect([...manifest.network.allowedHosts].sort()).toEqual([...allowedHosts].sort());
  });

  test('the limits that requests are paced by', () => {
    expect(manifest.limits.rate.map(({ id }) => id).sort()).toEqual(Object.values(Limit).sort());
  });

  test('the time that a request may take', () => {
    expect(manifest.limits.timeoutMs).toBe(defaultBounds.timeoutMs);
  });
});

test('every base URL is at an allowed host', () => {
  const urls = Object.values(regionEndpoints).flatMap((endpoints) => Object.values(endpoints));
  expect(urls.filter((url) => !isAllowed(new URL(url), []))).toEqual([]);
});

describe('a base URL of its own', () => {
  test.each([
    ['http://127.0.0.1:4700', 'http://127.0.0.1:4700'],
    ['http://127.0.0.1:4700/', 'http://127.0.0.1:4700'],
    ['https://proxy.example/segment//', 'https://proxy.example/segment'],
  ])('serves both generations: %s', (given, base) => {
    expect(endpointsFor('eu', given)).toEqual({ public: base, config: `${base}/v1beta` });
  });

  test.each([
    '',
    'segment',
    'ftp://x.example',
    'file:///etc/passwd',
    'http://u:p@x.example',
    'http://x.example/?a',
    'http://x.example/#a',
  ])('is refused: %p', async (given) => {
    expect(await faultOf(() => endpointsFor('us', given))).toMatchObject({ code: 'CONFIG_INVALID', field: 'baseUrl' });
  });
});
