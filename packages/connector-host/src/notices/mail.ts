/** Sends mail through the operator's SMTP server. */
import { setTimeout as delay } from 'node:timers/promises';
import nodemailer from 'nodemailer';
import { given } from '../given.js';
import type { Failure } from './failure.js';
import type { MailServer } from './mail-settings.js';
import type { MailText } from './message.js';

/** How long a mail server may keep silent, in milliseconds. */
const PATIENCE = 30_000;

/** How long a mail may take in all, in milliseconds: a server that says a letter now and then keeps nobody else waiting. */
const LONGEST = 120_000;

/** A mail to one address. */
export interface Mail extends MailText {
  /** The same at every try: from it the message id is made. */
  readonly key: string;
  readonly to: string;
}

/** Sends one mail. Answers why it was not taken; `undefined` where it was. */
export type Mailer = (mail: Mail) => Promise<Failure | undefined>;

/**
 * A way to the mail server. A connection each: notices are few.
 * @param longestMs a mail may take in all.
 */
export function mailer(
  { host, port, security, auth, ca, from, replyTo }: MailServer,
  longestMs: number = LONGEST,
): Mailer {
  const transport = nodemailer.createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    ...given({ auth }),
    tls: { minVersion: 'TLSv1.2', ...given({ ca }) },
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const place = from.address.slice(from.address.indexOf('@') + 1);
  return async ({ key, to, subject, text, html }) => {
    const sending = transport.sendMail({
      from,
      to: { name: '', address: to },
      ...given({ replyTo }),
      subject,
      text,
      html,
      messageId: `<${key}@${place}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    const limit = new AbortController();
    const late = delay(longestMs, slow, { signal: limit.signal, ref: false });
    late.catch(() => undefined);
    const sent = sending.then(
      () => undefined,
      (error: MailError) => failureOf(error),
    );
    return Promise.race([sent, late]).finally(() => limit.abort());
  };
}

const slow: Failure = { code: 'MAIL_UNREACHED', message: 'The mail server does not come to an end.' };

interface MailError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly message: string;
}

/** What went wrong, in our words: a server may repeat addresses and more in its own. */
function failureOf({ code, responseCode, message }: MailError): Failure {
  const said = responseCode === undefined ? '' : ` (${responseCode})`;
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return { code: 'MAIL_SIGN_IN', message: `The mail server does not take the user or the password${said}.` };
  // What TLS says of a certificate comes as trouble with the socket, in words alone.
  if (code === 'ETLS' || (code === 'ESOCKET' && /certificate|\bSSL\b|\bTLS\b|issuer/i.test(message)))
    return { code: 'MAIL_TLS', message: 'The mail server offers no TLS, or a certificate that is not trusted.' };
  if (responseCode !== undefined && responseCode >= 500 && code === 'EENVELOPE')
    return {
      code: 'MAIL_REFUSED',
      message: `The mail server does not take mail to this address${said}.`,
      final: true,
      alone: true,
    };
  if (responseCode !== undefined)
    return { code: 'MAIL_NOT_TAKEN', message: `The mail server did not take the message${said}.`, alone: true };
  return {
    code: 'MAIL_UNREACHED',
    message: `The mail server does not answer${code === undefined ? '' : ` (${code})`}.`,
  };
}
