import { type KeyObject, verify } from 'node:crypto';
import type { Answer, AnswerHeaders, Effect, VendorFault } from 'connector-kit';
import type { OpenDsrClient } from '../opendsr/client.js';
import { fault, type OwnCode } from '../opendsr/fault-codes.js';
import type { Certificates, SigningKey } from './certificates.js';

/** A key younger than this, in milliseconds, is not fetched again because of one signature that does not fit it. */
const FRESH_MS = 60_000;

/** RSA signatures have the length of the key; nobody has one of more than 16,384 bits. */
const base64 = /^[A-Za-z0-9+/]{128,2752}={0,2}$/;

/** In whose name an answer is signed (lower case; `''` where it does not say), under the newer or the older name of the headers. */
export function signatureHeaders(headers: AnswerHeaders): { readonly domain: string; readonly signature?: Buffer } {
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

/** Makes sure that answers come from the processor, before anybody reads them. */
export class Verifier {
  constructor(private readonly certificates: Certificates) {}

  /**
   * The key to open the answer with, before anything is sent: whoever sends something wants to be able to believe the answer. None
   * where verification is switched off.
   * @throws VendorFault where the key cannot be had; nothing was changed at the processor.
   */
  async prepare(client: OpenDsrClient): Promise<SigningKey | undefined> {
    const { signatures } = client.settings;
    return signatures === undefined ? undefined : this.certificates.key(client, signatures);
  }

  /**
   * Sees to it that an answer is signed by the processor, over exactly the bytes that came; where verification is switched off, any will do.
   * A processor that has a new certificate since is given the benefit: the certificate is looked at once more.
   * @param prepared the key of {@link prepare}. To fetch it only now could fail, as if the call had.
   * @throws VendorFault
   */
  async verify({ headers, body }: Answer, client: OpenDsrClient, effect: Effect, prepared?: SigningKey): Promise<void> {
    const { signatures } = client.settings;
    if (signatures === undefined) return;
    const { domain, signature } = signatureHeaders(headers);
    if (signature === undefined) {
      throw unsound('SIGNATURE_MISSING', 'The answer of the processor is not signed.', effect);
    }
    if (domain !== signatures.domain) {
      const message = `The answer is signed in the name of another domain than ${signatures.domain}.`;
      throw unsound('PROCESSOR_DOMAIN_MISMATCH', message, effect);
    }
    const known = prepared ?? (await this.certificates.key(client, signatures));
    const isBy = ({ key }: SigningKey): boolean => isSignedBy(body, signature, key);
    if (isBy(known)) return;
    // A call that changes something makes no further ones: what it left open is looked at afresh by whoever asks next.
    const isOld = client.ctx.clock.now() - known.fetchedAt >= FRESH_MS;
    if (effect === 'read' && isOld && isBy(await this.certificates.fetch(client, signatures))) return;
    throw unsound('SIGNATURE_INVALID', 'The signature of the answer is not that of the processor.', effect);
  }
}

/** The fault of an answer that cannot be taken for what it claims to be: the call itself may well have worked. */
export function unsound(code: OwnCode, message: string, effect: Effect): VendorFault {
  return fault(code, message, { mayHaveArrived: effect === 'change' });
}
