import type { Command } from 'commander';
import type { CheckReport, ConnectorManifest } from 'connector-contract';
import { given } from '../../given.js';
import { readText } from '../client.js';
import { type ContactFlags, contactOf, withContact } from '../contact-flags.js';
import { CliError, ExitCode } from '../exit.js';
import { collect, hostCommand, runs } from '../shared.js';
import { checkText } from './check-report.js';

interface Flags extends ContactFlags {
  readonly name: string;
  readonly set?: readonly string[];
  readonly secretEnv?: readonly string[];
  readonly secretFile?: readonly string[];
  readonly capability?: readonly string[];
  readonly allowRepeat?: boolean;
}

/** `connector-host connect`: makes a connection, after every permission was checked. */
export function connectCommand(): Command {
  const command = hostCommand(
    'connect',
    'connect a vendor: checks every permission, and keeps the connection where none is missing',
  )
    .argument('<connector>', 'id of the connector, as "connectors" lists it')
    .requiredOption('--name <name>', 'what to call the connection')
    .option('--set <field=value>', 'a configuration field (repeatable)', collect)
    .option('--secret-env <field=VARIABLE>', 'a secret field, from an environment variable (repeatable)', collect)
    .option('--secret-file <field=file>', 'a secret field, from a file (repeatable)', collect)
    .option('--capability <capability>', 'only this capability: deletion, system-detection (repeatable)', collect)
    .option(
      '--allow-repeat',
      'send a submission again where nobody can find out whether the vendor has it; it counts against the quota twice',
    );
  return withContact(command).action(
    runs(async (client, output, connector: string, flags: Flags) => {
      const { manifest } = await client.get<{ manifest?: ConnectorManifest }>(
        `/api/v1/connectors/${encodeURIComponent(connector)}`,
      );
      const config = configOf(flags, manifest);
      const { name, capability, allowRepeat } = flags;
      const contact = contactOf(flags);
      const body = {
        connector,
        name,
        config,
        ...(allowRepeat === undefined ? {} : { settings: { repeatUncertain: allowRepeat } }),
        ...given({ contact, capabilities: capability }),
      };
      try {
        const made = await client.post<{ id: string; check?: CheckReport }>('/api/v1/connections', body);
        output.result(made, () =>
          [`Connected as ${made.id}.`, ...(made.check ? [checkText(made.check, output)] : [])].join('\n'),
        );
      } catch (error) {
        const report =
          error instanceof CliError ? (error.data as { report?: CheckReport } | undefined)?.report : undefined;
        if (report !== undefined) output.note(checkText(report, output));
        throw error;
      }
      return undefined;
    }),
  );
}

/** The configuration from the flags: toggles and integers become what their fields hold, secrets are never taken from the command line. */
export function configOf(
  flags: Pick<Flags, 'set' | 'secretEnv' | 'secretFile'>,
  manifest: ConnectorManifest | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string | number | boolean> {
  const { set = [], secretEnv = [], secretFile = [] } = flags;
  const kinds = new Map(manifest?.config.fields.map(({ key, kind }) => [key, kind]));
  const config: Record<string, string | number | boolean> = {};
  for (const [field, text] of set.map((each) => pair('--set', each))) {
    if (kinds.get(field) === 'secret') {
      throw new CliError(
        `--set ${field}: a secret on the command line can be read by others on this machine.`,
        ExitCode.usage,
        `Use --secret-env ${field}=VARIABLE or --secret-file ${field}=FILE.`,
      );
    }
    config[field] = typed(text, kinds.get(field));
  }
  for (const [field, variable] of secretEnv.map((each) => pair('--secret-env', each, 'field=VARIABLE'))) {
    const secret = environment[variable];
    if (secret === undefined || secret === '')
      throw new CliError(
        `--secret-env ${field}: ${variable} is not set.`,
        ExitCode.usage,
        `Set the environment variable ${variable}.`,
      );
    config[field] = secret;
  }
  for (const [field, file] of secretFile.map((each) => pair('--secret-file', each, 'field=file')))
    config[field] = readText('--secret-file', file);
  return config;
}

function typed(text: string, kind: string | undefined): string | number | boolean {
  if (kind === 'toggle' && (text === 'true' || text === 'false')) return text === 'true';
  // What is no number stays as it is: the server's check names the field and what it takes.
  if (kind === 'integer' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  return text;
}

/** @param form how it is written: what a secret's flags hold is where the secret is, never the secret. */
function pair(option: string, text: string, form = 'field=value'): [string, string] {
  const at = text.indexOf('=');
  if (at < 1)
    throw new CliError(
      `${option}: "${text.slice(0, 40)}" is not of the form ${form}.`,
      ExitCode.usage,
      `Write ${option} ${form}.`,
    );
  return [text.slice(0, at), text.slice(at + 1)];
}
