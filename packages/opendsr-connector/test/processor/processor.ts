import { createSign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Issued } from './authority.js';

/** The domain that the processor signs in the name of. */
export const DOMAIN = 'opendsr.processor.example';

/** Credentials by what they may do. */
export const credentials = {
  full: 'full-access-token-1f9a',
  readOnly: 'read-only-token-77c2',
} as const;

/** A request that was taken. */
export interface TakenRequest {
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly identities: readonly { identity_type: string; identity_value: string; identity_format: string }[];
  status: 'pending' | 'in_progress' | 'completed' | 'cancelled';
}

/** What came in. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

const identityTypes =
  'controller_customer_id android_advertising_id android_id email fire_advertising_id ios_advertising_id ios_vendor_id microsoft_advertising_id microsoft_publisher_id roku_publisher_id roku_advertising_id';

/** A processor that speaks OpenDSR as its specification says, on loopback, with real signatures. What can be set is what tests bend. */
export class Processor {
  readonly calls: Call[] = [];
  readonly requests = new Map<string, TakenRequest>();
  readonly refused = new Set<string>();
  apiVersion = '2.0';
  requestTypes: readonly string[] = ['access', 'erasure', 'portability'];
  formats: readonly string[] = ['raw', 'sha256'];
  types: readonly string[] = identityTypes.split(' ');
  controllerId = '4308';
  /** Name of the path and of the headers. */
  generation: 'opendsr' | 'opengdpr' = 'opendsr';
  domain = DOMAIN;
  /** Files below the root, by path; the certificate is one. */
  readonly files = new Map<string, string>();
  /** What discovery says; below the address that was called unless it is an address itself. */
  certificateAt = '/certificate.pem';
  authorizations: { readonly full: readonly string[]; readonly readOnly: readonly string[] } = {
    full: [`Bearer ${credentials.full}`],
    readOnly: [`Bearer ${credentials.readOnly}`],
  };
  /** Changes a successful answer before it is signed. */
  alter: (body: Record<string, unknown>) => Record<string, unknown> = (body) => body;
  /** Changes headers and body after signing. */
  tamper: (headers: Record<string, string>, body: string) => string = (_headers, body) => body;
  /** Answers in place of the processor where it returns true. */
  before: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  private readonly server: Server;
  private readonly secure: boolean;

