import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readPublicUrl, withoutPrefix } from '../../src/public-url.js';
import { connectorHost } from '../cli/run.js';
import { type PrefixProxy, prefixProxy } from './prefix-proxy.js';
import { ADMIN, type RunningHost, runHost } from './running-host.js';

describe.each([
  ['with the prefix', false],
  ['without the prefix', true],
])('a host below a path, to which its proxy hands calls %s', (_how, strips) => {
  let proxy: PrefixProxy;
  let running: RunningHost;
  const bearer = { authorization: `Bearer ${ADMIN}` };
  beforeAll(async () => {
    proxy = await prefixProxy(strips);
    running = await runHost({ publicUrl: proxy.url });
    proxy.host = running.url;
  });
  afterAll(async () => {
    await running.stop();
    await proxy.stop();
  });

  test('is called there by the command line, which sends its token nowhere else', async () => {
    for (const url of [proxy.url, `${proxy.url}/`]) {
      const { code, out, err } = await connectorHost(['connections', '--json'], {
        CONNECTOR_HOST_URL: url,
        CONNECTOR_HOST_TOKEN: ADMIN,
      });
      expect([code, err]).toEqual([0, '']);
      expect(JSON.parse(out)).toMatchObject({ total: 0 });
    }
    expect(proxy.strayed).toEqual([]);
  });

  test('names itself by that path in what it answers', async () => {
    const made = await fetch(`${proxy.url}/api/v1/connections`, {
      method: 'POST',
      headers: { ...bearer, 'content-type': 'application/json' },
      body: JSON.stringify({
        connector: 'segment-config',
        name: 'Acme',
        config: {
          apiToken: running.sandbox.tokens.publicOwner,
          workspaceName: 'acme-demo',
          baseUrl: running.sandbox.url,
        },
      }),
    });
    const place = made.headers.get('location') ?? '';
    expect((await fetch(new URL(place, proxy.url), { headers: bearer })).status).toBe(200);
    const document = (await (await fetch(`${proxy.url}/openapi.json`)).json()) as { servers: unknown };
    expect(document.servers).toEqual([{ url: '/connector/' }]);
  });

  test('takes calls of its own pages there, and of no other', async () => {
    const of = async (origin: string) =>
      (await fetch(`${proxy.url}/api/v1/session`, { headers: { ...bearer, origin } })).status;
    expect(await of(new URL(proxy.url).origin)).toBe(200);
    expect(await of('http://127.0.0.1:1')).toBe(403);
  });
});

test.each([
  ['https://x.example', { origin: 'https://x.example', hostname: 'x.example', prefix: '' }],
  ['https://X.example:8443/a/b/', { origin: 'https://x.example:8443', hostname: 'x.example', prefix: '/a/b' }],
])('%s is a public address', (text, read) => {
  expect(readPublicUrl(text)).toEqual(read);
});

test.each([
  'x.example',
  'ftp://x.example',
  'https://x.example/?a',
  'https://x.example/#a',
  'https://u:p@x.example',
  'https://x.example/a"b',
])('%s is no public address', (text) => {
  expect(() => readPublicUrl(text)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
});

test.each([
  ['/connector/api', '/api'],
  ['/connector', '/'],
  ['/connector?a=1', '/?a=1'],
  ['/connectors/api', '/connectors/api'],
  ['/api', '/api'],
])('%s is the path %s of the host', (given, path) => {
  expect(withoutPrefix(given, '/connector')).toBe(path);
});
