import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { connectorHost } from './run.js';

const commands = [
  'serve',
  'worker',
  'connectors',
  'connect',
  'connections',
  'change',
  'check',
  'submit',
  'import',
  'status',
  'retry',
  'cancel',
  'settle',
  'detect',
  'systems',
  'leftovers',
  'receipt',
];

describe('the command line without a host', () => {
  it('says in no --help of a flag that it is an empty list', async () => {
    for (const command of ['connect', 'change', 'submit']) {
      expect((await connectorHost([command, '--help'])).out).not.toContain('[]');
    }
  });

  it('names every command and the exit codes in --help', async () => {
    const { code, out } = await connectorHost(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(out).toContain(`  ${command} `);
    expect(out).toContain('Exit codes: 0 done');
  });

  it.each(commands)('explains "%s" in its own --help', async (command) => {
    const { code, out } = await connectorHost([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: connector-host ${command}`);
  });

  it.each([
    ['an unknown command', ['destroy'], 'unknown command'],
    ['an unknown flag', ['status', '--frobnicate'], '--frobnicate'],
    ['a missing argument', ['check'], "missing required argument 'connection'"],
    ['a number that is none', ['status', '--limit', 'many'], 'Give a whole number from 0 to 1000'],
    ['a port that is none', ['serve', '--port', '99999'], '--port'],
    ['a time that is none', ['retry', '--since', 'yesterday'], '--since'],
    ['a time without zone', ['retry', '--until', '2026-01-01T08:00'], '--until'],
    ['a day that is none', ['retry', '--since', '2026-02-30'], 'a date such as 2026-01-31'],
    ['an operation that is no number', ['settle', 'abc', '--resubmit'], "argument 'operation'. Give a whole number"],
    [
      'a folder that is not there',
      ['connectors', 'lock', '--root', '/nowhere'],
      '--root: there is no folder /nowhere.',
    ],
    ['an endpoint that is none', ['serve', '--allow-endpoint', 'x'], '--allow-endpoint: '],
    ['a webhook that is none', ['serve', '--allow-webhook', 'x'], '--allow-webhook: '],
    ['a secret as a flag', ['serve', '--admin-token', 'visible-to-all'], 'CONNECTOR_HOST_ADMIN_TOKEN'],
  ])('ends with code 2 and says why on %s', async (_what, args, says) => {
    const { code, err } = await connectorHost(args);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(err).toMatch(/What to do: |"remedy":|is not a whole number from/);
    expect(err).not.toContain('visible-to-all');
  });

  it('asks for a token, and never takes one from the command line', async () => {
    const { code, err } = await connectorHost(['status']);
    expect(code).toBe(2);
    expect(err).toContain('CONNECTOR_HOST_TOKEN');
  });

  it('names the file that it cannot read', async () => {
    const { code, err } = await connectorHost(['status', '--token-file', '/nowhere/token']);
    expect(code).toBe(2);
    expect(err).toContain('--token-file: cannot read /nowhere/token (ENOENT)');
  });

  it('ends with code 3 where no host answers, and says where it looked', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((closed) => server.close(closed));
    const { code, err } = await connectorHost(['connectors', '--url', `http://127.0.0.1:${port}`], {
      CONNECTOR_HOST_TOKEN: 'x',
    });
    expect(code).toBe(3);
    expect(err).toContain(`No host answers at http://127.0.0.1:${port}`);
  });

  it.each([
    ['no URL', 'nowhere'],
    ['another protocol', 'ftp://127.0.0.1/'],
    ['a user and a password', 'http://ada:sesame@127.0.0.1:1'],
    ['a password in what is no URL', 'http://ada:sesame@:x'],
  ])('ends with code 2 on an address with %s, and never shows a password', async (_what, url) => {
    const token = { CONNECTOR_HOST_TOKEN: 'x' };
    const [flag, variable] = await Promise.all([
      connectorHost(['connectors', '--url', url], token),
      connectorHost(['connectors'], { ...token, CONNECTOR_HOST_URL: url }),
    ]);
    expect([flag.code, variable.code]).toEqual([2, 2]);
    expect(flag.err).toContain('--url');
    expect(variable.err).toContain('CONNECTOR_HOST_URL');
    expect(flag.err + variable.err).not.toContain('sesame');
  });

  it.each([
    ['several lines', 'secret-one\nsecret-two\n'],
    ['blanks', 'secret one'],
    ['letters beyond ASCII', 'secret-é'],
  ])('ends with code 2 on a token of %s, without showing it', async (_what, token) => {
    const file = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
    writeFileSync(file, token);
    const { code, err } = await connectorHost(['connectors', '--token-file', file]);
    expect(code).toBe(2);
    expect(err).toContain('--token-file');
    expect(err).not.toContain('secret');
  });

  it.each([
    ['a folder', tmpdir(), 'a folder'],
    ['nothing', '/nowhere/people.csv', 'ENOENT'],
  ])('ends with code 2 where the file of an import is %s', async (_what, file, why) => {
    const { code, err } = await connectorHost(['import', file], { CONNECTOR_HOST_TOKEN: 'x' });
    expect(code).toBe(2);
    expect(err).toContain(`Cannot read ${file} (${why}).`);
  });

  it('ends quietly where nobody reads its output any more', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('x-request-id', 'r1');
      response.end('{"items": []}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = ['connectors', '--json', '--url', `http://127.0.0.1:${port}`];
    const { code, err } = await connectorHost(args, { CONNECTOR_HOST_TOKEN: 'x' }, '', { unread: true });
    server.close();
    expect([code, err]).toEqual([0, '']);
  });

  it('refuses a secret in --set', async () => {
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('x-request-id', 'r1');
      response.end(JSON.stringify({ manifest: { config: { fields: [{ key: 'apiToken', kind: 'secret' }] } } }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = [
      'connect',
      'x',
      '--name',
      'n',
      '--set',
      'apiToken=visible-to-all',
      '--url',
      `http://127.0.0.1:${port}`,
    ];
    const { code, err } = await connectorHost(args, { CONNECTOR_HOST_TOKEN: 'x' });
    server.close();
    expect(code).toBe(2);
    expect(err).toContain('--set apiToken');
    expect(err).toContain('--secret-env apiToken=VARIABLE');
    expect(err).not.toContain('visible-to-all');
  });

  it('names the line of an identifiers file that is not kind=value', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'identifiers-')), 'person');
    writeFileSync(file, 'email=person@example.com\nperson-without-kind@example.com\n');
    const { code, err } = await connectorHost(['submit', 'r1', '--identifiers', file], { CONNECTOR_HOST_TOKEN: 'x' });
    expect(code).toBe(2);
    expect(err).toContain('line 2 is not of the form kind=value');
    expect(err).not.toContain('person-without-kind');
  });
});
