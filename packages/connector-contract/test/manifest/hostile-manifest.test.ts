import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ConnectorManifest, parseManifest } from '../../src/manifest/index.js';
import { sampleManifest } from './sample.js';

describe('a hostile manifest is refused and does no harm', () => {
  test('circles', () => {
    const manifest: Record<string, unknown> = { ...sampleManifest() };
    manifest['x-self'] = manifest;
    expect(parseManifest(manifest)).toMatchObject({
      ok: false,
      issues: [{ message: expect.stringMatching(/nested|large/) }],
    });
  });

  test('depth', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(parseManifest({ 'x-deep': deep })).toMatchObject({ ok: false });
  });

  test('size', () => {
    const wide = { ...sampleManifest(), categories: Array.from({ length: 1_000_000 }, (_, index) => `c${index}`) };
    expect(parseManifest(wide)).toMatchObject({ ok: false, issues: [{ message: 'The manifest is too large.' }] });
  });

  test('getters and proxies that throw', () => {
    const thrower = () => {
      throw new Error('boom');
    };
    expect(parseManifest(Object.defineProperty({}, 'id', { enumerable: true, get: thrower })).ok).toBe(false);
    expect(parseManifest(new Proxy({}, { ownKeys: thrower })).ok).toBe(false);
    expect(parseManifest(new Proxy({}, { getPrototypeOf: thrower })).ok).toBe(false);
  });

  test('an array whose iterator never ends', () => {
    const endless = ['crm'];
    endless[Symbol.iterator] = function* () {
      while (true) yield 'crm';
    };
    expect(parseManifest({ ...sampleManifest(), categories: endless }).ok).toBe(true);
  });

  test('__proto__ as a key', () => {
    const text = JSON.stringify(sampleManifest()).replace('{', '{"__proto__": {"polluted": true}, ');
    expect(parseManifest(JSON.parse(text)).ok).toBe(false);
    expect('polluted' in {}).toBe(false);
  });

  test('texts made to keep a regular expression busy', () => {
    const long = `https://${'a.'.repeat(200_000)}!`;
    expect(
      parseManifest({ ...sampleManifest(), id: long, icon: undefined, version: `1.0.0-${'a-'.repeat(20)}!` }).ok,
    ).toBe(false);
    expect(parseManifest({ ...sampleManifest(), vendor: { name: 'Acme', url: long } }).ok).toBe(false);
  });

  test('never more than a hundred issues', () => {
    const fields = Array.from({ length: 100 }, () => ({ kind: 'string', order: 'x', a: 1, b: 2 }));
    const parsed = parseManifest({ ...sampleManifest(), config: { groups: [], fields } });
    expect(parsed.ok ? 0 : parsed.issues.length).toBe(100);
  });

  test('any value at all is answered, never thrown at', () => {
    fc.assert(
      fc.property(
        fc.anything({ withDate: true, withMap: true, withBigInt: true, withNullPrototype: true }),
        (value) => {
          expect(parseManifest(value).ok).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('any value in any place of a good manifest is answered, never thrown at', () => {
    const keys = Object.keys(sampleManifest()) as (keyof ConnectorManifest)[];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.anything(), (key, value) => {
        const parsed = parseManifest({ ...sampleManifest(), [key]: value });
        if (!parsed.ok) expect(parsed.issues.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
