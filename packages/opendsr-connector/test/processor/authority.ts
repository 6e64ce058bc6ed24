import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};

/** A certificate with its private key, both PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate is to be. */
export interface Wanted {
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly modulusLength?: number;
  /** Makes a certificate that is an authority itself. */
  readonly ca?: boolean;
}

const validity = (wanted: Pick<Wanted, 'notBefore' | 'notAfter'>) => ({
  notBefore: wanted.notBefore ?? new Date(Date.now() - 86_400_000),
  notAfter: wanted.notAfter ?? new Date(Date.now() + 90 * 86_400_000),
});

let serial = 0;
const nextSerial = (): string => (++serial).toString(16).padStart(4, '0');

async function pemOf(key: CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key);
  return x509.PemConverter.encode(bytes, 'PRIVATE KEY');
}

/** A certificate authority of the tests' own. */
export class Authority {
  private constructor(
    /** PEM. */
    readonly certificate: string,
    private readonly own: x509.X509Certificate,
    private readonly keys: CryptoKeyPair,
  ) {}

  /** A new root, known to nobody. */
  static async create(name = 'Test Authority'): Promise<Authority> {
    x509.cryptoProvider.set(webcrypto as Crypto);
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
    const own = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: nextSerial(),
      name: `CN=${name}`,
      ...validity({}),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new Authority(own.toString('pem'), own, keys);
  }

  /** An authority below this one; or one that only acts as if it were, with a certificate that does not make it one. */
  async intermediate(name = 'Test Intermediate', ca = true): Promise<Authority> {
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
    const own = await this.sign(keys.publicKey, name, { names: [], ca });
    return new Authority(own.toString('pem'), own, keys);
  }

  /** Another certificate for the name and key of an authority, PEM. */
  async crossSign({ own }: Authority): Promise<string> {
    const key = await own.publicKey.export();
    return (await this.sign(key, own.subjectName.getField('CN')[0] ?? '', { names: [], ca: true })).toString('pem');
  }

  async issue(wanted: Wanted): Promise<Issued> {
    const size = { ...algorithm, modulusLength: wanted.modulusLength ?? 2048 };
    const keys = (await webcrypto.subtle.generateKey(size, true, ['sign', 'verify'])) as CryptoKeyPair;
    const certificate = await this.sign(keys.publicKey, wanted.names[0] ?? 'nobody', wanted);
    return { certificate: certificate.toString('pem'), key: await pemOf(keys.privateKey) };
  }

  private sign(publicKey: CryptoKey, name: string, wanted: Wanted): Promise<x509.X509Certificate> {
    return x509.X509CertificateGenerator.create({
      serialNumber: nextSerial(),
      subject: `CN=${name}`,
      issuer: this.own.subject,
      ...validity(wanted),
      signingAlgorithm: algorithm,
      publicKey,
      signingKey: this.keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(wanted.ca === true, undefined, true),
        ...(wanted.names.length === 0 ? [] : [alternativeNames(wanted.names)]),
      ],
    });
  }
}

function alternativeNames(names: readonly string[]): x509.SubjectAlternativeNameExtension {
  return new x509.SubjectAlternativeNameExtension(
    names.map((value) => ({ type: /^[\d.]+$/.test(value) ? ('ip' as const) : ('dns' as const), value })),
  );
}

/** A certificate that vouches for itself. */
export async function selfSigned(name: string): Promise<Issued> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: nextSerial(),
    name: `CN=${name}`,
    ...validity({}),
    signingAlgorithm: algorithm,
    keys,
    extensions: [alternativeNames([name])],
  });
  return { certificate: own.toString('pem'), key: await pemOf(keys.privateKey) };
}
