import type { Answer, Effect, VendorFault } from 'connector-kit';
import type { OpenDsrClient } from '../opendsr/client.js';
import { fault, type OwnCode } from '../opendsr/fault-codes.js';
import type { Certificates, SigningKey } from './certificates.js';
import { isSignedBy, signatureHeaders } from './signature.js';

/** A key younger than this, in milliseconds, is not fetched again because of one signature that does not fit it. */
const FRESH_MS = 60_000;

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
   * The body of an answer, once its signature is known to be good; as it is where verification is switched off. A processor that
   * has a new certificate since is given the benefit: the certificate is looked at once more.
   * @param prepared the key of {@link prepare}. To fetch it only now could fail, as if the call had.
   * @throws VendorFault
   */
  async open(
    { headers, body }: Pick<Answer, 'headers' | 'body'>,
    client: OpenDsrClient,
    effect: Effect,
    prepared?: SigningKey,
  ): Promise<Uint8Array> {
    const { signatures } = client.settings;
    if (signatures === undefined) return body;
    const { domain, signature } = signatureHeaders(headers);
    if (signature === undefined) {
      throw unsound('SIGNATURE_MISSING', 'The answer of the processor is not signed.', effect);
    }
    if (domain !== signatures.domain) {
      throw unsound(
        'PROCESSOR_DOMAIN_MISMATCH',
        `The answer is signed in the name of another domain than ${signatures.domain}.`,
        effect,
      );
    }
    const known = prepared ?? (await this.certificates.key(client, signatures));
    if (isSignedBy(body, signature, known.key)) return body;
    // A call that changes something makes no further ones: what it left open is looked at afresh by whoever asks next.
    const isOld = client.ctx.clock.now() - known.fetchedAt >= FRESH_MS;
    if (effect === 'read' && isOld) {
      const { key } = await this.certificates.fetch(client, signatures);
      if (isSignedBy(body, signature, key)) return body;
    }
    throw unsound('SIGNATURE_INVALID', 'The signature of the answer is not that of the processor.', effect);
  }
}

/** The fault of an answer that cannot be taken for what it claims to be: the call itself may well have worked. */
export function unsound(code: OwnCode, message: string, effect: Effect): VendorFault {
  return fault(code, message, { mayHaveArrived: effect === 'change' });
}
