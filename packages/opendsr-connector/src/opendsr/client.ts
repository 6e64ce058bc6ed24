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
  type Verdict,
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

/** The calls at which a refusal means something of its own. */
type Kind = 'create' | 'find' | 'cancel';

/** A processor, as the kit's client needs to know it. */
export type Processor = Vendor<OwnCode, Kind>;

const name = 'the processor';

/**
 * The specification has JSON for errors and leaves open what is in it; a page or plain text comes from something in between. So may an
 * empty body: it is believed of a refused credential only, from which nothing final follows.
 */
function isProcessors(refusal: Refusal): boolean {
  return isJsonObject(refusal) || (refusal.status === 401 && refusal.text.trim() === '');
}

/** What a refusal means. Pure. */
function judge(refusal: Refusal<Kind>): Verdict<OwnCode> {
  const usual = usualVerdict(refusal, name, isProcessors(refusal));
  const { kind, effect, status } = refusal;
  // Over an id that only this operation has: the processor knows the request already; it has to be looked for.
  if (status === 409) return { ...usual, mayHaveArrived: true };
  // A request that is being made cannot be unknown: the processor has none at this address, and so speaks another version.
  if (kind === 'create' && (usual.code === 'NOT_FOUND' || (effect === 'probe' && usual.code === 'NOT_SUPPORTED'))) {
    return { code: 'PROTOCOL_MISMATCH', message: 'The processor takes no requests at this address.' };
  }
  // The specification has no other word for errors than 400, and nothing else can be wrong with a question about an id of this
  // connector's own making. Should it have meant something else, sending again under the id does no harm.
  if (kind === 'find' && usual.code === 'INPUT_REFUSED' && status === 400) {
    return { code: 'NOT_FOUND', message: 'The processor does not know the request.' };
  }
  // It has no better word than 400 for a request that it has begun with.
  if (kind === 'cancel' && usual.code === 'INPUT_REFUSED') {
    const message = 'The processor does not take the request back; most likely it has begun with it.';
    return { code: 'CONFLICT', message };
  }
  return usual;
}

/** A processor, trusted and waited for as told. */
export function processor({ timeoutMs, authorities }: HttpOptions): Processor {
  // A status has a few hundred bytes, a discovery a few thousand.
  const bounds = present({ maxAnswerBytes: 1024 * 1024, timeoutMs });
  return { manifest: ownManifest, name, fault, judge, http: new Http(authorities), bounds };
}

/** What is made of an answer. */
type Reader<T> = (answer: Answer) => T | Promise<T>;

/** The calls of OpenDSR, for one connection. Every one is made exactly once: what to repeat, and when, is the host's to say. */
export class OpenDsrClient {
  private readonly client: VendorClient<OwnCode, Kind>;
  private readonly requests: string;

  constructor(
    readonly ctx: ConnectorContext,
    readonly settings: Settings,
    vendor: Processor,
  ) {
    const { base, authorization: Authorization } = settings;
    // Signatures are made over the bytes that travel.
    this.client = new VendorClient(ctx, { base, headers: { 'Accept-Encoding': 'identity', Authorization } }, vendor);
    this.requests = dialects[settings.protocol].requests;
  }

  /** `GET /discovery`. @throws VendorFault */
  discovery(): Promise<Discovery> {
    return this.ask({ path: ['discovery'] }, ({ json }) => readDiscovery(json()));
  }

  /** `POST /requests`. @throws VendorFault */
  create<T>(body: object, read: Reader<T>, effect: 'change' | 'probe' = 'change'): Promise<T> {
    return this.ask({ method: 'POST', path: [this.requests], body, effect, kind: 'create' }, read);
  }

  /** `GET /requests/{id}`. @param kind `find` for a request that may never have come. @throws VendorFault */
  status<T>(id: string, read: Reader<T>, kind?: 'find'): Promise<T> {
    return this.ask({ path: [this.requests, id], ...present({ kind }) }, read);
  }

  /** `DELETE /requests/{id}`. @throws VendorFault */
  cancel<T>(id: string, read: Reader<T>): Promise<T> {
    return this.ask({ method: 'DELETE', path: [this.requests, id], kind: 'cancel' }, read);
  }

  /** The certificate, from wherever it is published: the credential stays at home. @throws VendorFault */
  certificate(url: URL): Promise<Uint8Array> {
    const headers = { Accept: 'application/x-pem-file, application/pkix-cert, */*' };
    return this.ask({ path: url, headers }, ({ body }) => body);
  }

  private ask<T>(call: Omit<Call<string, Kind>, 'limit'>, read: Reader<T>): Promise<T> {
    return this.client.ask({ ...call, limit: 'processor' }, read);
  }
}
