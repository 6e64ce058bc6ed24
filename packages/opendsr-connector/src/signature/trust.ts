import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----/g;

/** More certificates than this have no place in one file. */
const MOST_CERTIFICATES = 10;

function parsed(data: Uint8Array | string): X509Certificate[] {
  try {
    return [new X509Certificate(data)];
  } catch {
    return [];
  }
}

/** The certificates in a file: PEM, one or several, or a single one in DER. Empty where there is none that can be read. */
export function readCertificates(file: Uint8Array): X509Certificate[] {
  const blocks = Buffer.from(file).toString('latin1').match(block) ?? [];
  return blocks.length === 0 ? parsed(file) : blocks.slice(0, MOST_CERTIFICATES).flatMap(parsed);
}

/** The certificate authorities that signing certificates may come from. */
export class TrustStore {
  private bySubject: ReadonlyMap<string, readonly X509Certificate[]> | undefined;

  /** @param authorities PEM; those that Node.js brings unless given. Read when first asked. */
  constructor(private readonly authorities: readonly string[] = rootCertificates) {}

  /** Authorities with the name that the certificate gives as its issuer. */
  namedAsIssuerOf(certificate: X509Certificate): readonly X509Certificate[] {
    this.bySubject ??= this.read();
    return this.bySubject.get(certificate.issuer) ?? [];
  }

  private read(): ReadonlyMap<string, readonly X509Certificate[]> {
    const found = new Map<string, X509Certificate[]>();
    for (const authority of this.authorities.flatMap(parsed)) {
      found.set(authority.subject, [...(found.get(authority.subject) ?? []), authority]);
    }
    return found;
  }
}
