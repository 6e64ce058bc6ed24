import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { faultCodes, looksSecret, manifestMarkdown, parseManifest } from 'connector-contract';
import { identityTypes } from '../src/deletion/identity.js';
import { ownManifest } from '../src/manifest.js';
import { ownFaultCodes } from '../src/opendsr/fault-codes.js';
import { dialects } from '../src/opendsr/protocol.js';

/** The identity types of the specification (section 5.1). */
const specified = [
  'email',
  'controller_customer_id',
  'android_advertising_id',
  'android_id',
  'fire_advertising_id',
  'ios_advertising_id',
  'ios_vendor_id',
  'microsoft_advertising_id',
  'microsoft_publisher_id',
  'roku_advertising_id',
  'roku_publisher_id',
];

const manifest = ownManifest();
const field = (key: string) => manifest.config.fields.find((one) => one.key === key);
const values = (key: string): string[] => {
  const found = field(key);
  if (found?.kind !== 'choice') throw new Error(`${key} is no choice`);
  return found.choices.map(({ value }) => value).sort();
};

describe('the manifest', () => {
  test('is valid', () => {
    const parsed = parseManifest(manifest);
    expect(parsed.ok ? [] : parsed.issues).toEqual([]);
  });

  test('has the set-up page made of it beside it', () => {
    expect(readFileSync(new URL('../SETUP.md', import.meta.url), 'utf8')).toBe(manifestMarkdown(manifest));
  });

  test('tries nothing but the making of requests by a dry run', () => {
    const dry = manifest.permissions.filter(({ probe }) => probe !== 'read-only');
    expect(dry.map(({ id, probe }) => [id, probe])).toEqual([['requests-write', 'dry-run']]);
  });

  test('has help for every fault code that exists, and for none that does not', () => {
    const codes = [...new Set([...Object.keys(faultCodes), ...Object.keys(ownFaultCodes)])].sort();
    expect(manifest.setup.troubleshooting.map((entry) => entry.code).sort()).toEqual(codes);
  });

  test('offers the protocols, kinds of authentication, formats and behaviors that the code knows', () => {
    expect(values('protocol')).toEqual(Object.keys(dialects).sort());
    expect(values('authKind')).toEqual(['basic', 'bearer', 'key-secret']);
    expect(values('identityFormat')).toEqual(['md5', 'raw', 'sha1', 'sha256']);
    expect(values('regulation')).toEqual(['ccpa', 'gdpr']);
    expect(values('asyncDeletionBehavior')).toEqual(['complete-on-submit', 'wait-for-completion']);
  });

  test('takes every identity type of the specification, and a user ID', () => {
    const kinds = manifest.identities.kinds.map(({ kind }) => kind);
    expect(kinds.sort()).toEqual([...specified, 'user_id'].sort());
    expect(new Set(identityTypes().values())).toEqual(new Set(specified));
    expect(identityTypes().get('user_id')).toBe('controller_customer_id');
  });

  test('connects to no host but those that a person enters', () => {
    expect(manifest.network).toEqual({ allowedHosts: [], fromFields: ['baseUrl', 'certificateUrl'] });
  });

  test('verifies signatures unless somebody switches that off, and warns whoever does', () => {
    expect(field('verifySignatures')).toMatchObject({ kind: 'toggle', default: true });
    expect(field('signatureWarning')).toMatchObject({
      kind: 'notice',
      tone: 'warning',
      visibleWhen: { field: 'verifySignatures', in: [false] },
    });
  });

  test('keeps what looks like a secret as one', () => {
    for (const one of manifest.config.fields) if (looksSecret(one.key)) expect(one.kind).toBe('secret');
  });

  test('offers no field by which a configuration could say whom to trust', () => {
    expect(manifest.config.fields.filter(({ key }) => /authorit|trust|\bca\b/i.test(key))).toEqual([]);
  });
});
