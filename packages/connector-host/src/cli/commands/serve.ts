import { readFileSync, statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Command, Option } from 'commander';
import {
  type Configuration,
  configurationFile,
  type OptionName,
  optionFacts,
  readConfiguration,
} from '../../configuration.js';
import { given } from '../../given.js';
import type { Host } from '../../host.js';
import type { HostOptions } from '../../host-options.js';
import type { MailSettings } from '../../notices/mail-settings.js';
import { readProxies } from '../../plugins/isolation/proxies.js';
import { HostProblem } from '../../problem.js';
import { SealingError } from '../../sealing/sealing-error.js';
import { CliError, ExitCode } from '../exit.js';
import { Output } from '../output.js';
import { collect, settle } from '../shared.js';

const onlyServing: readonly OptionName[] = [
  'port',
  'host',
  'allow-host',
  'tls-cert',
  'tls-key',
  'insecure-bind',
  'console-dir',
  'confirm-above',
  'calls-per-minute',
  'admin-token',
];

/** `connector-host serve`: HTTP API, console and work in one process. */
export function serveCommand(consoleDir: string): Command {
  const names = Object.keys(optionFacts) as OptionName[];
  return processCommand('serve', 'serve the HTTP API and the console, and do the work', names)
    .option('--no-work', 'leave the work to "connector-host worker" processes')
    .action(async function (this: Command) {
      const work = this.opts<{ work: boolean }>().work;
      await settle(new Output(true), async () => {
        const host = await open(this, (options) => ({ consoleDir, ...options, work }));
        const line = {
          ready: true,
          url: host.url,
          ...given({ adminToken: host.newToken }),
        };
        print(line);
        return undefined;
      });
    });
}

/** `connector-host worker`: only the work; any number of them may share one database. */
export function workerCommand(): Command {
  const names = (Object.keys(optionFacts) as OptionName[]).filter((name) => !onlyServing.includes(name));
  return processCommand('worker', 'do the work beside a serving host, on the same database', names).action(
    async function (this: Command) {
      await settle(new Output(true), async () => {
        await open(this, (options) => ({ ...options, serve: false }));
        print({ ready: true });
        return undefined;
      });
    },
  );
}

function processCommand(name: string, description: string, names: readonly OptionName[]): Command {
  const command = new Command(name)
    .description(description)
    .option('--config <FILE>', 'file of lines "name = value" (default connector-host.conf)');
  const secrets: string[] = [];
  for (const each of names) {
    const facts = optionFacts[each];
    const variable = `CONNECTOR_HOST_${each.toUpperCase().replaceAll('-', '_')}`;
    if ('secret' in facts) {
      secrets.push(`  ${variable.padEnd(28)} ${facts.help}`);
    }
    const option = new Option(facts.kind === 'switch' ? `--${each}` : `--${each} <${facts.value}>`, facts.help);
    if (facts.kind === 'list') option.argParser(collect);
    // A secret's flag is known only to be refused with a reason.
    command.addOption('secret' in facts ? option.hideHelp() : option);
  }
  return command.addHelpText(
    'after',
    `\nEach option may also be set as CONNECTOR_HOST_<NAME IN CAPITALS>, or in the file; flags count first. HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say which proxy leads to vendors. Secrets are taken from the environment or the file only:\n${secrets.join('\n')}`,
  );
}

/**
 * Has memory cleared once the heap has grown by half, where Node.js lets it grow to several times of what is in use. A host that works on
 * a large file then stays at some 200 MB instead of 350, at the same speed; where the flag is unknown nothing changes.
 */
const GROW_BY_HALF = '--heap-growing-percent=50';

/** One line of JSON for whoever started this process; everything else is log, on standard error. */
function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function open(command: Command, adjust: (options: HostOptions) => HostOptions): Promise<Host> {
  // Read by their own names, not by commander's camel case.
  const flags = Object.fromEntries(
    command.options.map((option) => [
      option.long?.replace('--', '') ?? '',
      command.getOptionValue(option.attributeName()),
    ]),
  ) as Record<string, string | boolean | readonly string[] | undefined>;
  setFlagsFromString(GROW_BY_HALF);
  let configuration: Configuration = {};
  try {
    const sources = { flags, environment: process.env };
    configuration = readConfiguration(sources);
    const proxies = readProxies(process.env);
    // Loaded only here: the other commands need none of it and start three times as fast without.
    const { closeOnSignals, openLog, reloadOnSignal, startHost } = await import('../../index.js');
    const log = openLog({ level: configuration['log-level'] ?? 'info' });
    const starting = startHost(
      adjust({
        ...hostOptions(configuration),
        ...given({ proxies }),
        secretPaths: [configurationFile(sources), ...keyFiles(configuration)],
        log,
      }),
    );
    // Told to stop while it starts, it ends what it began to start; a start that fails undoes that itself, and ends with its own error.
    const started = starting.catch(() => new Promise<never>(() => undefined));
    const close = async (graceMs?: number) => (await started).close(graceMs);
    closeOnSignals({ log, close }, configuration['shutdown-deadline']);
    const host = await starting;
    reloadOnSignal(host, () => print({ reloaded: true }));
    return host;
  } catch (error) {
    if (error instanceof HostProblem) {
      const exitCode = error.code === 'OPTION_INVALID' ? ExitCode.usage : ExitCode.failure;
      throw new CliError(error.message, exitCode, error.remedy);
    }
    if (error instanceof SealingError && error.code.startsWith('MASTER_KEY')) {
      throw new CliError(`${keyOption(configuration)}: ${error.message}`, ExitCode.usage, error.remedy);
    }
    throw error;
  }
}

