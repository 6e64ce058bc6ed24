import type { Command } from 'commander';
import type { ConnectorManifest } from 'connector-contract';
import type { ConnectionView } from '../../connections/view.js';
import { given } from '../../given.js';
import { type ContactFlags, contactOf, withContact } from '../contact-flags.js';
import { CliError, ExitCode } from '../exit.js';
import { collect, hostCommand, runs } from '../shared.js';
import { configOf } from './connect.js';

interface Flags extends ContactFlags {
  readonly contact?: false;
  readonly name?: string;
  readonly set?: readonly string[];
  readonly secretEnv?: readonly string[];
  readonly secretFile?: readonly string[];
  readonly allowRepeat?: boolean;
  readonly monthlyQuota?: string;
  readonly pause?: boolean;
  readonly resume?: boolean;
}

/** `connector-host change`: changes a connection; whatever no flag names stays. */
export function changeCommand(): Command {
  const command = hostCommand(
    'change',
    'change a connection: its settings, contact, configuration, a new secret; pause or resume it',
  )
    .argument('<connection>', 'id of the connection, as "connections" lists it')
    .option('--pause', 'submit and follow nothing until it is resumed')
    .option('--resume', 'go on; also ends a hold for the quota')
    .option('--allow-repeat', 'send a submission again where nobody can find out whether the vendor has it')
    .option('--no-allow-repeat', 'let a person decide about such a submission')
    .option('--monthly-quota <number>', 'identifiers the vendor takes from this account in a month, or "published"')
    .option('--name <name>', 'another name')
    .option('--set <field=value>', 'a configuration field (repeatable)', collect)
    .option('--secret-env <field=VARIABLE>', 'a secret field, from an environment variable (repeatable)', collect)
    .option('--secret-file <field=file>', 'a secret field, from a file (repeatable)', collect)
    .option('--no-contact', 'nobody answers access requests any more');
  return withContact(command).action(
    runs(async (client, output, connection: string, flags: Flags) => {
      const path = `/api/v1/connections/${encodeURIComponent(connection)}`;
      const asked = [flags.set, flags.secretEnv, flags.secretFile].some((given) => given !== undefined);
      const config = asked ? configOf(flags, await manifestOf(path)) : undefined;
      const body = bodyOf(flags, config);
      const changed = await client.patch<ConnectionView>(path, body);
      output.result(changed, () => changedText(changed, flags));
      return undefined;

      async function manifestOf(of: string): Promise<ConnectorManifest | undefined> {
        const { connector } = await client.get<ConnectionView>(of);
        const listed = `/api/v1/connectors/${encodeURIComponent(connector)}`;
        return (await client.get<{ manifest?: ConnectorManifest }>(listed)).manifest;
      }
    }),
  );
}

function bodyOf(flags: Flags, config: object | undefined): Readonly<Record<string, unknown>> {
  const { name, allowRepeat, monthlyQuota, pause, resume } = flags;
  if (pause && resume) throw new CliError('--pause and --resume exclude each other.', ExitCode.usage, 'Give one.');
  const settings = {
    ...given({ repeatUncertain: allowRepeat }),
    ...(monthlyQuota === undefined ? {} : { monthlyQuota: quotaOf(monthlyQuota) }),
  };
  const named = contactOf(flags);
  if (flags.contact === false && named !== undefined)
    throw new CliError('--no-contact and the flags of a contact exclude each other.', ExitCode.usage, 'Give one.');
  const contact = flags.contact === false ? null : named;
  const body = {
    ...given({ contact, name, config }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(pause ? { state: 'paused' } : resume ? { state: 'active' } : {}),
  };
  if (Object.keys(body).length > 0) return body;
  throw new CliError('Nothing is to be changed.', ExitCode.usage, 'Give at least one of the flags that --help lists.');
}

/** `null` goes back to what the manifest says. */
function quotaOf(text: string): number | null {
  if (text === 'published') return null;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new CliError(
    `--monthly-quota: "${text.slice(0, 40)}" is not a whole number.`,
    ExitCode.usage,
    'Give a number, or "published" for the one in the manifest.',
  );
}

function changedText({ name, state, settings, contact, quota, held }: ConnectionView, { allowRepeat }: Flags): string {
  const then = settings.repeatUncertain ? 'is sent again' : 'waits for a person to decide';
  const rule = `From now on a submission of which nobody can find out whether the vendor has it ${then}.`;
  return [
    `${name} is ${state}.`,
    ...(allowRepeat === undefined ? [] : [rule]),
    ...(quota?.remaining === undefined ? [] : [`${quota.remaining} identifiers are left of the quota.`]),
    ...(contact === undefined ? [] : [`Access requests go to ${contact.name} <${contact.email}>.`]),
    ...(held === undefined ? [] : [`Held until ${held.until} (${held.code}).`]),
  ].join('\n');
}
