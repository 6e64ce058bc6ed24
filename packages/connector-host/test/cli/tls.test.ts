/** `connector-host serve` beyond this machine: by TLS with the files that its flags name, or not at all unless it is told to. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { connectorHost } from './run.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tls-flags-'));
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
let database: TestDatabase;
let environment: Record<string, string>;

beforeAll(async () => {
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  writeFileSync(join(folder, 'none.pem'), 'no certificate', { mode: 0o600 });
  writeFileSync(join(folder, 'open.pem'), readFileSync(key), { mode: 0o600 });
  chmodSync(join(folder, 'open.pem'), 0o640);
  execFileSync('openssl', ['genpkey', '-algorithm', 'ed25519', '-out', join(folder, 'other.pem')], { stdio: 'ignore' });
  database = await testDatabase();
  environment = {
    CONNECTOR_HOST_DATABASE_URL: database.url,
    CONNECTOR_HOST_DATA_DIR: join(folder, 'data'),
    CONNECTOR_HOST_ROOT: folder,
    CONNECTOR_HOST_LOG_LEVEL: 'silent',
  };
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const flags = ['serve', '--host', '0.0.0.0', '--port', '0'];

test.each<[string, readonly string[], RegExp]>([
  ['without TLS', [], /--tls-cert.*--insecure-bind/s],
  ['with half of it', ['--tls-cert', cert], /both --tls-cert and --tls-key/],
  [
    'with a file that holds no certificate',
    ['--tls-cert', join(folder, 'none.pem'), '--tls-key', key],
    /--tls-cert: .*PEM/,
  ],
  ['with a file that holds no key', ['--tls-cert', cert, '--tls-key', join(folder, 'none.pem')], /--tls-key: .*PEM/],
  ['with the key of another', ['--tls-cert', cert, '--tls-key', join(folder, 'other.pem')], /not the key of the cert/],
  [
    'with a key that others may read',
    ['--tls-cert', cert, '--tls-key', join(folder, 'open.pem')],
    /--tls-key: other accounts.*chmod 600/s,
  ],
  ['with a file that is not there', ['--tls-cert', cert, '--tls-key', join(folder, 'no.pem')], /--tls-key: the file/],
])('it does not start %s', async (_name, more, said) => {
  const { code, err } = await connectorHost([...flags, ...more], environment);
  expect([code, err]).toEqual([2, expect.stringMatching(said)]);
});

test('with both files it serves HTTPS with that certificate, and no HTTP', async () => {
  const child = spawn(process.execPath, [main, ...flags, '--tls-cert', cert, '--tls-key', key], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    const status = await new Promise((resolve, reject) => {
      get(`${url}/healthz`, { ca: readFileSync(cert), agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
    await expect(fetch(url.replace('https:', 'http:'))).rejects.toThrow();
    const asked = (more = {}) =>
      connectorHost(['connectors'], { CONNECTOR_HOST_TOKEN: 'x', CONNECTOR_HOST_URL: url, ...more });
    const untrusting = await asked();
    expect([untrusting.code, untrusting.err]).toEqual([
      3,
      expect.stringMatching(/certificate.*not trusted.*NODE_EXTRA_CA_CERTS/s),
    ]);
    // Trusted, the host is reached: it does not know the token.
    const trusting = await asked({ NODE_EXTRA_CA_CERTS: cert });
    expect([trusting.code, trusting.err]).toEqual([3, expect.not.stringContaining('certificate')]);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
});