  /** @param signing what answers are signed with. @param tls where it is to be spoken to over https. */
  constructor(
    public signing: Issued,
    tls?: Issued,
  ) {
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      this.handle(request, response).catch(() => response.destroy());
    };
    this.secure = tls !== undefined;
    this.server = tls ? createTlsServer({ key: tls.key, cert: tls.certificate }, handle) : createServer(handle);
    this.files.set('/certificate.pem', signing.certificate);
  }

  /** Answers its origin. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this.origin;
  }

  get origin(): string {
    return `${this.secure ? 'https' : 'http'}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The values of all identities of all requests that were taken and not taken back. */
  erased(): string[] {
    return [...this.requests.values()].flatMap(({ identities }) => identities.map((one) => one.identity_value));
  }

  /** Takes whatever is open one step further. */
  advance(): boolean {
    const open = [...this.requests.values()].filter(({ status }) => status === 'pending' || status === 'in_progress');
    for (const request of open) request.status = request.status === 'pending' ? 'in_progress' : 'completed';
    return open.length > 0;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const path = request.url ?? '/';
    const method = request.method ?? '';
    this.calls.push({ method, path, authorization: request.headers.authorization, body });
    if (this.before(request, response)) return undefined;
    const file = this.files.get(path);
    if (file !== undefined) return response.writeHead(200, { 'content-type': 'application/x-pem-file' }).end(file);
    if (path === '/v2/discovery') return this.discover(request, response);
    const route = this.generation === 'opendsr' ? '/v2/requests' : '/v2/opengdpr_requests';
    if (path !== route && !path.startsWith(`${route}/`)) return this.error(response, 404, 'no such path');
    const given = request.headers.authorization ?? '';
    const full = this.authorizations.full.includes(given);
    if (!full && !this.authorizations.readOnly.includes(given)) return this.error(response, 401, 'who are you?');
    const id = path.slice(route.length + 1);
    if (method === 'GET') return this.status(id, response);
    if (!full) return this.error(response, 403, 'not with this credential');
    if (method === 'DELETE') return this.cancel(id, response);
    return this.create(body, response);
  }

  private discover(request: IncomingMessage, response: ServerResponse): ServerResponse {
    const at = this.certificateAt;
    const base = `${this.secure ? 'https' : 'http'}://${request.headers['x-forwarded-host'] ?? request.headers.host}`;
    const answer = {
      api_version: this.apiVersion,
      supported_identities: this.types.flatMap((type) =>
        this.formats.map((format) => ({ identity_type: type, identity_format: format })),
      ),
      supported_subject_request_types: this.requestTypes,
      processor_certificate: at.startsWith('/') ? `${base}${at}` : at,
    };
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private create(text: string, response: ServerResponse): ServerResponse {
    const body = JSON.parse(text) as Record<string, unknown>;
    const id = String(body['subject_request_id'] ?? '');
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
    const identities = (body['subject_identities'] ?? []) as TakenRequest['identities'];
    const regulated = this.generation === 'opengdpr' || ['gdpr', 'ccpa'].includes(String(body['regulation']));
    const offered = identities.every(
      (one) => this.types.includes(one.identity_type) && this.formats.includes(one.identity_format),
    );
    const fine =
      uuid.test(id) &&
      regulated &&
      body['subject_request_type'] === 'erasure' &&
      /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(String(body['submitted_time'])) &&
      identities.length > 0 &&
      offered;
    if (!fine || identities.some((one) => this.refused.has(one.identity_value))) {
      return this.error(response, 400, 'the request is not valid');
    }
    if (!this.requests.has(id)) this.requests.set(id, { id, body, identities, status: 'pending' });
    return this.answer(response, 201, {
      controller_id: this.controllerId,
      expected_completion_time: '2030-01-15T00:00:00Z',
      received_time: '2030-01-01T00:00:00Z',
      encoded_request: Buffer.from(text).toString('base64'),
      subject_request_id: id,
    });
  }

  private status(id: string, response: ServerResponse): ServerResponse {
    const found = this.requests.get(id);
    if (found === undefined) return this.error(response, 404, 'no such request');
    return this.answer(response, 200, {
      controller_id: this.controllerId,
      expected_completion_time: '2030-01-15T00:00:00',
      subject_request_id: id,
      request_status: found.status,
      api_version: this.apiVersion,
      results_url: null,
    });
  }

  private cancel(id: string, response: ServerResponse): ServerResponse {
    const found = this.requests.get(id);
    if (found === undefined) return this.error(response, 404, 'no such request');
    if (found.status !== 'pending') return this.error(response, 400, 'it has begun');
    found.status = 'cancelled';
    return this.answer(response, 202, {
      controller_id: this.controllerId,
      received_time: '2030-01-02T00:00:00Z',
      expected_completion_time: null,
      subject_request_id: id,
    });
  }

  private answer(response: ServerResponse, status: number, body: Record<string, unknown>): ServerResponse {
    const text = JSON.stringify(this.alter(body));
    const prefix = this.generation === 'opendsr' ? 'X-OpenDSR' : 'X-OpenGDPR';
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      [`${prefix}-Processor-Domain`]: this.domain,
      [`${prefix}-Signature`]: createSign('RSA-SHA256').update(text).sign(this.signing.key, 'base64'),
    };
    const sent = this.tamper(headers, text);
    return response.writeHead(status, headers).end(sent);
  }

  private error(response: ServerResponse, code: number, message: string): ServerResponse {
    const answer = { error: { code, message, errors: [{ domain: 'Validation', reason: 'x', message }] } };
    return response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }
}