/** Where the master key was looked for. */
function keyOption({ 'master-key-command': command, 'master-key': key }: Configuration): string {
  if (command !== undefined) return '--master-key-command';
  return key === undefined ? '--data-dir' : 'CONNECTOR_HOST_MASTER_KEY';
}

function hostOptions(configuration: Configuration): HostOptions {
  const present = given({
    databaseUrl: configuration['database-url'],
    port: configuration.port,
    host: configuration.host,
    allowHosts: configuration['allow-host'],
    publicUrl: configuration['public-url'],
    isolation: configuration.isolation,
    requireWall: configuration['require-wall'],
    develop: developOf(configuration),
    allowEndpoints: configuration['allow-endpoint'],
    planWindowMs: configuration['plan-window'],
    pollIntervalMs: configuration['poll-interval'],
    adminToken: configuration['admin-token'],
    masterKey: configuration['master-key'],
    masterKeyCommand: configuration['master-key-command'],
    consoleDir: configuration['console-dir'],
    callsPerMinute: configuration['calls-per-minute'],
    retentionDays: configuration['retention-days'],
    longestRetentionDays: configuration['longest-retention-days'],
    zone: configuration.zone,
    jurisdiction: configuration.jurisdiction,
    jurisdictionDays: configuration['jurisdiction-days'],
    confirmAbove: configuration['confirm-above'],
    insecureBind: configuration['insecure-bind'],
    tls: tlsOf(configuration),
    mail: mailOf(configuration),
    allowWebhooks: configuration['allow-webhook'],
    noticeRetentionDays: configuration['notice-retention-days'],
  }) as Partial<HostOptions>;
  return {
    dataDir: configuration['data-dir'] ?? '.connector-host',
    roots: configuration.root ?? [process.cwd()],
    ...present,
  };
}

function developOf({ develop = false, inspect }: Configuration): HostOptions['develop'] {
  if (!develop && inspect !== undefined) {
    throw new HostProblem('OPTION_INVALID', '--inspect is for connectors that are being written: it needs --develop.');
  }
  return develop ? { inspect } : undefined;
}

function tlsOf(configuration: Configuration): HostOptions['tls'] {
  const { 'tls-cert': cert, 'tls-key': key } = configuration;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new HostProblem('OPTION_INVALID', 'HTTPS needs both --tls-cert and --tls-key.');
  }
  demandPrivate('tls-key', key);
  return { cert: pem('tls-cert', cert), key: pem('tls-key', key) };
}

/** A mail server is named by two options; the others say more of it. */
function mailOf(configuration: Configuration): HostOptions['mail'] {
  const { 'smtp-server': server, 'mail-from': from } = configuration;
  const more = ['smtp-security', 'smtp-user', 'smtp-password', 'smtp-ca', 'mail-reply-to'] as const;
  const other = more.find((name) => configuration[name] !== undefined);
  if (server === undefined && from === undefined && other === undefined) return undefined;
  if (server === undefined || from === undefined) {
    throw new HostProblem(
      'OPTION_INVALID',
      `Mail needs both --smtp-server and --mail-from${other === undefined ? '' : `; --${other} was given`}.`,
    );
  }
  const { 'smtp-security': security, 'smtp-user': user, 'smtp-password': password, 'smtp-ca': ca } = configuration;
  const replyTo = configuration['mail-reply-to'];
  return {
    server,
    from,
    ...given({ security: security as MailSettings['security'], user, password, replyTo }),
    ...(ca === undefined ? {} : { ca: pem('smtp-ca', ca) }),
  };
}

/** A key that others may read is nobody's: as with the master key, the host does not start with it. */
function demandPrivate(option: OptionName, path: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new HostProblem('OPTION_INVALID', `--${option}: other accounts may read the file ${path}.`, {
    remedy: `Run "chmod 600 ${path}", and take another key if others may have had it.`,
  });
}

function pem(option: OptionName, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new HostProblem('OPTION_INVALID', `--${option}: the file ${path} cannot be read.`);
  }
}

function keyFiles({ 'tls-key': key }: Configuration): string[] {
  return key === undefined ? [] : [key];
}
