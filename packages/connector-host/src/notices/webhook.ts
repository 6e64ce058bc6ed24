/**
 * Webhooks by the Standard Webhooks scheme (https://www.standardwebhooks.com): signed, https only, to public addresses only, without
 * redirects. Whom the operator allows by name may be elsewhere.
 */
import { createHmac, randomBytes } from 'node:crypto';
import dns from 'node:dns';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { given } from '../given.js';
import { isInside } from '../plugins/isolation/confined/addresses.js';
import type { Failure } from './failure.js';

const PREFIX = 'whsec_';

/** Longest address of a webhook, in characters. */
export const LONGEST_URL = 2_000;

/** How long a receiver may take, in milliseconds. */
const PATIENCE = 15_000;

/** A new secret, as both sides write it. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

/** The header `webhook-signature`: a signature by each secret, as one may be about to take the other's place. */
export function signatures(secrets: readonly string[], id: string, seconds: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`;
    })
    .join(' ');
}

/** What is wrong with the address of a webhook, and what to do; `undefined` where nothing is. @param allowed origins that need no https and may be private. */
export function urlFault(text: string, allowed: readonly string[]): { message: string; remedy: string } | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const remedy =
    'Give an https address of the public internet, or have the operator allow its origin with --allow-webhook.';
  if (url === undefined || text.length > LONGEST_URL || !/^https?:$/.test(url.protocol))
    return { message: 'This is not an https address.', remedy };
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    return { message: 'The address holds a user name, a password or a fragment.', remedy: 'Leave those out.' };
  if (allowed.includes(url.origin)) return undefined;
  if (url.protocol !== 'https:') return { message: 'Webhooks go by https only.', remedy };
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if ((isIP(literal) !== 0 && isInside(literal)) || literal === 'localhost')
    return { message: 'The address is one of a private network.', remedy };
  return undefined;
}

/** A call to a receiver. */
export interface WebhookCall {
  readonly url: string;
  readonly secrets: readonly string[];
  /** The same at every try. */
  readonly id: string;
  /** Seconds since the epoch: of this try. */
  readonly seconds: number;
  readonly body: string;
}

/** Calls a receiver. Answers why it did not take the message; `undefined` where it did. */
export type WebhookSender = (call: WebhookCall) => Promise<Failure | undefined>;

/** How receivers are called. */
export interface WebhookOptions {
  /** Origins that may be private, or http. */
  readonly allowed: readonly string[];
  /** How long a receiver may take, in milliseconds. Default 15 seconds. */
  readonly patienceMs?: number;
  /** Certificates (PEM) to trust instead of the usual; for tests. */
  readonly ca?: string;
  /** What asks for the addresses of a name. Default: the system. */
  readonly lookup?: typeof dns.lookup;
}

/** A way to receivers. */
export function webhookSender({
  allowed,
  patienceMs = PATIENCE,
  ca,
  lookup = dns.lookup,
}: WebhookOptions): WebhookSender {
  return async ({ url: text, secrets, id, seconds, body }) => {
    const fault = urlFault(text, allowed);
    if (fault !== undefined) return refused;
    const url = new URL(text);
    const free = allowed.includes(url.origin);
    const call = url.protocol === 'https:' ? request : plainRequest;
    const limit = AbortSignal.timeout(patienceMs);
    return new Promise((resolve) => {
      const sent = call(url, {
        method: 'POST',
        // A connection each: its address is judged anew.
        agent: false,
        signal: limit,
        ...(free ? {} : { lookup: publicOnly(lookup) }),
        ...given({ ca }),
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'connector-host',
          'webhook-id': id,
          'webhook-timestamp': String(seconds),
          'webhook-signature': signatures(secrets, id, seconds, body),
        },
      });
      sent.on('response', (answer) => {
        // What else the receiver says is of no use; it is not read.
        answer.destroy();
        resolve(judged(answer.statusCode ?? 0));
      });
      sent.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === PRIVATE) resolve(refused);
        else if (limit.aborted) resolve({ code: 'WEBHOOK_SILENT', message: 'The receiver did not answer in time.' });
        else resolve({ code: 'WEBHOOK_UNREACHED', message: `The receiver cannot be reached${told(error.code)}.` });
      });
      // An answer that is none, such as a switch to another protocol, is told by nothing else.
      sent.on('close', () => resolve({ code: 'WEBHOOK_UNREACHED', message: 'The receiver gave no answer.' }));
      sent.end(body);
    });
  };
}

const told = (code: string | undefined): string => (code === undefined ? '' : ` (${code})`);

const refused: Failure = {
  code: 'WEBHOOK_NOT_ALLOWED',
  message:
    'The address is not https, or leads into a private network; the operator can allow its origin with --allow-webhook.',
};

function judged(status: number): Failure | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400)
    return {
      code: 'WEBHOOK_REDIRECTED',
      message: `The receiver leads elsewhere (${status}); redirects are not followed.`,
    };
  if (status === 410)
    return { code: 'WEBHOOK_GONE', message: 'The receiver wants nothing any more (410).', final: true, gone: true };
  return { code: 'WEBHOOK_NOT_TAKEN', message: `The receiver did not take the message (${status}).` };
}

const PRIVATE = 'EPRIVATE';

/** Resolves a name, and connects to public addresses alone: whoever answers for the name could else lead into the network of the host. */
function publicOnly(lookup: typeof dns.lookup): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const usable = found.filter(({ address }) => !isInside(address));
      const [first] = usable;
      if (first === undefined) return done(Object.assign(new Error('A private address'), { code: PRIVATE }), []);
      if (options.all === true) done(null, usable);
      else done(null, first.address, first.family);
    });
  };
}
