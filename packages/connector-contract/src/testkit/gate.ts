import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ContractVendor } from './vendor.js';
import type { Meeting, VendorFault } from './vendor-fault.js';

/** A request that a connector made. */
export interface VendorCall {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  /** Whether it only asks, and changes nothing at the vendor. */
  readonly reads: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Bytes after which an endless answer does end, so that a test of a connector that reads it all ends too. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The HTTP proxy between connector and vendor stub: records every request, and plays a fault where one is set. */
export class Gate {
  /** Requests since the last {@link clear}, oldest first. */
  readonly calls: VendorCall[] = [];
  /** Runs as a request arrives, before anything is answered. */
  onCall: ((call: VendorCall) => void) | undefined;
  /** Whether an endless answer was read up to {@link MOST_BYTES}. */
  readToTheEnd = false;
  /** The first request that met the fault set last. */
  met: VendorCall | undefined;
  /** Headers that the vendor's own answers have besides. */
  saying: () => Readonly<Record<string, string>> = () => ({});
  private fault: VendorFault | undefined;
  private at: Meeting = 0;
  private readonly dripping = new Set<ServerResponse>();
  private late: { readonly incoming: IncomingMessage; readonly body: Buffer }[] = [];
  private readonly server: Server;
  private target = '';
  private address = '';

  /**
   * @param reads whether a request changes nothing, where its method does not tell.
   * @param clock tells the time that answers say: the vendor lives by the same as the connector.
   */
  constructor(
    private readonly errorBody: (status: number, message: string) => string,
    private readonly reads: ContractVendor['reads'] = undefined,
    clock: { now(): number } = Date,
  ) {
    this.server = createServer((incoming, outgoing) => {
      outgoing.setHeader('date', new Date(clock.now()).toUTCString());
      this.handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  /** Where the connector finds the vendor. */
  get origin(): string {
    return this.address;
  }

  /** Starts on loopback, in front of `target`; without one it answers every request itself. */
  async start(target = ''): Promise<void> {
    this.target = target;
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Lets requests from now on meet this fault. */
  meet(fault: VendorFault, at: Meeting = 0): void {
    this.fault = fault;
    this.at = at;
    this.met = undefined;
  }

  /** Lets requests through again. */
  heal(): void {
    this.fault = undefined;
    for (const answer of this.dripping) answer.destroy();
    this.dripping.clear();
  }

  /** Lets the vendor have what is still under way. */
  async deliver(): Promise<void> {
    for (const { incoming, body } of this.late.splice(0)) await this.forward(incoming, body);
  }

  /** Ends every connection, also those that are kept for the next request. */
  disconnect(): void {
    this.server.closeAllConnections();
  }

  /** Forgets calls, fault and whoever waits for calls. */
  clear(): void {
    this.calls.length = 0;
    this.onCall = undefined;
    this.met = undefined;
    this.readToTheEnd = false;
    this.saying = () => ({});
    this.late = [];
    this.heal();
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const sent = { method: incoming.method ?? '', path: incoming.url ?? '', body: body.toString('utf8') };
    const call = { ...sent, reads: this.reads?.(sent) ?? ['GET', 'HEAD'].includes(sent.method) };
    const fault = this.faultFor(call);
    this.calls.push(call);
    this.onCall?.(call);
    if (fault?.kind === 'silent') return;
    if (fault?.kind === 'dripping') return this.drip(outgoing);
    if (fault?.kind === 'late') this.late.push({ incoming, body });
    if (fault?.kind === 'reset' || fault?.kind === 'late') return void incoming.socket.resetAndDestroy();
    if (this.target === '') return void outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    if (fault?.kind === 'status' && fault.taken !== true) return this.makeUp(fault, incoming, body, outgoing);
    const answer = await this.forward(incoming, body);
    if (fault === undefined) {
      outgoing.writeHead(answer.status, { ...answer.headers, ...this.saying() }).end(answer.body);
      return;
    }
    return this.spoil(fault, answer, incoming, body, outgoing);
  }

  private faultFor(call: VendorCall): VendorFault | undefined {
    if (this.fault === undefined) return undefined;
    if (this.at === 'change' && call.reads) return undefined;
    if (typeof this.at === 'number' && this.at > 0) {
      this.at -= 1;
      return undefined;
    }
    this.met ??= call;
    return this.fault;
  }

  private spoil(
    fault: VendorFault,
    answer: Answer,
    incoming: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
  ): void | Promise<void> {
    const json = { 'content-type': 'application/json' };
    switch (fault.kind) {
      case 'status':
        return this.makeUp(fault, incoming, body, outgoing);
      case 'html':
        outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Please sign in</title>');
        return;
      case 'empty':
        outgoing.writeHead(200, { ...json, 'content-length': '0' }).end();
        return;
      case 'truncated': {
        outgoing.writeHead(200, { ...json, 'content-length': String(answer.body.length + 100) });
        outgoing.write(answer.body.subarray(0, Math.max(1, answer.body.length >> 1)), () => outgoing.destroy());
        return;
      }
      case 'endless':
        return this.flood(outgoing);
      default:
        incoming.socket.resetAndDestroy();
    }
  }

  private makeUp(
    fault: Extract<VendorFault, { kind: 'status' }>,
    incoming: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
  ): void {
    // Careless servers repeat what they got, credential and all.
    const echo = `${JSON.stringify(incoming.headers)} ${incoming.url ?? ''} ${body.toString('utf8')}`;
    const text = this.errorBody(fault.status, fault.echo === true ? echo : 'The vendor refuses.');
    outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(text);
  }

  private drip(outgoing: ServerResponse): void {
    this.dripping.add(outgoing);
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => outgoing.write(' '), 20);
    outgoing.once('close', () => clearInterval(timer));
  }

  private async flood(outgoing: ServerResponse): Promise<void> {
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    const chunk = Buffer.alloc(256 * 1024, ' ');
    const closed = new Promise<void>((resolve) => outgoing.once('close', resolve));
    outgoing.write('{"data": "');
    for (let sent = 0; sent < MOST_BYTES; sent += chunk.length) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(chunk)) await Promise.race([drained(outgoing), closed]);
    }
    this.readToTheEnd = !outgoing.destroyed;
    outgoing.end('"}');
  }

  private forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const url = new URL(incoming.url ?? '/', this.target);
    const headers = { ...incoming.headers, host: url.host, connection: 'close' };
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(url, { method: incoming.method, headers, agent: false }, (answer) => {
        bytesOf(answer).then(
          (bytes) => resolve({ status: answer.statusCode ?? 502, headers: ofTheAnswer(answer.headers), body: bytes }),
          reject,
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => outgoing.once('drain', resolve));
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Without those of the connection, and without the time of the stub's machine. */
function ofTheAnswer(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const { connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, date: _d, ...rest } = headers;
  return rest;
}
