import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { threats } from '../../../../scripts/threats.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const all = threats();

test('every threat of the model has a protection and a test', () => {
  expect(all.length).toBeGreaterThan(20);
  for (const { threat, protection, tests } of all) {
    expect([threat, protection === '', tests.length]).toEqual([threat, false, expect.any(Number)]);
    expect([threat, tests.length > 0]).toEqual([threat, true]);
  }
});

test.each(all.flatMap(({ tests }) => tests))(
  'the test that the model names is there: $file $name',
  ({ file, name }) => {
    expect(existsSync(root + file)).toBe(true);
    const text = readFileSync(root + file, 'utf8').replaceAll("\\'", "'");
    expect(text).toMatch(/\btest/);
    expect(text).not.toMatch(/\b(test|describe)\.(skip|todo)\b/);
    if (name !== undefined) expect(text).toContain(name);
  },
);
