import { describe, expect, test } from '@jest/globals';
import type { CheckReport } from 'connector-contract';
import { selfSigned } from './processor/authority.js';
import { credentials, DOMAIN } from './processor/processor.js';
import { Stage } from './stage.js';

const stage = Stage.use();

async function checked(more: Readonly<Record<string, unknown>> = {}): Promise<CheckReport> {
  return stage.load().connector.check(stage.context(more));
}

/** Outcomes that are not `granted`, as `permission outcome code`. */
function trouble({ permissions }: CheckReport): string[] {
  return permissions
    .filter(({ outcome }) => outcome !== 'granted')
    .map(({ permission, outcome, code }) => [permission, outcome, code].filter(Boolean).join(' '));
}

describe('a check', () => {
  test('of a processor that offers everything is ready, and tells what was learnt', async () => {
    await stage.open();
    const report = await checked();
    expect(report).toMatchObject({ status: 'ready', problems: [] });
    expect(trouble(report)).toEqual([]);
    expect(report.facts).toMatchObject({ apiVersion: '2.0', processorDomain: DOMAIN, identityFormat: 'raw' });
    expect(report.facts['identityTypes']).toContain('email, controller_customer_id');
    expect(Date.parse(String(report.facts['certificateExpires']))).toBeGreaterThan(stage.now);
  });

  test('names nobody and asks for nothing', async () => {
    const processor = await stage.open();
    await checked();
    expect(processor.calls.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual(['{}']);
    expect(processor.requests.size).toBe(0);
  });

  test('asks nothing that only an unused capability needs', async () => {
    const processor = await stage.open();
    const ctx = stage.context({}, {}, new AbortController().signal, []);
    const report = await stage.load().connector.check(ctx);
    expect(report.status).toBe('ready');
    expect(trouble(report)).toEqual([
      'erasure-offered skipped',
      'identities-offered skipped',
      'requests-read skipped',
      'requests-write skipped',
    ]);
    expect(processor.calls.map(({ path }) => path)).toEqual(['/v2/discovery', '/certificate.pem']);
  });

  test('of a wrong credential is blocked, though the discovery is open', async () => {
    await stage.open();
    const report = await checked({ bearerToken: 'wrong' });
    expect(report.status).toBe('blocked');
    expect(trouble(report)).toEqual(['requests-read denied UNAUTHENTICATED', 'requests-write denied UNAUTHENTICATED']);
  });

  test.each([
    ['', 'denied UNAUTHENTICATED'],
    ['\r\n', 'denied UNAUTHENTICATED'],
    ['<html>', 'unverifiable GATEWAY_REFUSED'],
  ])('takes HTTP 401 with the body %j for: %s', async (body, finding) => {
    const processor = await stage.open();
    processor.before = ({ url = '' }, response) =>
      url.startsWith('/v2/requests') && response.writeHead(401).end(body) !== undefined;
    expect(trouble(await checked())).toEqual([`requests-read ${finding}`, `requests-write ${finding}`]);
  });

  test('of a credential that may only read is blocked', async () => {
    await stage.open();
    const report = await checked({ bearerToken: credentials.readOnly });
    expect(report.status).toBe('blocked');
    expect(trouble(report)).toEqual(['requests-write denied PERMISSION_MISSING']);
  });

  test('of a processor without erasure is blocked', async () => {
    (await stage.open()).requestTypes = ['access'];
    expect(trouble(await checked())).toEqual(['erasure-offered denied ERASURE_NOT_OFFERED']);
  });

  test('of a format that the processor does not take is blocked, and says which it does', async () => {
    await stage.open();
    const report = await checked({ identityFormat: 'md5' });
    expect(trouble(report)).toEqual(['identities-offered denied IDENTITIES_NOT_OFFERED']);
    expect(report.permissions.find(({ code }) => code !== undefined)?.remedy).toContain('raw, sha256');
  });

  test('of another version than the processor speaks is blocked, and says which it does', async () => {
    (await stage.open()).apiVersion = '3.0';
    const report = await checked();
    expect(report.status).toBe('blocked');
    expect(report.problems).toMatchObject([{ code: 'PROTOCOL_MISMATCH', field: 'protocol' }]);
    expect(report.problems[0]?.message).toContain('3.0');
    expect((await checked({ protocol: 'opendsr-3' })).status).toBe('ready');
  });

  test('of a processor that makes requests under the older path is blocked until that is chosen', async () => {
    (await stage.open()).generation = 'opengdpr';
    const report = await checked();
    expect(trouble(report)).toEqual(['requests-write denied PROTOCOL_MISMATCH']);
    expect((await checked({ protocol: 'opengdpr-1' })).status).toBe('ready');
  });

  test('of an address where no request can be made is blocked', async () => {
    const processor = await stage.open();
    processor.before = ({ method }, response) =>
      method === 'POST' && response.writeHead(405).end('{"error": {}}') !== undefined;
    expect(trouble(await checked())).toEqual(['requests-write denied PROTOCOL_MISMATCH']);
  });

  test('of a certificate that is not good is blocked, and says why', async () => {
    const processor = await stage.open();
    processor.files.set('/certificate.pem', (await selfSigned(DOMAIN)).certificate);
    const report = await checked();
    expect(report.status).toBe('blocked');
    expect(trouble(report)).toEqual(['certificate-trusted denied CERTIFICATE_NOT_TRUSTED']);
    expect(report.permissions[1]?.message).toContain('self-signed');
  });

  test('of a certificate on another host is blocked, and the certificate URL settles it', async () => {
    const processor = await stage.open();
    processor.certificateAt = 'https://static.processor.example/cert.pem';
    const report = await checked();
    expect(trouble(report)).toEqual(['certificate-trusted denied CERTIFICATE_UNAVAILABLE']);
    expect(report.permissions[1]?.message).toContain('static.processor.example');
    const settled = await checked({ certificateUrl: `${processor.origin}/certificate.pem` });
    expect(settled.status).toBe('ready');
  });

  test('without verification is degraded, whatever else is fine', async () => {
    const processor = await stage.open();
    const report = await checked({ verifySignatures: false });
    expect(report.status).toBe('degraded');
    expect(trouble(report)).toEqual(['certificate-trusted skipped']);
    expect(processor.calls.some(({ path }) => path === '/certificate.pem')).toBe(false);
  });

  test('of a processor that takes a request for nothing cannot tell who may make requests', async () => {
    const processor = await stage.open();
    processor.before = ({ method }, response) => method === 'POST' && response.writeHead(201).end('{}') !== undefined;
    const report = await checked();
    expect(report.status).toBe('degraded');
    expect(trouble(report)).toEqual(['requests-write unverifiable VENDOR_ANSWER_UNREADABLE']);
  });

  test.each([
    [400, '<html>'],
    [400, ''],
    [403, 'Forbidden'],
    [404, '<html>'],
    [404, ''],
    [407, '{}'],
    [414, ''],
    [451, '<html>'],
  ])(
    'that something in between refuses with HTTP %i and %j cannot tell what the credential may do',
    async (status, body) => {
      const processor = await stage.open();
      processor.before = ({ url = '' }, response) =>
        url.startsWith('/v2/requests') && response.writeHead(status).end(body) !== undefined;
      const report = await checked();
      expect(report.status).toBe('degraded');
      expect(trouble(report)).toEqual([
        'requests-read unverifiable GATEWAY_REFUSED',
        'requests-write unverifiable GATEWAY_REFUSED',
      ]);
    },
  );

  test.each([
    ['an address that is no OpenDSR', 200, '<html>', 'VENDOR_ANSWER_UNREADABLE'],
    ['a wrong path', 404, '{}', 'NOT_FOUND'],
    ['a web site', 404, '<html>', 'GATEWAY_REFUSED'],
    ['a processor in trouble', 503, '', 'VENDOR_ERROR'],
    ['a redirect', 302, '', 'REDIRECTED'],
  ])('of %s is blocked', async (_, status, body, code) => {
    const processor = await stage.open();
    processor.before = (_request, response) =>
      response.writeHead(status, { location: 'http://127.0.0.1:9/' }).end(body) !== undefined;
    const report = await checked();
    expect(report).toMatchObject({ status: 'blocked', problems: [{ code }], facts: {} });
    expect(report.permissions.slice(1).map(({ outcome }) => outcome)).toEqual(Array(5).fill('skipped'));
  });

  test('of an address that nobody allowed calls nobody', async () => {
    const processor = await stage.open();
    const report = await stage.load().connector.check({ ...stage.context(), allowedOrigins: [] });
    expect(report).toMatchObject({ status: 'blocked', problems: [{ code: 'ENDPOINT_NOT_ALLOWED' }] });
    expect(processor.calls).toEqual([]);
  });

  test('of a configuration that is not valid names the field', async () => {
    await stage.open();
    const ctx = { ...stage.context(), config: { baseUrl: 'nowhere' } };
    const { status, problems } = await stage.load().connector.check(ctx);
    expect(status).toBe('blocked');
    expect(problems.map(({ code, field }) => [code, field])).toEqual([
      ['CONFIG_INVALID', 'baseUrl'],
      ['CONFIG_INVALID', 'bearerToken'],
    ]);
  });
});

describe('over TLS', () => {
  test('a processor whose authority is trusted is spoken to, hosts taken from the configuration', async () => {
    const tls = await stage.authority.issue({ names: ['127.0.0.1'] });
    await stage.open(tls);
    expect(await checked()).toMatchObject({ status: 'ready' });
  });

  test('a certificate that nobody trusts is told apart, and nothing is sent', async () => {
    const processor = await stage.open(await selfSigned('127.0.0.1'));
    const report = await checked();
    expect(report).toMatchObject({ status: 'blocked', problems: [{ code: 'TLS_NOT_TRUSTED' }] });
    expect(processor.calls).toEqual([]);
  });

  test('a certificate of another host is told apart', async () => {
    await stage.open(await stage.authority.issue({ names: ['elsewhere.example'] }));
    expect((await checked()).problems).toMatchObject([{ code: 'TLS_NOT_TRUSTED' }]);
  });
});
