/** Vendors behind a proxy: a connector reaches them through it, learns nothing of it, and reaches nothing else through it. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openLog } from '../../../src/log.js';
import { type Place, proxyTo, readProxies } from '../../../src/plugins/isolation/proxies.js';
import type { ConnectorRegistry, Isolation } from '../../../src/plugins/registry.js';
import { testContext } from '../context.js';
import { apart, loadFixtures } from '../fixtures.js';

const token = 'Bearer s3cret-of-the-connection';
const folder = mkdtempSync(join(tmpdir(), 'proxies-'));
const portOf = (server: Server | Http2SecureServer) => (server.address() as AddressInfo).port;

let vendor: Http2SecureServer;
let seenByVendor: (string | undefined)[] = [];

/** A proxy as operators run them: CONNECT alone. It knows where the vendor's names lead, and notes what it sees. */
let proxy: Server;
let asked: { readonly place: string | undefined; readonly authorization: string | undefined }[] = [];
let passed = '';
let answer: (place: string | undefined) => 'lead' | number = () => 'lead';

beforeAll(async () => {
  vendor = createSecureServer({ allowHTTP1: true, ...certificate('api.caller.example') }, (request, response) => {
    seenByVendor.push(request.headers.authorization);
    response.end('the vendor');
  });
  vendor.listen(0, '127.0.0.1');
  proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on('connect', ({ url, headers }, near: Socket) => {
    asked.push({ place: url, authorization: headers['proxy-authorization'] });
    near.on('error', () => undefined);
    const decided = answer(url);
    if (decided !== 'lead') return near.end(`HTTP/1.1 ${decided} No\r\n\r\n`);
    const far = connect(portOf(vendor), '127.0.0.1', () => near.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    near.on('data', (bytes) => {
      passed += bytes.toString('latin1');
    });
    far.on('error', () => near.destroy());
    return near.pipe(far).pipe(near);
  });
  proxy.listen(0, '127.0.0.1');
  await Promise.all([once(vendor, 'listening'), once(proxy, 'listening')]);
});
afterAll(() => {
  vendor.close();
  proxy.closeAllConnections();
  proxy.close();
  rmSync(folder, { recursive: true });
});

/** A certificate that signs itself, and that connectors trust as an operator's own. */
function certificate(name: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

let registry: ConnectorRegistry;
let log = '';

/** Loads the connector behind the proxy, and lets it call an address. */
async function call(
  url: string,
  isolation: Isolation,
  more: { readonly environment?: Record<string, string>; readonly allowed?: readonly string[] } = {},
): Promise<unknown> {
  const proxies = readProxies({
    HTTPS_PROXY: `http://operator:p%40ss-of-the-proxy@127.0.0.1:${portOf(proxy)}`,
    ...more.environment,
  });
  const write = (line: string) => {
    log += line;
  };
  registry = await loadFixtures(['caller'], {
    isolation,
    log: openLog({ level: 'debug', to: { write } }),
    ...(proxies === undefined ? {} : { proxies }),
  });
  const ctx = testContext({ apiToken: token, url }, { allowedOrigins: more.allowed ?? [] });
  return (await registry.runner('caller')?.check(ctx))?.facts;
}

beforeEach(() => {
  process.env['NODE_EXTRA_CA_CERTS'] = join(folder, 'cert.pem');
  [asked, passed, seenByVendor, log] = [[], '', [], ''];
  answer = () => 'lead';
});
afterEach(async () => {
  delete process.env['NODE_EXTRA_CA_CERTS'];
  await registry.close();
});

const all = (what: string) => ({ https: what, fetch: what, http2: what });

describe.each(apart)('a vendor behind a proxy, with isolation %s,', (isolation) => {
  test('is reached through it by every client, and the proxy sees neither the token nor what is said', async () => {
    expect(await call('https://api.caller.example/', isolation)).toEqual(all('the vendor'));
    const authorization = `Basic ${Buffer.from('operator:p@ss-of-the-proxy').toString('base64')}`;
    expect(asked).toEqual(Array(3).fill({ place: 'api.caller.example:443', authorization }));
    expect(seenByVendor).toEqual(Array(3).fill(token));
    expect(passed.length).toBeGreaterThan(500);
    expect(passed).not.toContain(token);
    expect(passed).not.toContain('the vendor');
  });

  test('must show a certificate of its name, whoever leads there', async () => {
    const facts = await call('https://apart.caller.example/', isolation);
    expect(asked[0]).toMatchObject({ place: 'apart.caller.example:443' });
    expect(facts).toEqual(all('ERR_TLS_CERT_ALTNAME_INVALID'));
    expect(seenByVendor).toEqual([]);
  });

  test('must show a certificate that is trusted', async () => {
    delete process.env['NODE_EXTRA_CA_CERTS'];
    expect(await call('https://api.caller.example/', isolation)).toEqual(all('DEPTH_ZERO_SELF_SIGNED_CERT'));
    expect(seenByVendor).toEqual([]);
  });

  test('to which the proxy does not lead is not reached, and the log says why without the password', async () => {
    answer = () => 407;
    expect(await call('https://api.caller.example/', isolation)).toEqual(all('ECONNRESET'));
    expect(log).toContain('The proxy does not lead there');
    expect(log).toContain(`"proxy":"127.0.0.1:${portOf(proxy)}","to":"api.caller.example:443","status":407`);
    expect(log).not.toContain('p@ss-of-the-proxy');
    expect(log).not.toContain('p%40ss-of-the-proxy');
    expect(seenByVendor).toEqual([]);
  });

  test('that NO_PROXY names is looked for without it', async () => {
    const facts = await call('https://api.caller.example/', isolation, { environment: { NO_PROXY: 'caller.example' } });
    expect(Object.values(facts as object).filter((one) => !/^(ENOTFOUND|EAI_AGAIN)$/.test(one))).toEqual([]);
    expect(asked).toEqual([]);
  });
});

describe.each(apart)('through a proxy, with isolation %s,', (isolation) => {
  test.each(['https://elsewhere.example/', 'https://api.caller.example:8443/', 'https://10.9.9.9/'])(
    'nobody is asked to lead to a place that is not allowed: %s',
    async (url) => {
      await expect(call(url, isolation)).resolves.toEqual(all('ENDPOINT_NOT_ALLOWED'));
      expect(asked).toEqual([]);
    },
  );

  test('the proxy itself is no place that a connector may reach', async () => {
    expect(await call(`https://127.0.0.1:${portOf(proxy)}/`, isolation)).toEqual(all('ENDPOINT_NOT_ALLOWED'));
  });

  test('this machine is not reached, but directly, where the operator allows it', async () => {
    const url = `https://127.0.0.1:${portOf(vendor)}`;
    expect(await call(url, isolation, { allowed: [url] })).toEqual(all('ERR_TLS_CERT_ALTNAME_INVALID'));
    expect(asked).toEqual([]);
  });
});

describe('the proxy to a place', () => {
  const settings = readProxies({
    HTTPS_PROXY: 'https://secure.proxy.example',
    http_proxy: 'plain.proxy.example:3128',
    HTTP_PROXY: 'http://not-this.example',
    NO_PROXY: 'apart.example, .below.example:8443 *.starred.example,192.0.2.0/24,[2001:db8::1],10.1.2.3:80',
  });
  const to = (host: string, port = 443, secure = true) => proxyTo({ host, port, secure } satisfies Place, settings);

  test('follows from how the place is spoken to', () => {
    expect(to('vendor.example')?.href).toBe('https://secure.proxy.example/');
    expect(to('vendor.example', 80, false)?.href).toBe('http://plain.proxy.example:3128/');
  });

  test.each<[string, number]>([
    ['apart.example', 443],
    ['api.apart.example', 443],
    ['api.below.example', 8443],
    ['api.starred.example', 443],
    ['192.0.2.200', 443],
    ['2001:db8::1', 443],
    ['10.1.2.3', 80],
    ['localhost', 443],
    ['127.0.0.1', 443],
    ['::1', 443],
  ])('is none: %s port %i', (host, port) => {
    expect(to(host, port)).toBeUndefined();
  });

  test.each<[string, number]>([
    ['notapart.example', 443],
    ['apart.example.evil.example', 443],
    ['api.below.example', 443],
    ['192.0.3.1', 443],
    ['2001:db8::2', 443],
    ['10.1.2.3', 81],
  ])('is there for %s port %i', (host, port) => {
    expect(to(host, port)).toBeDefined();
  });

  test('is ALL_PROXY where nothing else is said, and none for "*" or where nothing is set', () => {
    const place = { host: 'vendor.example', port: 443, secure: true };
    expect(proxyTo(place, readProxies({ ALL_PROXY: 'http://all.example' }))?.hostname).toBe('all.example');
    expect(proxyTo(place, readProxies({ ALL_PROXY: 'http://all.example', no_proxy: '*' }))).toBeUndefined();
    expect(readProxies({ HTTPS_PROXY: '', NO_PROXY: 'x' })).toBeUndefined();
  });

  test.each([
    'socks5://user:hidden@proxy.example',
    'http://user:hidden%zz@proxy.example',
    'http://',
    'ht tp://user:hidden@x',
  ])('is refused by the name of its variable, not by its value: %s', (address) => {
    const read = () => readProxies({ HTTPS_PROXY: address });
    expect(read).toThrow(/^HTTPS_PROXY does not name an http or https proxy\.$/);
    expect(read).not.toThrow('hidden');
  });
});
