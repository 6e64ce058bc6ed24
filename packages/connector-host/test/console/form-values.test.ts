/** What the console draws and sends is what the contract makes of it: one rule for what exists, told twice, held together here. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { type ConnectorManifest, resolveConfig } from 'connector-contract';
import { configOf, type Draft, shownFields } from '../../console/src/form/visible.js';

const manifest = JSON.parse(
  readFileSync(new URL('fixtures/plugins/every-field/manifest.json', import.meta.url), 'utf8'),
) as ConnectorManifest;
const filled: Draft = { token: 'a-long-token', account: 'north' };

describe.each([
  ['defaults', filled],
  ['a value that shows a field', { ...filled, mode: 'window', days: 3 }],
  ['a chain of fields', { ...filled, mode: 'window', days: 3, archive: true, archiveKey: 'a-long-key' }],
  [
    'a chain whose beginning is hidden again',
    { ...filled, mode: 'full', days: 3, archive: true, archiveKey: 'a-long-key' },
  ],
  ['an endpoint', { ...filled, baseUrl: 'http://127.0.0.1:4700' }],
] as const)('%s', (_name, draft) => {
  test.each([true, false])('shows exactly the fields that count, endpoints allowed: %s', (endpointsAllowed) => {
    const resolved = resolveConfig(manifest, draft, { endpointsAllowed });
    expect(resolved.issues).toEqual([]);
    const shown = shownFields(manifest, draft, endpointsAllowed).map(({ key }) => key);
    expect(shown).toEqual(expect.arrayContaining(Object.keys(resolved.config ?? {})));
    const sent = configOf(manifest, draft, endpointsAllowed);
    expect(resolveConfig(manifest, sent, { endpointsAllowed })).toEqual(resolved);
    for (const key of Object.keys(sent)) expect(shown).toContain(key);
  });
});

test('an emptied text is not sent', () => {
  expect(configOf(manifest, { ...filled, callback: '' }, false)).toEqual(filled);
});
