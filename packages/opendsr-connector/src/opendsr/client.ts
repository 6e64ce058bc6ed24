import type { ConnectorContext } from 'connector-contract';
import {
  type Answer,
  type Call,
  Http,
  isJsonObject,
  present,
  type Refusal,
  usualVerdict,
  type Vendor,
  VendorClient,
} from 'connector-kit';
import { ownManifest } from '../manifest.js';
import type { Settings } from '../settings.js';
import { type Discovery, readDiscovery } from './answers.js';
import { fault, type OwnCode } from './fault-codes.js';
import { dialects } from './protocol.js';

/** What may be set about the requests of a connector. */
export interface HttpOptions {
  /** Milliseconds until an answer is there in full; the manifest's `limits.timeoutMs` unless given. */
  readonly timeoutMs?: number;
  /** Certificate authorities (PEM) that TLS connections trust; those of Node.js unless given. */
  readonly authorities?: readonly string[];
}

/** Bytes of an answer. A status has a few hundred, a discovery a few thousand. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * The specification has JSON for errors and leaves open what is in it; a page or plain text comes from something in between. So may an
 * empty body: it is believed of a refused credential only, from which nothing final follows.
 */
function isProcessors(refusal: Refusal): boolean {
  return isJsonObject(refusal) || (refusal.status === 401 && refusal.text.trim() === '');
}

/** A processor, as the kit's client needs to know it. */
export function processor({ timeoutMs, authorities }: HttpOptions = {}): Vendor<OwnCode> {
  const name = 'the processor';
  return {
    manifest: ownManifest,
    name,
    fault,
    isVendors: isProcessors,
    // A conflict over an id that only this operation has means that the processor knows the request already; it has to be looked for.
    judge: (refusal) =>
      refusal.status === 409
        ? { ...usualVerdict(refusal, name, isProcessors(refusal)), mayHaveArrived: true }
        : undefined,
    http: new Http(authorities),
    bounds: present({ maxAnswerBytes: MAX_ANSWER_BYTES, timeoutMs }),
  };
}

/** What is made of an answer. */
type Reader<T> = (answer: Answer) => T | Promise<T>;

/** The calls of OpenDSR, for one connection. Every one is made exactly once: what to repeat, and when, is the host's to say. */
export class OpenDsrClient {
  private readonly client: VendorClient<OwnCode>;

  constructor(
    readonly ctx: ConnectorContext,
    readonly settings: Settings,
    vendor: Vendor<OwnCode>,
  ) {
    const headers = {
      // Signatures are made over the bytes that travel.
      'Accept-Encoding': 'identity',
      Authorization: settings.authorization,
    };
    this.client = new VendorClient(ctx, { base: settings.base, headers }, vendor);
  }

  /** `GET /discovery`. @throws VendorFault */
  discovery(): Promise<Discovery> {
    return this.ask({ path: ['discovery'] }, ({ json }) => readDiscovery(json()));
  }

  /** `POST /requests`. @throws VendorFault */
  create<T>(body: object, read: Reader<T>, effect: 'change' | 'probe' = 'change'): Promise<T> {
    return this.ask({ method: 'POST', path: [this.requests], body, effect }, read);
  }

  /** `GET /requests/{id}`. @throws VendorFault */
  status<T>(id: string, read: Reader<T>): Promise<T> {
    return this.ask({ path: [this.requests, id] }, read);
  }

  /** `DELETE /requests/{id}`. @throws VendorFault */
  cancel<T>(id: string, read: Reader<T>): Promise<T> {
    return this.ask({ method: 'DELETE', path: [this.requests, id] }, read);
  }

  /** The certificate, from wherever it is published: the credential stays at home. @throws VendorFault */
  certificate(url: URL): Promise<Uint8Array> {
    const headers = { Accept: 'application/x-pem-file, application/pkix-cert, */*' };
    return this.ask({ path: url, headers }, ({ body }) => body);
  }

  private ask<T>(call: Omit<Call, 'limit'>, read: Reader<T>): Promise<T> {
    return this.client.ask({ ...call, limit: 'processor' }, read);
  }

  private get requests(): string {
    return dialects[this.settings.protocol].requests;
  }
}
