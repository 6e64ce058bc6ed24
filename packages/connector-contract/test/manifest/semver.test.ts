import { expect, test } from '@jest/globals';
import { inRange, isRange, isVersion } from '../../src/manifest/index.js';

test.each([
  ['1.2.3', '^1.0.0', true],
  ['2.0.0', '^1.0.0', false],
  ['0.2.5', '^0.2.3', true],
  ['0.3.0', '^0.2.3', false],
  ['0.0.4', '^0.0.3', false],
  ['0.5.0', '^0', true],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['1.9.0', '~1', true],
  ['1.4.0', '1.x', true],
  ['2.0.0', '1', false],
  ['9.9.9', '*', true],
  ['1.5.0', '>=1.0.0 <2.0.0', true],
  ['2.0.0', '>=1.0.0 <2.0.0', false],
  ['3.1.0', '^1.0.0 || ^3.0.0', true],
  ['1.3.0', '>1.2', true],
  ['1.2.9', '>1.2', false],
  ['1.2.9', '<=1.2', true],
  ['1.0.0', '=1.0.0', true],
  ['1.0.0', '1.0.0', true],
  ['1.0.0-beta.2', '^1.0.0-beta.1', true],
  ['1.0.0-beta.2', '>=1.0.0-beta.10', false],
  ['1.0.0', '^1.0.0-beta.1', true],
  ['1.1.0-beta.1', '^1.0.0', false],
  ['1.0.0-alpha', '1.0.0-beta', false],
])('%s in %s: %p', (version, range, expected) => {
  expect(inRange(version, range)).toBe(expected);
});

test.each(['', 'v1.0.0', '1.0', '1.2.3.4', '1.0.0-', '01a.0.0'])('%p is not a version', (text) => {
  expect(isVersion(text)).toBe(false);
  expect(inRange(text, '*')).toBe(false);
});

test.each(['', 'latest', '^', '1.0.0 - 2.0.0', '>=1.0.0 <', '^1.0.0 ||'])('%p is not a range', (text) => {
  expect(isRange(text)).toBe(false);
  expect(inRange('1.0.0', text)).toBe(false);
});
