import { isConnectorFault } from 'connector-contract';
import { type FaultOptions, isAllowed, type VendorFault } from 'connector-kit';
import { ownManifest } from '../manifest.js';
import type { OpenDsrClient } from '../opendsr/client.js';
import { fault } from '../opendsr/fault-codes.js';
import type { SignatureSettings } from '../settings.js';
import { judgeCertificate, type SoundKey } from './certificate.js';
import { readCertificates, type TrustStore } from './trust.js';

/** A key, and when its certificate was fetched, in milliseconds since the epoch. */
export interface SigningKey extends SoundKey {
  readonly fetchedAt: number;
}

/** How long a key is used before the certificate is looked at again. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Connections of one process whose keys are remembered; with one more, all are got anew. */
const MOST_KEYS = 200;

/** The keys that processors sign with, fetched when needed and remembered for a day. */
export class Certificates {
  private readonly keys = new Map<string, SigningKey>();

  constructor(private readonly trust: TrustStore) {}

  /** The key of a connection's processor. @throws VendorFault */
  async key(client: OpenDsrClient, settings: SignatureSettings): Promise<SigningKey> {
    const known = this.keys.get(place(client, settings));
    const now = client.ctx.clock.now();
    if (known !== undefined && now < known.until && now - known.fetchedAt < KEPT_MS) return known;
    return this.fetch(client, settings);
  }

  /**
   * The same, without trusting to memory.
   * @param announced the address that discovery names, where that was asked already.
   * @throws VendorFault
   */
  async fetch(client: OpenDsrClient, settings: SignatureSettings, announced?: string): Promise<SigningKey> {
    const address = settings.certificateUrl ?? announced ?? (await client.discovery()).certificate;
    const file = await download(client, address);
    const now = client.ctx.clock.now();
    const judged = judgeCertificate(readCertificates(file), { domain: settings.domain, now, trust: this.trust });
    if ('problem' in judged) {
      const message = `The certificate that the processor signs with is not good. ${judged.problem}`;
      throw fault('CERTIFICATE_NOT_TRUSTED', message);
    }
    const found = { ...judged, fetchedAt: now };
    if (this.keys.size >= MOST_KEYS) this.keys.clear();
    this.keys.set(place(client, settings), found);
    return found;
  }
}

function place({ settings: { base } }: OpenDsrClient, { domain, certificateUrl = '' }: SignatureSettings): string {
  return [base, domain, certificateUrl].join(' ');
}

async function download(client: OpenDsrClient, address: string | undefined): Promise<Uint8Array> {
  if (address === undefined || !URL.canParse(address)) {
    throw unavailable('The processor does not say where its certificate is.');
  }
  const url = new URL(address);
  if (!isAllowed(url, ownManifest(), client.ctx)) {
    const where = /^[a-z0-9.-]{1,253}$/.test(url.hostname) ? url.hostname : 'another host';
    throw unavailable(`The certificate of the processor is on ${where}, which this connection may not call.`, {
      remedy: 'If the documentation of the processor names that address, enter it as certificate URL.',
    });
  }
  try {
    return await client.certificate(url);
  } catch (error) {
    if (!isConnectorFault(error) || error.retryable || error.httpStatus === undefined) throw error;
    const { httpStatus } = error;
    throw unavailable('The certificate of the processor is not where it should be.', { httpStatus });
  }
}

function unavailable(message: string, more?: FaultOptions): VendorFault {
  return fault('CERTIFICATE_UNAVAILABLE', message, more);
}
