import type { KeyObject, X509Certificate } from 'node:crypto';
import type { TrustStore } from './trust.js';

/** Links between a certificate and its authority at most. */
const LONGEST_CHAIN = 6;

/** Bits of an RSA key at least. */
const LEAST_BITS = 2048;

/** The key of a certificate that was found good. */
export interface SoundKey {
  readonly key: KeyObject;
  /** Milliseconds since the epoch at which the certificate expires. */
  readonly until: number;
}

/** What a certificate is held against. */
export interface Expectation {
  /** The name it must have been issued to, exactly. */
  readonly domain: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly trust: TrustStore;
}

/**
 * Judges the certificate that a processor signs with, as the specification asks (section 4.1, and its security guidelines): issued
 * to the processor's domain by a trusted authority, not self-signed, valid now, with an RSA key. Pure. Whether it has been
 * revoked is not asked: that would be a call to yet another host.
 * @param file the certificates of its file; others than its own serve as links to the authority.
 */
export function judgeCertificate(
  file: readonly X509Certificate[],
  { domain, now, trust }: Expectation,
): SoundKey | { readonly problem: string } {
  const own = file.find((one) => isIssuedTo(one, domain)) ?? file.find((one) => !one.ca) ?? file[0];
  if (own === undefined) return { problem: 'There is no certificate in the file.' };
  if (!isIssuedTo(own, domain)) return { problem: `It was not issued to ${domain}${issuedTo(own)}.` };
  if (!isValidAt(own, now)) return { problem: 'It has expired, or is not valid yet.' };
  if (isSelfSigned(own)) return { problem: 'It is self-signed.' };
  const { asymmetricKeyType, asymmetricKeyDetails } = own.publicKey;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_BITS) {
    return { problem: `Its key is not an RSA key of at least ${LEAST_BITS} bits.` };
  }
  if (!leadsToAuthority(own, file, trust, now)) return { problem: 'It does not come from a trusted authority.' };
  return { key: own.publicKey, until: Date.parse(own.validTo) };
}

function isIssuedTo(certificate: X509Certificate, domain: string): boolean {
  return certificate.checkHost(domain, { subject: 'never', wildcards: false }) !== undefined;
}

function isValidAt({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now < Date.parse(validTo);
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

/**
 * Whether a chain of issuers leads to an authority. An issuer may have several certificates in the file (cross-signed ones), of which
 * only one leads there; so all are followed, link by link, each once.
 */
function leadsToAuthority(
  own: X509Certificate,
  file: readonly X509Certificate[],
  trust: TrustStore,
  now: number,
): boolean {
  const isIssuing = (issuer: X509Certificate, one: X509Certificate): boolean =>
    issuer.ca && isValidAt(issuer, now) && isIssuedBy(one, issuer);
  let reached: readonly X509Certificate[] = [own];
  let others = file.filter((one) => one !== own && !isSelfSigned(one));
  for (let link = 0; link < LONGEST_CHAIN; link += 1) {
    if (reached.some((one) => trust.namedAsIssuerOf(one).some((issuer) => isIssuing(issuer, one)))) return true;
    const next = new Set(others.filter((issuer) => reached.some((one) => isIssuing(issuer, one))));
    others = others.filter((one) => !next.has(one));
    reached = [...next];
  }
  return false;
}

/** The names it was issued to, as far as they are plain host names: what a person compares with what they entered. */
function issuedTo({ subjectAltName = '' }: X509Certificate): string {
  const names = [...subjectAltName.matchAll(/DNS:([A-Za-z0-9.-]{1,253})(?=,|$)/g)].map((match) => match[1]);
  return names.length === 0 ? '' : `, but to ${names.slice(0, 3).join(', ')}`;
}
