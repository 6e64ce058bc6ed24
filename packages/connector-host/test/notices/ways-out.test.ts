/** How messages leave: by real TLS to a mail server, and by https to public addresses alone. */
import type dns from 'node:dns';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Mail, mailer } from '../../src/notices/mail.js';
import { type MailSettings, readMail } from '../../src/notices/mail-settings.js';
import { webhookSender } from '../../src/notices/webhook.js';
import {
  certificate,
  MAIL_PASSWORD,
  type MailReceiver,
  mailReceiver,
  type Pair,
  webhookReceiver,
} from './receivers.js';

let pair: Pair;
const started: { stop(): Promise<void> }[] = [];
const receiving = async (options: Parameters<typeof mailReceiver>[0]): Promise<MailReceiver> => {
  const made = await mailReceiver(options);
  started.push(made);
  return made;
};
beforeAll(() => {
  pair = certificate();
});
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

const key = '00000000-0000-4000-8000-000000000001';
const message: Mail = { key, to: 'b@example.com', subject: 'Subject', text: 'Text\n', html: '<p>Text</p>' };
const account = { user: 'host', password: MAIL_PASSWORD };
const send = (port: number, more: Partial<MailSettings> = {}, mail: Partial<Mail> = {}) =>
  mailer(readMail({ server: `localhost:${port}`, from: 'Privacy <privacy@example.com>', ca: pair.cert, ...more }))({
    ...message,
    ...mail,
  });

describe('mail', () => {
  test.each([
    ['starttls', {}],
    ['tls', { secure: true }],
  ] as const)('goes by %s, with the account, and says who it is from', async (security, options) => {
    const server = await receiving({ ...pair, ...options });
    const sent = send(server.port, { security, ...account, replyTo: 'answers@example.com' });
    expect(await sent).toBeUndefined();
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: 'privacy@example.com', to: ['b@example.com'], secure: true });
    const { headers, raw } = mail ?? { headers: new Map(), raw: '' };
    expect(headers.get('from')).toBe('Privacy <privacy@example.com>');
    expect(headers.get('reply-to')).toBe('answers@example.com');
    expect(headers.get('message-id')).toBe(`<${key}@example.com>`);
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(raw).toContain('text/plain');
    expect(raw).toContain('text/html');
  });

  test.each([
    ['that offers no TLS', { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }, {}, 'MAIL_TLS'],
    ['whose certificate is of nobody known', {}, { ca: certificate().cert }, 'MAIL_TLS'],
    ['that does not know the password', {}, { password: 'wrong-canary' }, 'MAIL_SIGN_IN'],
  ] as const)('is not given to a server %s', async (_name, options, settings, code) => {
    const server = await receiving({
      ...pair,
      ...options,
      disabledCommands: [...('disabledCommands' in options ? options.disabledCommands : [])],
    });
    const failure = await send(server.port, { ...account, ...settings });
    expect(failure?.code).toBe(code);
    expect(failure?.final).toBeUndefined();
    expect(server.mails).toEqual([]);
    expect(JSON.stringify(failure)).not.toMatch(/canary|0815|example/);
  });

  test('whose receiver is refused says so without repeating who it is; one that is refused for now is tried again', async () => {
    const server = await receiving({ ...pair });
    server.refused.set('b@example.com', 550);
    const refused = await send(server.port, account);
    expect(refused).toMatchObject({ code: 'MAIL_REFUSED', final: true, alone: true });
    server.refused.set('b@example.com', 451);
    const busy = await send(server.port, account);
    expect(busy).toEqual({ code: 'MAIL_NOT_TAKEN', message: expect.stringContaining('451'), alone: true });
    expect(JSON.stringify([refused, busy])).not.toContain('b@example.com');
  });

  test('to a server that is not there waits', async () => {
    const server = await mailReceiver({ ...pair });
    await server.stop();
    expect(await send(server.port, account)).toMatchObject({ code: 'MAIL_UNREACHED' });
  });

  test('to a server that says a letter now and then comes to an end all the same', async () => {
    const server = createServer((socket) => {
      const drip = setInterval(() => socket.write('2'), 20);
      socket.on('error', () => undefined).on('close', () => clearInterval(drip));
      sockets.push(socket);
    });
    const sockets: Socket[] = [];
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const settings = { server: `localhost:${port}`, from: 'privacy@example.com', security: 'none' } as const;
    expect(await mailer(readMail(settings), 500)(message)).toMatchObject({ code: 'MAIL_UNREACHED' });
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  test('takes no line break into a header, whoever wrote it', async () => {
    const server = await receiving({ ...pair });
    const subject = 'Hello\r\nBcc: spy@example.com\r\n\r\nbody';
    expect(await send(server.port, account, { subject })).toBeUndefined();
    expect(server.mails[0]?.to).toEqual(['b@example.com']);
    expect(server.mails[0]?.headers.has('bcc')).toBe(false);
  });
});

