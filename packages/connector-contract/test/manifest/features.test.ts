import { expect, test } from '@jest/globals';
import { asksFor, contractFeatures, missingFeatures, parseManifest } from '../../src/index.js';
import { sampleManifest } from './sample.js';

const asking = (...features: string[]) => {
  const manifest = sampleManifest();
  return { ...manifest, contract: { ...manifest.contract, features } };
};

test('a manifest that asks for nothing lacks nothing, whatever the host offers', () => {
  expect(missingFeatures(sampleManifest(), [])).toEqual([]);
  expect(asksFor(sampleManifest(), 'operation-keys')).toBe(false);
});

test('what is lacking is told in the order of the manifest, names that no contract knows among them', () => {
  const manifest = asking('telepathy', 'operation-keys', 'divided-operations');
  expect(missingFeatures(manifest)).toEqual(['telepathy']);
  expect(missingFeatures(manifest, ['divided-operations'])).toEqual(['telepathy', 'operation-keys']);
  expect(asksFor(manifest, 'operation-keys')).toBe(true);
});

test('every feature of the contract, and one of a later contract, may stand in a manifest', () => {
  expect(parseManifest(asking(...Object.keys(contractFeatures), 'a-later-one'))).toMatchObject({ ok: true });
});

test.each([['Telepathy'], ['two words'], [''], ['-a'], ['a'.repeat(61)]])('%j is no name of a feature', (name) => {
  const parsed = parseManifest(asking(name));
  expect(parsed).toMatchObject({ ok: false, issues: [{ path: 'contract.features[0]' }] });
});

test('no feature stands there twice', () => {
  expect(parseManifest(asking('a', 'a'))).toMatchObject({ ok: false, issues: [{ path: 'contract.features' }] });
});
