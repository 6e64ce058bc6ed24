/** A host by a clock that the test moves, with a mail server, whose connection asks a contact. */
import type { ContactChange } from '../../src/connections/contact.js';
import type { HostOptions } from '../../src/host-options.js';
import { type Answer, type RunningHost, runHost } from '../api/running-host.js';
import { certificate, MAIL_PASSWORD, type MailReceiver, mailReceiver } from '../notices/receivers.js';
import { VirtualClock } from '../virtual-clock.js';

/** Whom the tests ask. */
export const jane = { name: 'Jane Roe', email: 'jane@harbour.example' } as const;

/** Where the host of the tests says that it is. */
export const SITE = 'https://host.example/privacy';

/** An hour and a day in milliseconds. */
export const [HOUR, DAY] = [3_600_000, 24 * 3_600_000];

/** Everything. */
export interface ContactStage {
  readonly running: RunningHost;
  readonly mail: MailReceiver;
  readonly clock: VirtualClock;
  /** Id of the connection. */
  readonly connection: string;
  /** Names the contact; `null` for nobody. */
  contact(change: ContactChange | null): Promise<void>;
  /** Hands an access request in, and has its contact written to. */
  ask(requestId: string, email: string, more?: object): Promise<Answer['body']>;
  detail(requestId: string): Promise<Answer['body']>;
  /** The work item of a request. */
  item(requestId: string): Promise<Answer['body']>;
  /** Moves the clock, and lets the host look, every six hours and at the end. */
  pass(ms: number): Promise<void>;
  /** The texts of the mails so far, decoded; the last one first. */
  texts(): string[];
  /** The token of the link in the last mail. */
  token(): string;
  stop(): Promise<void>;
}

/** Starts it. */
export async function openContactStage(options: Partial<HostOptions> = {}): Promise<ContactStage> {
  const pair = certificate();
  const mail = await mailReceiver(pair);
  const clock = new VirtualClock();
  const running = await runHost({
    clock,
    work: false,
    publicUrl: SITE,
    mail: {
      server: `localhost:${mail.port}`,
      user: 'host',
      password: MAIL_PASSWORD,
      ca: pair.cert,
      from: 'privacy@example.com',
    },
    ...options,
  });
  const connection = await running.connect('Acme');
  const { call } = running;
  const texts = () => mail.mails.map(({ raw }) => decoded(raw)).reverse();
  const detail = async (requestId: string) => (await call('GET', `/api/v1/requests/${requestId}`)).body;
  return {
    running,
    mail,
    clock,
    connection,
    detail,
    texts,
    contact: async (contact) => {
      const { status } = await call('PATCH', `/api/v1/connections/${connection}`, { contact });
      if (status !== 200) throw new Error(`The contact was not taken: ${status}`);
    },
    ask: async (requestId, email, more = {}) => {
      const body = { requestId, right: 'access', identifiers: [{ kind: 'email', value: email }], ...more };
      const { status, body: made } = await call('POST', '/api/v1/requests', body);
      if (status !== 202) throw new Error(`The request was not taken: ${JSON.stringify(made)}`);
      // The first message goes at once: before the clock is moved, however long that takes.
      await running.host.notices.look();
      return made;
    },
    item: async (requestId) => {
      const { items } = (await call('GET', '/api/v1/work?kind=direct-contact&limit=1000')).body;
      return items.find((one: Answer['body']) => one.requestId === requestId);
    },
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= 6 * HOUR) {
        await clock.engine.tick(Math.min(left, 6 * HOUR));
        await running.host.notices.look();
      }
    },
    token: () => /\/answer\/([\w-]{43})/.exec(texts()[0] ?? '')?.[1] ?? '',
    stop: async () => {
      await running.stop();
      await mail.stop();
    },
  };
}

/** What a mail says, without the breaks of quoted-printable. */
function decoded(raw: string): string {
  return raw
    .replace(/=\r\n/g, '')
    .replace(/(?:=[\dA-F]{2})+/g, (text) => Buffer.from(text.replaceAll('=', ''), 'hex').toString('utf8'));
}

/** Sends the form of the page. */
export async function sendForm(
  { running }: Pick<ContactStage, 'running'>,
  token: string,
  fields: Readonly<Record<string, string>>,
  files: readonly { readonly name: string; readonly content: string | Uint8Array<ArrayBuffer> }[] = [],
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const { name, content } of files) form.append('files', new Blob([content]), name);
  const answer = await fetch(`${running.url}/answer/${token}`, { method: 'POST', body: form });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}
