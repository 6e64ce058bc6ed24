import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Role, roles } from '../../access/roles.js';
import type { DeliveryView } from '../../notices/deliveries.js';
import type { MadeNotice } from '../../notices/notices.js';
import type { QuietHours } from '../../notices/quiet.js';
import type { NoticeView } from '../../notices/rules.js';
import { type NoticeKind, noticeKinds } from '../../outbox.js';
import type { HostClient } from '../client.js';
import { CliError, ExitCode } from '../exit.js';
import { exitCodeFor, type Output } from '../output.js';
import { collect, group, hostCommand, runs, wholeNumber } from '../shared.js';

/** `connector-host notices`: who is told what, and what came of it. */
export function noticesCommand(): Command {
  return group('notices', 'who is told what, by mail or signed webhook, and what came of it')
    .addCommand(listCommand())
    .addCommand(addCommand())
    .addCommand(changeCommand())
    .addCommand(removeCommand())
    .addCommand(secretCommand())
    .addCommand(testCommand())
    .addCommand(deliveriesCommand())
    .addCommand(resendCommand());
}

const path = (id: string, rest = ''): string => `/api/v1/notices/${encodeURIComponent(id)}${rest}`;

interface NoticeList {
  readonly items: readonly NoticeView[];
}

/** Who gets a notice, in words. */
function receiver({ channel, to }: NoticeView): string {
  if ('origin' in to) return `webhook at ${to.origin}`;
  if ('address' in to) return to.address;
  return 'role' in to ? `each ${to.role} with an address` : `${channel} to whoever owns the work`;
}

function noticeText(notice: NoticeView): string {
  const { id, kinds, quiet, zone, active, switchedOff } = notice;
  const what = kinds.length === noticeKinds.length ? 'everything' : kinds.join(', ');
  const off =
    switchedOff === undefined ? 'switched off' : `switched off by the host since ${switchedOff.at.slice(0, 10)}`;
  return [
    `${id}  ${receiver(notice)}${active ? '' : ` (${off})`}`,
    `  ${what}`,
    ...(quiet === undefined ? [] : [`  quiet from ${quiet.from} to ${quiet.until}, ${zone}`]),
  ].join('\n');
}

function listCommand(): Command {
  return hostCommand('list', 'list who is told what').action(
    runs(async (client, output) => {
      const found = await client.get<NoticeList>('/api/v1/notices');
      output.result(found, () => found.items.map(noticeText).join('\n') || 'Nobody is told anything.');
      return undefined;
    }),
  );
}

interface ChangeFlags {
  readonly kind?: readonly NoticeKind[];
  readonly quiet?: QuietHours | null;
  readonly zone?: string;
}

function quietHours(text: string): QuietHours {
  const [, from, until] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? [];
  if (from === undefined || until === undefined)
    throw new InvalidArgumentError('Give two times of day, such as 22:00-07:00.');
  return { from, until };
}

function withChangeFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--kind <kind>', `only this (repeatable): ${noticeKinds.join(', ')}`)
        .choices(noticeKinds)
        .argParser((value: string, before?: readonly string[]) => {
          if (!(noticeKinds as readonly string[]).includes(value))
            throw new InvalidArgumentError(`Allowed choices are ${noticeKinds.join(', ')}.`);
          return collect(value, before);
        }),
    )
    .addOption(new Option('--quiet <hours>', 'when nothing is sent, such as 22:00-07:00').argParser(quietHours))
    .option('--zone <zone>', "zone of those hours and of times in messages (default: the host's)");
}

interface AddFlags extends ChangeFlags {
  readonly email?: string;
  readonly role?: Role;
  readonly owner?: true;
  readonly webhook?: string;
}

function addCommand(): Command {
  const command = hostCommand('add', 'have somebody told; the secret of a webhook is shown this once')
    .option('--email <address>', 'an e-mail address')
    .addOption(new Option('--role <role>', 'everybody of this role whose token carries an address').choices(roles))
    .option('--owner', 'whoever owns the work that a message is about')
    .option('--webhook <url>', 'an https address; messages are signed by the Standard Webhooks scheme');
  return withChangeFlags(command).action(
    runs(async (client, output, flags: AddFlags) => {
      const { email: address, role, owner, webhook: url, kind: kinds, quiet, zone } = flags;
      if ([address, role, owner, url].filter((one) => one !== undefined).length !== 1) {
        throw new CliError('Who is to be told?', ExitCode.usage, 'Give one of --email, --role, --owner and --webhook.');
      }
      const channel = url === undefined ? 'email' : 'webhook';
      const body = { channel, address, role, owner, url, kinds, quiet, zone };
      const made = await client.post<MadeNotice>('/api/v1/notices', body);
      output.note(`${noticeText(made.notice)}`);
      if (made.secret !== undefined) output.note('Its secret, for checking signatures. It cannot be shown again:');
      output.result(made, () => made.secret ?? made.notice.id);
      return undefined;
    }),
  );
}

