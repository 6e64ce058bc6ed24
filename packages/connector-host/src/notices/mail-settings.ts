/** The operator's mail server, as it is set. */
import { isIP } from 'node:net';
import { isAddress, oneLine } from '../address.js';
import { given } from '../given.js';
import { HostProblem } from '../problem.js';

/** How the way to a mail server is kept from others. */
export const mailSecurities = ['starttls', 'tls', 'none'] as const;

/** A mail server and who mail is from. */
export interface MailSettings {
  /** `HOST` or `HOST:PORT`. */
  readonly server: string;
  /** `starttls` (the default) and `tls` send nothing without TLS; `none` sends in clear. */
  readonly security?: (typeof mailSecurities)[number];
  readonly user?: string;
  readonly password?: string;
  /** Certificates (PEM) of authorities to trust instead of the usual. */
  readonly ca?: string;
  /** `ADDRESS` or `NAME <ADDRESS>`. */
  readonly from: string;
  readonly replyTo?: string;
}

/** A mail server, read. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: (typeof mailSecurities)[number];
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly ca?: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly replyTo?: string;
}

function unusable(detail: string, remedy: string): HostProblem {
  return new HostProblem('OPTION_INVALID', detail, { remedy });
}

/** Reads the settings. @throws HostProblem OPTION_INVALID, naming the option and what to do. */
export function readMail(settings: MailSettings): MailServer {
  const { security = 'starttls', user, password, ca, replyTo } = settings;
  const { host, port = security === 'tls' ? 465 : security === 'starttls' ? 587 : 25 } = serverOf(settings.server);
  if ((user === undefined) !== (password === undefined)) {
    throw unusable(
      '--smtp-user and CONNECTOR_HOST_SMTP_PASSWORD belong together.',
      'Give both, or neither where the mail server asks for none.',
    );
  }
  if (security === 'none' && password !== undefined && !isLoopback(host)) {
    throw unusable(
      '--smtp-security none would send the password in clear.',
      'Use starttls or tls, or a mail server that needs no password.',
    );
  }
  if (replyTo !== undefined && !isAddress(replyTo))
    throw unusable('--mail-reply-to is not an e-mail address.', 'Write it as privacy@example.com.');
  return {
    host,
    port,
    security,
    from: senderOf(settings.from),
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    ...given({ ca, replyTo }),
  };
}

function serverOf(text: string): { host: string; port?: number } {
  const [, host = '', port] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const number = port === undefined ? undefined : Number(port);
  if (host === '' || number === 0 || (number ?? 1) > 65_535)
    throw unusable('--smtp-server is not the address of a mail server.', 'Write it as smtp.example.com:587.');
  return { host: host.replace(/^\[|\]$/g, ''), ...given({ port: number }) };
}

function senderOf(text: string): MailServer['from'] {
  const [, name = '', inside] = /^([^<>]*)<([^<>]+)>$/.exec(text.trim()) ?? [];
  const address = inside ?? text.trim();
  if (!isAddress(address) || oneLine(name) !== name.trim())
    throw unusable(
      '--mail-from is not an e-mail address.',
      'Write it as privacy@example.com, or Privacy <privacy@example.com>.',
    );
  return { name: name.trim(), address };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
