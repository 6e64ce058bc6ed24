import { describe, expect, test } from '@jest/globals';
import { type ConnectorConfig, resolveConfig } from 'connector-contract';
import { validateConfig as validate } from 'connector-kit';
import { ownManifest } from '../src/manifest.js';
import { settingsOf } from '../src/settings.js';

const validateConfig = (raw: unknown) => validate(ownManifest(), raw);
const least = { baseUrl: 'https://dsr.processor.example/v2', bearerToken: 'abc' };

function resolved(raw: Readonly<Record<string, unknown>>): ConnectorConfig {
  return resolveConfig(ownManifest(), raw, { endpointsAllowed: true }).config ?? {};
}

describe('a configuration', () => {
  test('needs a base URL and a credential', () => {
    expect(validateConfig({}).issues.map(({ field }) => field)).toEqual(['baseUrl', 'bearerToken']);
    expect(validateConfig(least)).toEqual({ valid: true, issues: [] });
  });

  test.each([
    ['basic', ['username', 'password']],
    ['key-secret', ['apiKey', 'apiSecret']],
    ['bearer', ['bearerToken']],
  ])('of authentication %s asks for what belongs to it', (authKind, fields) => {
    const { issues } = validateConfig({ baseUrl: least.baseUrl, authKind });
    expect(issues.map(({ field }) => field)).toEqual(fields);
  });

  test.each([
    ['a user name with a colon', { authKind: 'basic', username: 'a:b', password: 'p' }, 'username'],
    ['a key with a colon', { authKind: 'key-secret', apiKey: 'a:b', apiSecret: 's' }, 'apiKey'],
    ['a token with a space', { bearerToken: 'Bearer abc' }, 'bearerToken'],
    ['credentials in the base URL', { baseUrl: 'https://me:pw@x.example' }, 'baseUrl'],
    ['a query in the base URL', { baseUrl: 'https://x.example/v2?key=1' }, 'baseUrl'],
    ['a domain that is an address', { processorDomain: 'https://x.example' }, 'processorDomain'],
    ['an unknown field', { trustedAuthorities: 'x' }, 'trustedAuthorities'],
  ])('with %s is refused', (_, more, field) => {
    expect(validateConfig({ ...least, ...more }).issues.map((issue) => issue.field)).toEqual([field]);
  });

  test('becomes settings: signatures in the name of the host of the base URL unless told otherwise', () => {
    expect(settingsOf(resolved({ ...least, baseUrl: 'https://DSR.Processor.example/v2/' }))).toEqual({
      base: 'https://dsr.processor.example/v2',
      protocol: 'opendsr-2',
      authorization: 'Bearer abc',
      regulation: 'gdpr',
      identityFormat: 'raw',
      signatures: { domain: 'dsr.processor.example' },
    });
  });

  test('can switch signatures off, and nothing of them is left', () => {
    const off = { ...least, verifySignatures: false };
    expect(settingsOf(resolved(off))).not.toHaveProperty('signatures');
  });

  test.each([
    ['basic', { username: 'jos\u00e9', password: 'p:w' }, 'jos\u00e9:p:w'],
    ['key-secret', { apiKey: 'key', apiSecret: 'secret' }, 'key:secret'],
  ])('of authentication %s sends user and password as RFC 7617 has it', (authKind, more, text) => {
    const { authorization } = settingsOf(resolved({ baseUrl: least.baseUrl, authKind, ...more }));
    expect(authorization).toBe(`Basic ${Buffer.from(text, 'utf8').toString('base64')}`);
  });

  test('that is wrong gives a fault that names the field and not the value', () => {
    const wrong = (): unknown => settingsOf({ ...least, bearerToken: 'secret with spaces' });
    expect(wrong).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', field: 'bearerToken' }));
    expect(JSON.stringify(validateConfig({ ...least, bearerToken: 'secret with spaces' }))).not.toContain('secret w');
  });
});