function changeCommand(): Command {
  const command = hostCommand('change', 'change what somebody is told, or when; switch it off or on')
    .argument('<id>', 'as "notices list" shows it')
    .option('--on', 'switch it on')
    .option('--off', 'switch it off')
    .option('--no-quiet', 'send at any hour');
  return withChangeFlags(command).action(
    runs(async (client, output, id: string, flags: Omit<ChangeFlags, 'quiet'> & SwitchFlags) => {
      const { kind: kinds, quiet, zone, on, off } = flags;
      if (on && off) throw new CliError('On or off?', ExitCode.usage, 'Give one of --on and --off.');
      const active = on ? true : off ? false : undefined;
      const body = { kinds, quiet: quiet === false ? null : quiet === true ? undefined : quiet, zone, active };
      const notice = await client.patch<NoticeView>(path(id), body);
      output.result(notice, () => noticeText(notice));
      return undefined;
    }),
  );
}

interface SwitchFlags {
  readonly on?: true;
  readonly off?: true;
  /** `true` where neither `--quiet` nor `--no-quiet` is given. */
  readonly quiet?: QuietHours | boolean;
}

function removeCommand(): Command {
  return hostCommand('remove', 'have nobody told by this any more; what still waits is not sent')
    .argument('<id>', 'as "notices list" shows it')
    .action(
      runs(async (client, output, id: string) => {
        await client.delete(path(id));
        output.result({ removed: id }, () => 'Removed.');
        return undefined;
      }),
    );
}

function secretCommand(): Command {
  return hostCommand('secret', 'give a webhook a new secret, shown this once; the old one counts for a day')
    .argument('<id>', 'as "notices list" shows it')
    .action(
      runs(async (client, output, id: string) => {
        const made = await client.post<{ secret: string; oldCountsUntil: string }>(path(id, '/secret'), {});
        output.note(`The secret before counts until ${made.oldCountsUntil}. The new one cannot be shown again:`);
        output.result(made, () => made.secret);
        return undefined;
      }),
    );
}

function testCommand(): Command {
  return hostCommand('test', 'send a test now and say what came of it')
    .argument('[id]', 'as "notices list" shows it; all that are switched on where it is left out')
    .action(
      runs(async (client, output, id?: string) => {
        const ids = id === undefined ? await activeIds(client) : [id];
        const sent: DeliveryView[] = [];
        for (const one of ids)
          sent.push(...(await client.post<{ items: DeliveryView[] }>(path(one, '/test'), {})).items);
        output.result({ items: sent }, () => sent.map(deliveryText).join('\n') || 'There is nobody to send a test to.');
        return exitCodeFor(sent.filter(({ state }) => state !== 'delivered').length);
      }),
    );
}

async function activeIds(client: HostClient): Promise<readonly string[]> {
  const { items } = await client.get<NoticeList>('/api/v1/notices');
  return items.filter(({ active }) => active).map(({ id }) => id);
}

/** Some lines each: the command that sends it again needs its id to the letter. */
function deliveryText({ id, to, kind, state, attempts, createdAt, nextAt, failure }: DeliveryView): string {
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`;
  const next = nextAt === undefined ? '' : `; next ${nextAt.slice(0, 16)}Z`;
  return [
    `${createdAt.slice(0, 16)}Z  ${kind} to ${to}`,
    `  ${state} (${tries}${next})  ${id}`,
    ...(failure === undefined ? [] : [`  ${failure.message}`]),
  ].join('\n');
}

interface DeliveryFlags {
  readonly notice?: string;
  readonly state?: string;
  readonly limit?: number;
}

function deliveriesCommand(): Command {
  return hostCommand('deliveries', 'list what was sent and what came of it, the newest first')
    .option('--notice <id>', 'only of this notice')
    .addOption(new Option('--state <state>', 'only these').choices(['waiting', 'delivered', 'failed']))
    .option('--limit <number>', 'how many (default 50)', wholeNumber(1, 1_000))
    .action(
      runs(async (client, output: Output, flags: DeliveryFlags) => {
        const query = new URLSearchParams();
        for (const name of ['notice', 'state', 'limit'] as const)
          if (flags[name] !== undefined) query.set(name, String(flags[name]));
        const found = await client.get<{ items: readonly DeliveryView[] }>(`/api/v1/notices/deliveries?${query}`);
        output.result(found, () => found.items.map(deliveryText).join('\n') || 'Nothing was sent.');
        return undefined;
      }),
    );
}

function resendCommand(): Command {
  return hostCommand('resend', 'send a message once more, under its id')
    .argument('<id>', 'as "notices deliveries" shows it')
    .action(
      runs(async (client, output, id: string) => {
        const to = `/api/v1/notices/deliveries/${encodeURIComponent(id)}/resend`;
        const sent = await client.post<DeliveryView>(to, {});
        output.result(sent, () => deliveryText(sent));
        return undefined;
      }),
    );
}
