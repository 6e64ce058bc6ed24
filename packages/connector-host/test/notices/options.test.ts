import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { connectorHost } from '../cli/run.js';

const folder = mkdtempSync(join(tmpdir(), 'mail-options-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, readonly string[], Record<string, string>, RegExp]>([
  ['a server and no sender', ['--smtp-server', 'localhost'], {}, /both --smtp-server and --mail-from/],
  ['an account and no server', ['--smtp-user', 'host'], {}, /--smtp-user was given/],
  ['a password on the command line', ['--smtp-password', 'canary-0815'], {}, /CONNECTOR_HOST_SMTP_PASSWORD/],
  ['no such way to keep it safe', ['--smtp-security', 'maybe'], {}, /starttls, tls, none/],
  [
    'an authority that cannot be read',
    ['--smtp-server', 'localhost', '--mail-from', 'a@example.com', '--smtp-ca', 'no.pem'],
    {},
    /--smtp-ca/,
  ],
])('%s is refused before anything starts', async (_name, flags, environment, said) => {
  const { code, err } = await connectorHost(['serve', '--data-dir', folder, ...flags], environment);
  expect(code).toBe(2);
  expect(err).toMatch(said);
  expect(err).not.toContain('canary');
});
