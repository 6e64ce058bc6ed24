import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import type { HostOptions } from '../src/host-options.js';
import { demandUsable } from '../src/usable-options.js';

const options: HostOptions = { dataDir: tmpdir(), roots: [tmpdir()], develop: { inspect: undefined } };

test('a host for writing connectors starts on this machine, with a database of its own', () => {
  expect(() => demandUsable(options)).not.toThrow();
});

test.each<[string, Partial<HostOptions>]>([
  ['others reach it', { host: '0.0.0.0', insecureBind: true }],
  ["the database is the operator's", { databaseUrl: 'postgresql://x@db.example/x' }],
  ['walls are required', { requireWall: true }],
])('it is refused where %s', (_why, more) => {
  expect(() => demandUsable({ ...options, ...more })).toThrow('--develop');
});

test.each<[string, Partial<HostOptions>]>([
  ['--public-url', { publicUrl: 'x' }],
  ['--allow-endpoint', { allowEndpoints: ['x'] }],
  ['--allow-webhook', { allowWebhooks: ['x'] }],
])('%s that is no address is refused before a database is started', (option, more) => {
  expect(() => demandUsable({ dataDir: tmpdir(), roots: [tmpdir()], ...more })).toThrow(option);
});
