import { expect, test } from '@jest/globals';
import { manifestMarkdown, quotaGroupOf } from '../../src/manifest/index.js';
import { sampleManifest } from './sample.js';

const manifest = sampleManifest();
const quota = {
  subjects: 1000,
  per: 'calendar-month' as const,
  groups: [
    { id: 'near', label: 'Near', field: 'mode', in: ['one'] },
    { id: 'far', label: 'Far', field: 'extras', in: [true] },
  ],
};
const grouped = { ...manifest, limits: { ...manifest.limits, quota } };

test.each([
  [{ mode: 'one', extras: true }, 'near'],
  [{ mode: 'two', extras: true }, 'far'],
  [{ mode: 'two', extras: 'true' }, undefined],
  [{}, undefined],
])('a connection set to %j counts in the group %s', (config, group) => {
  expect(quotaGroupOf(grouped, config)?.id).toBe(group);
  expect(quotaGroupOf(manifest, config)).toBeUndefined();
});

test('the documentation says what is counted apart', () => {
  expect(manifestMarkdown(grouped)).toContain('1000 people a calendar month, counted apart for Near; Far.');
});