test.each<[string, Partial<MailSettings>, RegExp]>([
  ['no address of a server', { server: 'smtp.example.com:0' }, /--smtp-server/],
  ['a sender that is none', { from: 'Privacy' }, /--mail-from/],
  ['a sender with a line break', { from: 'A\r\nBcc: x@example.com <a@example.com>' }, /--mail-from/],
  ['an account without its password', { user: 'host' }, /CONNECTOR_HOST_SMTP_PASSWORD/],
  ['a password in clear over the network', { ...account, security: 'none', server: 'smtp.example.com' }, /in clear/],
  ['an answer to nobody', { replyTo: 'me' }, /--mail-reply-to/],
])('%s is refused at the start', (_name, more, told) => {
  expect(() => readMail({ server: 'localhost', from: 'a@example.com', ...more })).toThrow(told);
});

describe('a webhook', () => {
  const call = { secrets: ['whsec_AAAA'], id: 'm', seconds: 1, body: '{}' };
  /** Answers a name as whoever runs its name server likes to. */
  const named = (...addresses: string[]) =>
    ((_name: string, _options: object, done: (error: null, found: dns.LookupAddress[]) => void) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )) as unknown as typeof dns.lookup;

  test('goes by https to a certificate that is trusted, and to no other', async () => {
    const receiver = await webhookReceiver(pair);
    started.push(receiver);
    const allowed = [receiver.origin];
    const url = `${receiver.origin}/x`;
    expect(await webhookSender({ allowed, ca: pair.cert })({ ...call, url })).toBeUndefined();
    expect(await webhookSender({ allowed })({ ...call, url })).toMatchObject({ code: 'WEBHOOK_UNREACHED' });
    expect(receiver.calls).toHaveLength(1);
  });

  test.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd00::1'])(
    'is not led to %s by a name server',
    async (address) => {
      const receiver = await webhookReceiver(pair);
      started.push(receiver);
      const url = `https://hooks.example:${receiver.port}/x`;
      const sender = webhookSender({ allowed: [], ca: pair.cert, lookup: named(address) });
      expect(await sender({ ...call, url })).toMatchObject({ code: 'WEBHOOK_NOT_ALLOWED' });
      expect(receiver.calls).toEqual([]);
    },
  );

  test('is judged again at each connection: a name that was public once may lead inside later', async () => {
    const receiver = await webhookReceiver(pair);
    started.push(receiver);
    const url = `https://hooks.example:${receiver.port}/x`;
    const looked: string[] = [];
    const changing: typeof dns.lookup = Object.assign(((name: string, options: object, done: never) => {
      looked.push(name);
      // 192.0.2.1 is public to nobody, and the guard of these tests lets it through to nowhere.
      named(looked.length === 1 ? '8.8.8.8' : '127.0.0.1')(name, options, done);
    }) as unknown as typeof dns.lookup);
    const sender = webhookSender({ allowed: [], ca: pair.cert, lookup: changing });
    expect(await sender({ ...call, url })).toMatchObject({ code: 'WEBHOOK_UNREACHED' });
    expect(await sender({ ...call, url })).toMatchObject({ code: 'WEBHOOK_NOT_ALLOWED' });
    expect([looked.length, receiver.calls.length]).toEqual([2, 0]);
  });
});
