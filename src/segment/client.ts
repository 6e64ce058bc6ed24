import type { ConnectorContext } from 'connector-contract';
import { type Answer, type HttpBounds, type Patience, present, type Vendor, VendorClient } from 'connector-kit';
import { ownManifest } from '../manifest.js';
import type { Limit } from './endpoints.js';
import { type OwnCode, segmentFault } from './fault.js';
import type { Generation } from './segment.js';
import { type CallKind, verdictOf } from './verdict.js';

/** The address of a call below the base URL: path segments as they are and query parameters. */
export interface Route {
  readonly path: readonly string[];
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Media types asked for, where they are others than those of the client. */
  readonly accept?: string;
}

/** Which API a client speaks to, and as whom. */
export interface ClientIdentity {
  readonly generation: Generation;
  /** Base URL. */
  readonly base: string;
  readonly token: string;
  /** Media types asked for. */
  readonly accept: string;
  /** The limit that reads count under. */
  readonly limit: Limit;
}

/** What may be set about the requests; the defaults are for real life. */
export type ClientOptions = Partial<HttpBounds & Patience>;

/** A POST. */
export interface Sending {
  readonly call: 'create' | 'probe';
  readonly limit: Limit;
  readonly body: unknown;
  /** How many people it is about. */
  readonly subjects: number;
}

/** Requests of one connection to one generation of the API. Reads are tried three times, where the trouble may pass. */
export class SegmentClient {
  constructor(
    private readonly ctx: ConnectorContext,
    private readonly identity: ClientIdentity,
    private readonly options: ClientOptions = {},
  ) {
    this.reads = this.client(0);
  }

  private readonly reads: VendorClient<OwnCode, CallKind>;

  /** Milliseconds that Segment's clock was behind the host's at most, by the answers so far. */
  get behindMs(): number {
    return this.reads.behindMs;
  }

  /** Reads. @throws SegmentFault */
  get<T>({ accept, ...route }: Route, read: (body: unknown) => T, kind: 'workspace' | 'read' = 'read'): Promise<T> {
    return this.reads.ask(
      { ...route, headers: present({ Accept: accept }), kind, limit: this.identity.limit },
      ({ json }) => read(json()),
    );
  }

  /** Sends exactly once. @throws SegmentFault */
  post<T>(route: Route, { call, subjects, ...sending }: Sending, read: (answer: Answer) => T): Promise<T> {
    const effect = call === 'create' ? 'change' : 'probe';
    return this.client(subjects).ask({ ...route, ...sending, method: 'POST', kind: call, effect }, read);
  }

  private client(subjects: number): VendorClient<OwnCode, CallKind> {
    const { generation, base, token, accept } = this.identity;
    const vendor: Vendor<OwnCode, CallKind> = {
      manifest: ownManifest,
      name: 'Segment',
      fault: segmentFault,
      judge: ({ kind = 'read', ...refusal }) => verdictOf({ ...refusal, generation, call: kind, subjects }),
      bounds: this.options,
      patience: { attempts: 3, ...this.options },
    };
    const headers = {
      Accept: accept,
      'Accept-Encoding': 'gzip, deflate',
      Authorization: `Bearer ${token}`,
      'User-Agent': 'segment-config-connector',
    };
    return new VendorClient(this.ctx, { base, headers }, vendor);
  }
}
