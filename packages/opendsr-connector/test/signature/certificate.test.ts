import { createSign, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { judgeCertificate } from '../../src/signature/certificate.js';
import { readCertificates, TrustStore } from '../../src/signature/trust.js';
import { isSignedBy, signatureHeaders } from '../../src/signature/verifier.js';
import { Authority, type Issued, selfSigned } from '../processor/authority.js';

const domain = 'opendsr.processor.example';
const day = 86_400_000;
const now = Date.now();

let authority: Authority;
let good: Issued;

beforeAll(async () => {
  authority = await Authority.create();
  good = await authority.issue({ names: [domain] });
});

function judge(file: string, more: { domain?: string; now?: number; trust?: TrustStore } = {}) {
  const trust = new TrustStore([authority.certificate]);
  return judgeCertificate(readCertificates(Buffer.from(file)), { domain, now, trust, ...more });
}

describe('a certificate is good', () => {
  test('issued to the domain by a trusted authority', () => {
    const judged = judge(good.certificate);
    expect(judged).toMatchObject({ until: Date.parse(new X509Certificate(good.certificate).validTo) });
  });

  test('in DER as well as in PEM', () => {
    const der = new X509Certificate(good.certificate).raw;
    const judged = judgeCertificate(readCertificates(der), {
      domain,
      now,
      trust: new TrustStore([authority.certificate]),
    });
    expect(judged).toHaveProperty('key');
  });

  test('by way of another authority that comes with it, in whatever order', async () => {
    const below = await authority.intermediate();
    const { certificate } = await below.issue({ names: [domain] });
    expect(judge(`${certificate}\n${below.certificate}`)).toHaveProperty('key');
    expect(judge(`${below.certificate}\n${certificate}\n${authority.certificate}`)).toHaveProperty('key');
  });

  test('by way of an authority with two certificates, of which one leads to nobody that is known', async () => {
    const stranger = await Authority.create('Stranger');
    const below = await authority.intermediate();
    const lowest = await below.intermediate('Lowest');
    const { certificate } = await lowest.issue({ names: [domain] });
    const crossed = await stranger.crossSign(below);
    expect(judge([certificate, lowest.certificate, crossed, below.certificate].join('\n'))).toHaveProperty('key');
    expect(judge([certificate, lowest.certificate, below.certificate, crossed].join('\n'))).toHaveProperty('key');
    expect(judge([certificate, lowest.certificate, crossed].join('\n'))).toHaveProperty('problem');
  });

  test('by way of five authorities at most', async () => {
    const certificates: string[] = [];
    let lowest = authority;
    const below = async (): Promise<string> => {
      lowest = await lowest.intermediate(`Link ${certificates.length}`);
      certificates.push(lowest.certificate);
      return [...certificates, (await lowest.issue({ names: [domain] })).certificate].join('\n');
    };
    for (let link = 1; link <= 5; link += 1) expect(judge(await below())).toHaveProperty('key');
    expect(judge(await below())).toEqual({ problem: 'It does not come from a trusted authority.' });
  });

  test('where the case of the domain differs', () => {
    expect(judge(good.certificate, { domain: 'OpenDSR.Processor.example' })).toHaveProperty('key');
  });
});

describe('a certificate is not good', () => {
  test('issued to another domain, and it is told to which', () => {
    expect(judge(good.certificate, { domain: 'other.example' })).toEqual({
      problem: `It was not issued to other.example, but to ${domain}.`,
    });
  });

  test('issued to all names below a domain', async () => {
    const { certificate } = await authority.issue({ names: ['*.processor.example'] });
    expect(judge(certificate)).toMatchObject({ problem: expect.stringContaining('not issued') });
  });

  test.each([
    ['expired', { notBefore: new Date(now - 9 * day), notAfter: new Date(now - day) }],
    ['not valid yet', { notBefore: new Date(now + day), notAfter: new Date(now + 9 * day) }],
  ])('that is %s', async (_, validity) => {
    const { certificate } = await authority.issue({ names: [domain], ...validity });
    expect(judge(certificate)).toEqual({ problem: 'It has expired, or is not valid yet.' });
  });

  test('that vouches for itself, even where somebody trusts it', async () => {
    const { certificate } = await selfSigned(domain);
    expect(judge(certificate)).toEqual({ problem: 'It is self-signed.' });
    expect(judge(certificate, { trust: new TrustStore([certificate]) })).toEqual({ problem: 'It is self-signed.' });
  });

  test('from an authority that nobody knows, even where that comes along', async () => {
    const stranger = await Authority.create('Stranger');
    const { certificate } = await stranger.issue({ names: [domain] });
    const problem = { problem: 'It does not come from a trusted authority.' };
    expect(judge(certificate)).toEqual(problem);
    expect(judge(`${certificate}\n${stranger.certificate}`)).toEqual(problem);
    expect(judge(good.certificate, { trust: new TrustStore() })).toEqual(problem);
  });

  test('from an authority that has only the name of a trusted one', async () => {
    const impostor = await Authority.create();
    const { certificate } = await impostor.issue({ names: [domain] });
    expect(judge(certificate)).toEqual({ problem: 'It does not come from a trusted authority.' });
  });

  test('issued by a certificate that is no authority', async () => {
    const shop = await authority.intermediate('shop.example', false);
    const { certificate } = await shop.issue({ names: [domain] });
    const problem = { problem: 'It does not come from a trusted authority.' };
    expect(judge(`${certificate}\n${shop.certificate}`)).toEqual(problem);
    expect(judge(certificate, { trust: new TrustStore([shop.certificate]) })).toEqual(problem);
  });

  test('with a key that is too short', async () => {
    const { certificate } = await authority.issue({ names: [domain], modulusLength: 1024 });
    expect(judge(certificate)).toMatchObject({ problem: expect.stringContaining('2048 bits') });
  });

  test.each(['', 'no certificate', '<!doctype html>', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
    'that is none: %j',
    (file) => {
      expect(judge(file)).toEqual({ problem: 'There is no certificate in the file.' });
    },
  );
});

describe('a signature', () => {
  const sign = (body: string): string => createSign('RSA-SHA256').update(body).sign(good.key, 'base64');

  test('is that of the key over exactly these bytes', () => {
    const judged = judge(good.certificate);
    if ('problem' in judged) throw new Error(judged.problem);
    const body = Buffer.from('{"a": 1}');
    const signature = Buffer.from(sign('{"a": 1}'), 'base64');
    expect(isSignedBy(body, signature, judged.key)).toBe(true);
    expect(isSignedBy(Buffer.from('{"a":1}'), signature, judged.key)).toBe(false);
    expect(isSignedBy(body, Buffer.alloc(256), judged.key)).toBe(false);
  });

  test('is read under both names, broken over lines or not', () => {
    const text = sign('x');
    const lines = text.replace(/(.{80})/g, '$1 ');
    for (const name of ['opendsr', 'opengdpr']) {
      const headers = { [`x-${name}-processor-domain`]: ' OpenDSR.Processor.example ', [`x-${name}-signature`]: lines };
      expect(signatureHeaders(headers)).toEqual({ domain, signature: Buffer.from(text, 'base64') });
    }
  });

  test.each(['', 'abc', '!'.repeat(400), 'A'.repeat(10_000)])('is none where the header holds %.5j', (header) => {
    expect(signatureHeaders({ 'x-opendsr-signature': header })).toEqual({ domain: '' });
  });
});
