/** What notices go to, for tests: a mail server that speaks TLS, and a webhook's receiver. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { faketime } from '../crash/faketime.js';

/** A certificate for this machine and its key, as PEM; it is its own authority. */
export interface Pair {
  readonly key: string;
  readonly cert: string;
}

/**
 * Makes a certificate that is good for two days.
 * @param name another name than this machine's.
 * @param from when it begins, as faketime has it, such as `-9d`; needs faketime.
 */
export function certificate(name = 'localhost', from?: string): Pair {
  const folder = mkdtempSync(join(tmpdir(), 'notices-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},DNS:hooks.example`];
  const clock = from === undefined ? {} : { LD_PRELOAD: faketime ?? '', FAKETIME: from };
  const env = { ...process.env, ...clock };
  execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore', env });
  const pair = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}

/** A mail as it arrived. */
export interface ArrivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Everything: headers and body, in quoted-printable. */
  readonly raw: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Whether it came by TLS. */
  readonly secure: boolean;
}

/** A mail server that keeps what it takes. */
export interface MailReceiver {
  readonly port: number;
  readonly mails: ArrivedMail[];
  /** How it answers from now on: addresses that it refuses, by the code. */
  readonly refused: Map<string, number>;
  stop(): Promise<void>;
}

/** Starts a mail server. Without other options it asks for TLS and for `host` with the password `mail-password-0815`. */
export async function mailReceiver(options: SMTPServerOptions): Promise<MailReceiver> {
  const mails: ArrivedMail[] = [];
  const refused = new Map<string, number>();
  const server = new SMTPServer({
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'host' && password === MAIL_PASSWORD) done(null, { user: username });
      else done(new Error('Who is that?'));
    },
    onRcptTo: ({ address }, _session, done) => {
      const code = refused.get(address);
      done(code === undefined ? null : Object.assign(new Error(`Not for ${address}`), { responseCode: code }));
    },
    onData: (stream, { envelope, secure }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const { mailFrom, rcptTo } = envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
          headers: headersOf(raw),
          secure: secure === true,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refused,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The password of the account `host`. */
export const MAIL_PASSWORD = 'mail-password-0815';

/** Each header by its name in lower case, unfolded. */
function headersOf(raw: string): Map<string, string> {
  const [head = ''] = raw.split('\r\n\r\n');
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
}

/** A call that arrived. */
export interface ArrivedCall {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A receiver of webhooks that keeps what it is sent. */
export interface WebhookReceiver {
  readonly origin: string;
  readonly port: number;
  readonly calls: ArrivedCall[];
  /** How it answers from now on; 0 for not at all. */
  status: number;
  /** Where it leads, for a redirect. */
  location?: string;
  /** Resolves with the next call, before it is answered. */
  next(): Promise<ArrivedCall>;
  stop(): Promise<void>;
}

/** Starts a receiver of webhooks, by https where a certificate is given. */
export async function webhookReceiver(pair?: Pair): Promise<WebhookReceiver> {
  const waiting: ((call: ArrivedCall) => void)[] = [];
  const calls: ArrivedCall[] = [];
  const server = pair === undefined ? createServer() : createSecureServer(pair);
  server.on('request', async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    const call = { headers: request.headers as Record<string, string>, body };
    calls.push(call);
    waiting.shift()?.(call);
    if (receiver.status === 0) return;
    response
      .writeHead(receiver.status, receiver.location === undefined ? {} : { location: receiver.location })
      .end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: WebhookReceiver = {
    origin: `${pair === undefined ? 'http' : 'https'}://localhost:${port}`,
    port,
    calls,
    status: 200,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return receiver;
}
