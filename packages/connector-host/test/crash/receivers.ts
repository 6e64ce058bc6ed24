/** Whoever is told of a round: a mailbox and a webhook, which fail now and then. What they were told is held against what the host says. */
import { setTimeout as pause } from 'node:timers/promises';
import { type MailReceiver, mailReceiver, type WebhookReceiver, webhookReceiver } from '../notices/receivers.js';
import type { Chance } from './chance.js';
import type { Sender } from './sender.js';
import type { Counts } from './tally.js';

const notices = '/api/v1/notices';
const work = '/api/v1/work';

type Rows = readonly Readonly<Record<string, unknown>>[];

/** The receivers of one round. */
export class Receivers {
  /** Whom each work item was given to. */
  private readonly owners = new Map<number, string>();

  private constructor(
    private readonly mail: MailReceiver,
    private readonly hook: WebhookReceiver,
    private readonly chance: Chance,
  ) {}

  static async start(chance: Chance): Promise<Receivers> {
    const mail = await mailReceiver({ disabledCommands: ['STARTTLS', 'AUTH'], authOptional: true });
    return new Receivers(mail, await webhookReceiver(), chance);
  }

  /** Of the host. */
  get options(): readonly string[] {
    const server = ['--smtp-server', `localhost:${this.mail.port}`, '--smtp-security', 'none'];
    return [...server, '--mail-from', 'host@example.com', '--allow-webhook', this.hook.origin];
  }

  /** Has everything told to the webhook and a mailbox, and work to whoever it is given to. */
  async subscribe(sender: Sender): Promise<void> {
    for (const rule of [
      { channel: 'webhook', url: this.hook.origin },
      { channel: 'email', address: 'privacy@example.com' },
      { channel: 'email', owner: true, kinds: ['work.assigned'] },
    ]) {
      const { status, answer } = await sender.call('POST', notices, rule);
      if (status !== 201) throw new Error(`Nobody is told: ${status} ${JSON.stringify(answer)}`);
    }
  }

  /** Gives each work item that appears to somebody of its own, while the receivers fail now and then. */
  async giveWork(sender: Sender, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      this.hook.status = this.chance.pick([200, 200, 200, 500, 0]);
      await pause(this.chance.whole(500, 3_000));
      const { items } = (await sender.call('GET', `${work}?state=open&owner=none&limit=5`)).answer;
      for (const { id } of items as { id: number }[]) {
        const email = `owner-${id}@example.com`;
        if (this.chance.hits(0.2)) this.mail.refused.set(email, 451);
        const { status } = await sender.call('POST', `${work}/${id}/assign`, { owner: { name: email, email } });
        // It may have ended meanwhile: its system is reached by now.
        if (status === 200) this.owners.set(id, email);
      }
    }
    this.hook.status = 200;
    this.mail.refused.clear();
  }

  /** Waits until everything was delivered. Answers what was lost, or told under another id, in words. */
  async judge(sender: Sender, counts: Counts): Promise<string[]> {
    const sent = await this.delivered(sender);
    const calls = this.hook.calls.map(({ headers, body }) => ({ id: String(headers['webhook-id']), body }));
    const mails = this.mail.mails.map(({ headers, to }) => ({
      id: /<(.*)@/.exec(headers.get('message-id') ?? '')?.[1] ?? '',
      body: `${to} ${headers.get('subject')} ${headers.get('date')}`,
    }));
    const wrong: string[] = [];
    const arrived = new Set([...calls, ...mails].map(({ id }) => id));
    const known = new Set(sent.map(({ id }) => String(id)));
    for (const { id, kind, state } of sent) {
      if (state !== 'delivered') wrong.push(`a notice was not delivered: ${kind} is ${state}`);
      else if (!arrived.has(String(id))) wrong.push(`a notice never arrived: ${kind}`);
    }
    for (const id of arrived) if (!known.has(id)) wrong.push(`a message arrived that the host does not know: ${id}`);
    const ids = new Map<string, Set<string>>();
    for (const { id, body } of calls) ids.set(body, (ids.get(body) ?? new Set()).add(id));
    for (const [body, under] of ids) if (under.size > 1) wrong.push(`told under ${under.size} ids: ${body}`);
    for (const [item, email] of this.owners) {
      const told = new Set(mails.filter(({ body }) => body.startsWith(`${email} `)).map(({ id }) => id));
      if (told.size !== 1) wrong.push(`the owner of work item ${item} was told under ${told.size} ids`);
    }
    counts.told = known.size;
    counts.toldAgain = calls.length + mails.length - arrived.size;
    return [...wrong, ...(await this.judgeItems(sender, counts))];
  }

  async stop(): Promise<void> {
    await this.hook.stop();
    await this.mail.stop();
  }

  /** Everything that was sent, once nothing waits any more: what failed is asked for anew rather than awaited. */
  private async delivered(sender: Sender): Promise<Rows> {
    for (;;) {
      const { items } = (await sender.call('GET', `${notices}/deliveries?limit=1000`)).answer as { items: Rows };
      const waiting = items.filter(({ state }) => state === 'waiting');
      if (waiting.length === 0) return items;
      for (const { id, failure } of waiting)
        if (failure !== undefined) await sender.call('POST', `${notices}/deliveries/${id}/resend`, {});
      await pause(500);
    }
  }

  /** One open item for each system that is left, with everybody in it. */
  private async judgeItems(sender: Sender, counts: Counts): Promise<string[]> {
    const query = 'kind=erase-elsewhere&state=open&limit=1000';
    const { items } = (await sender.call('GET', `${work}?${query}`)).answer as { items: Rows };
    const wrong: string[] = [];
    const systems = new Set<unknown>();
    for (const { system, people } of items) {
      if (systems.has(system)) wrong.push(`there are two open items for ${system}`);
      systems.add(system);
      if (people !== sender.acknowledged.size)
        wrong.push(`${people} of ${sender.acknowledged.size} people are in the item for ${system}`);
    }
    for (const [id, email] of this.owners) {
      const { answer } = await sender.call('GET', `${work}/${id}`);
      if ((answer['owner'] as { email?: string } | undefined)?.email !== email) wrong.push(`item ${id} lost its owner`);
    }
    if (items.length === 0) wrong.push('no system has an item, and people are left over');
    counts.items = items.length;
    return wrong;
  }
}
