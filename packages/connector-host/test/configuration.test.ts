import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConfiguration, type Sources } from '../src/configuration.js';
import { HostProblem } from '../src/problem.js';

const folder = mkdtempSync(join(tmpdir(), 'configuration-'));
const file = (text: string) => {
  const path = join(mkdtempSync(join(folder, 'f')), 'host.conf');
  writeFileSync(path, text);
  return path;
};
const detail = (sources: Sources) => {
  try {
    readConfiguration({ folder, ...sources });
  } catch (error) {
    if (error instanceof HostProblem) return `${error.code}: ${error.detail}`;
  }
  return 'no problem';
};

describe('the configuration', () => {
  test('a flag counts before the environment, and that before the file', () => {
    const config = file('# a comment\nport = 1\nhost = 0.0.0.0\nplan-window = 30\n');
    const environment = { CONNECTOR_HOST_PORT: '2', CONNECTOR_HOST_HOST: '::1', CONNECTOR_HOST_CONFIG: config };
    expect(readConfiguration({ flags: { port: '3' }, environment, folder })).toEqual({
      port: 3,
      host: '::1',
      'plan-window': 30,
    });
  });

  test('lists repeat as flags and lines, and stand with commas in the environment', () => {
    const config = file('allow-endpoint = http://a\nallow-endpoint = http://b\n');
    expect(readConfiguration({ flags: { config }, folder })['allow-endpoint']).toEqual(['http://a', 'http://b']);
    expect(readConfiguration({ environment: { CONNECTOR_HOST_ROOT: '/a, /b' }, folder }).root).toEqual(['/a', '/b']);
    expect(readConfiguration({ flags: { root: ['/x'] }, folder }).root).toEqual(['/x']);
  });

  test('paths stand on the folder', () => {
    expect(readConfiguration({ flags: { 'data-dir': 'data' }, folder })['data-dir']).toBe(join(folder, 'data'));
  });

  test('an empty variable counts as none', () => {
    expect(readConfiguration({ environment: { CONNECTOR_HOST_PORT: '' }, folder })).toEqual({});
  });

  test('the file that is found by its usual name is read', () => {
    const place = mkdtempSync(join(folder, 'usual'));
    writeFileSync(join(place, 'connector-host.conf'), 'port=7\n');
    expect(readConfiguration({ folder: place })).toEqual({ port: 7 });
  });

  test.each<[Sources, string]>([
    [{ flags: { port: 'x' } }, 'OPTION_INVALID: --port: "x" is not a whole number from 0 to 65535.'],
    [{ flags: { port: '65536' } }, 'OPTION_INVALID: --port: "65536" is not a whole number from 0 to 65535.'],
    [
      { environment: { CONNECTOR_HOST_PORT: '-1' } },
      'OPTION_INVALID: CONNECTOR_HOST_PORT: "-1" is not a whole number from 0 to 65535.',
    ],
    [{ flags: { 'log-level': 'loud' } }, 'OPTION_INVALID: --log-level: "loud" is not known.'],
    [{ flags: { host: '' } }, 'no problem'],
    [{ flags: { config: '/nowhere.conf' } }, 'OPTION_INVALID: The configuration file /nowhere.conf cannot be read.'],
    [
      { flags: { 'database-url': 'postgresql://x' } },
      'OPTION_INVALID: --database-url would show a secret to everybody on this machine.',
    ],
    [
      { environment: { CONNECTOR_HOST_DATABASE_URL: 'mysql://x:hush@y/z' } },
      'OPTION_INVALID: CONNECTOR_HOST_DATABASE_URL does not have the right form.',
    ],
    [{ environment: { CONNECTOR_HOST_DATABASE_URL: 'postgres://x:hush@y/z' } }, 'no problem'],
  ])('%j: %s', (sources, expected) => {
    expect(detail(sources)).toBe(expected);
  });

  test.each([
    ['port 1', 'line 1 is not of the form "name = value".'],
    ['\ncolour = red', 'line 2: there is no option "colour".'],
    ['port = 1\nport = 2', 'line 2: "port" is given twice.'],
    ['port =', 'line 1 has no value.'],
  ])('a file with %j is refused by line', (text, expected) => {
    expect(detail({ flags: { config: file(text) } })).toContain(expected);
  });

  test('a problem never shows a secret', () => {
    expect(
      detail({ environment: { CONNECTOR_HOST_ADMIN_TOKEN: 'hush' }, flags: { 'admin-token': 'hush' } }),
    ).not.toContain('hush');
  });
});
