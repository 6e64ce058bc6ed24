import { type KeyObject, verify } from 'node:crypto';
import type { AnswerHeaders } from 'connector-kit';

/** What an answer says about who signed it. */
export interface SignatureHeaders {
  /** Lower case; `''` where it does not say. */
  readonly domain: string;
  readonly signature?: Buffer;
}

/** RSA signatures have the length of the key; nobody has one of more than 16,384 bits. */
const base64 = /^[A-Za-z0-9+/]{128,2752}={0,2}$/;

/** Reads the signature headers under their newer or older name. */
export function signatureHeaders(headers: AnswerHeaders): SignatureHeaders {
  const header = (name: string): string => headers[`x-opendsr-${name}`] ?? headers[`x-opengdpr-${name}`] ?? '';
  const encoded = header('signature').replace(/\s+/g, '');
  return {
    domain: header('processor-domain').trim().toLowerCase(),
    ...(base64.test(encoded) ? { signature: Buffer.from(encoded, 'base64') } : {}),
  };
}

/** Whether the signature is one over exactly these bytes by that key: RSA (PKCS#1 v1.5) over their SHA-256. */
export function isSignedBy(body: Uint8Array, signature: Buffer, key: KeyObject): boolean {
  return verify('RSA-SHA256', body, key, signature);
}
