/**
 * How the host is set up: flags, then environment variables `CONNECTOR_HOST_*` (a flag's name in capitals), then a file of lines
 * `name = value`. Where two of them name an option, the earlier counts.
 */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mailSecurities } from './notices/mail-settings.js';
import { HostProblem } from './problem.js';
import { jurisdictions } from './requests/legal-clock.js';
import { requestLimits } from './requests/request-body.js';

/** An option as it is described, for `--help` and for reading it. */
export interface OptionFacts {
  /** A `switch` is on where it is given; in a file or the environment its value is `true` or `false`. */
  readonly kind: 'text' | 'path' | 'whole' | 'list' | 'switch';
  /** In words. */
  readonly help: string;
  /** Shown for the value in `--help`. */
  readonly value: string;
  /** Secrets are not taken from the command line, which other users of the machine can read. */
  readonly secret?: true;
  readonly least?: number;
  readonly most?: number;
  readonly choices?: readonly string[];
  /** What its value must look like, and how that is told. The value itself may be a secret. */
  readonly form?: { readonly pattern: RegExp; readonly told: string };
}

const whole = (help: string, least: number, most: number, value = 'NUMBER'): OptionFacts & { kind: 'whole' } => ({
  kind: 'whole',
  help,
  value,
  least,
  most,
});

/** Every option by its flag's name. */
export const optionFacts = {
  port: whole('port of the HTTP API; 0 for a free one (default 4600)', 0, 65_535),
  host: { kind: 'text', help: 'address to listen on (default 127.0.0.1)', value: 'ADDRESS' },
  'allow-host': {
    kind: 'list',
    help: 'a name this host is called by, beside addresses and localhost (repeatable)',
    value: 'NAME',
  },
  'public-url': {
    kind: 'text',
    help: 'address by which people reach this host behind a proxy, with the path it has there',
    value: 'URL',
  },
  'tls-cert': { kind: 'path', help: 'certificate (PEM, with its chain) to serve HTTPS with', value: 'FILE' },
  'tls-key': { kind: 'path', help: 'private key (PEM) of the certificate', value: 'FILE' },
  'insecure-bind': {
    kind: 'switch',
    help: 'listen beyond this machine without TLS, for example behind a proxy that has it',
    value: '',
  },
  'data-dir': {
    kind: 'path',
    help: 'folder of the database and the master key (default .connector-host)',
    value: 'DIR',
  },
  'database-url': {
    kind: 'text',
    help: 'a PostgreSQL to use instead of one of its own',
    value: 'URL',
    secret: true,
    form: { pattern: /^postgres(ql)?:\/\//i, told: 'postgresql://USER:PASSWORD@SERVER/DATABASE' },
  },
  root: {
    kind: 'list',
    help: 'folder of a project whose connectors are loaded (repeatable; default: the current one)',
    value: 'DIR',
  },
  isolation: {
    kind: 'text',
    help: 'where connectors run: "process", each in one of its own, behind a wall where there can be one (default); "fence", without the wall; or "none", in the host itself',
    value: 'WHERE',
    choices: ['process', 'fence', 'none'],
  },
  'require-wall': { kind: 'switch', help: 'run no connector where there is no wall around it', value: '' },
  develop: {
    kind: 'switch',
    help: 'for authors of connectors: show what connectors print and throw; not for real people',
    value: '',
  },
  inspect: whole(
    'with --develop: port on this machine where a debugger gets into connectors; they run without wall and fence then',
    1,
    65_535,
    'PORT',
  ),
  'allow-endpoint': {
    kind: 'list',
    help: 'an origin that connections may point at beside the vendor (repeatable)',
    value: 'ORIGIN',
  },
  'plan-window': whole('how long a request waits for others to share its batch (default 60000)', 0, 86_400_000, 'MS'),
  'poll-interval': whole('fixed time between two looks at a batch, for try-outs', 10, 86_400_000, 'MS'),
  'admin-token': { kind: 'text', help: 'the first super-admin token', value: 'TOKEN', secret: true },
  'master-key': {
    kind: 'text',
    help: '32 bytes as base64 or hexadecimal, instead of the file in the data folder',
    value: 'KEY',
    secret: true,
  },
  'master-key-command': { kind: 'text', help: 'a command that prints the master key', value: 'COMMAND' },
  'console-dir': { kind: 'path', help: 'folder of the built console', value: 'DIR' },
  zone: {
    kind: 'text',
    help: 'zone in which the days of a due date begin and end, such as Europe/Berlin (default UTC)',
    value: 'ZONE',
  },
  jurisdiction: {
    kind: 'text',
    help: 'law that gives the time where a request names none: gdpr (default), ccpa or other',
    value: 'LAW',
    choices: jurisdictions,
  },
  'jurisdiction-days': whole('days that the jurisdiction "other" gives', 1, requestLimits.days, 'DAYS'),
  'confirm-above': whole(
    'more people than this are erased only once somebody has typed how many, or given --yes (default 100)',
    0,
    1_000_000,
    'PEOPLE',
  ),
  'retention-days': whole(
    'how long identifiers of people are kept after their requests are settled (default 30)',
    0,
    36_500,
    'DAYS',
  ),
  'longest-retention-days': whole(
    'how long they are kept at most after the conclusion, settled or not (default 365)',
    0,
    36_500,
    'DAYS',
  ),
  'smtp-server': {
    kind: 'text',
    help: 'mail server for notices, with its port (default 587; 465 for tls)',
    value: 'HOST:PORT',
  },
  'smtp-security': {
    kind: 'text',
    help: 'what keeps mail from being read on the way there: starttls (default), tls, or none',
    value: 'HOW',
    choices: mailSecurities,
  },
  'smtp-user': { kind: 'text', help: 'account at the mail server', value: 'NAME' },
  'smtp-password': {
    kind: 'text',
    help: 'password of the account at the mail server',
    value: 'PASSWORD',
    secret: true,
  },
  'smtp-ca': {
    kind: 'path',
    help: 'certificates (PEM) of authorities that the mail server is trusted by',
    value: 'FILE',
  },
  'mail-from': { kind: 'text', help: 'address that notices are sent from, with a name or without', value: 'ADDRESS' },
  'mail-reply-to': { kind: 'text', help: 'address that answers to notices go to', value: 'ADDRESS' },
  'allow-webhook': {
    kind: 'list',
    help: 'an origin that webhooks may go to although it is private, or http (repeatable)',
    value: 'ORIGIN',
  },
  'notice-retention-days': whole('how long it is kept who was sent what (default 90)', 1, 36_500, 'DAYS'),
  'calls-per-minute': whole('calls a minute taken from one address (default 12000)', 1, 10_000_000),
  'shutdown-deadline': whole(
    'how long running work may take to end when the host is stopped (default 20000)',
    0,
    600_000,
    'MS',
  ),
  'log-level': {
    kind: 'text',
    help: 'least level that is logged (default info)',
    value: 'LEVEL',
    choices: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
  },
} as const satisfies Record<string, OptionFacts>;

/** The name of an option, as its flag has it. */
export type OptionName = keyof typeof optionFacts;

type Value<F extends OptionFacts> = F['kind'] extends 'whole'
  ? number
  : F['kind'] extends 'list'
    ? readonly string[]
    : F['kind'] extends 'switch'
      ? boolean
      : string;

/** Options that were given, by name; paths are absolute. Holds secrets. */
export type Configuration = { readonly [Name in OptionName]?: Value<(typeof optionFacts)[Name]> };

/** Where options may come from. */
export interface Sources {
  /** By flag name; a repeatable flag as a list. `config` names the file. */
  readonly flags?: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What relative paths stand on. */
  readonly folder?: string;
}

/** File that is read where no other is named, if it is there. */
const CONFIGURATION_FILE = 'connector-host.conf';

interface Given {
  /** For messages: `--port`, `CONNECTOR_HOST_PORT`, `connector-host.conf line 3`. */
  readonly from: string;
  readonly texts: readonly string[];
}

function fault(detail: string, remedy?: string): HostProblem {
  return new HostProblem('OPTION_INVALID', detail, remedy === undefined ? {} : { remedy });
}

function environmentName(option: string): string {
  return `CONNECTOR_HOST_${option.toUpperCase().replaceAll('-', '_')}`;
}

function isOption(name: string): name is OptionName {
  return Object.hasOwn(optionFacts, name);
}

/** Reads lines `name = value`; `#` begins a comment line; a list has a line for each of its values. */
function readLines(text: string, file: string): ReadonlyMap<OptionName, Given> {
  const found = new Map<OptionName, Given>();
  text.split(/\r?\n/).forEach((line, at) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const from = `${file} line ${at + 1}`;
    const [, name = '', value = ''] = /^([\w-]+)\s*=(.*)$/s.exec(trimmed) ?? [];
    if (name === '') throw fault(`${from} is not of the form "name = value".`);
    if (!isOption(name)) {
      throw fault(`${from}: there is no option "${name}".`, `Options are ${Object.keys(optionFacts).join(', ')}.`);
    }
    const earlier = found.get(name);
    if (earlier && optionFacts[name].kind !== 'list')
      throw fault(`${from}: "${name}" is given twice.`, `Remove one; the first is ${earlier.from}.`);
    found.set(name, { from: earlier?.from ?? from, texts: [...(earlier?.texts ?? []), value.trim()] });
  });
  return found;
}

/** The file that is read, named or not; it need not exist. */
export function configurationFile({ flags = {}, environment = {}, folder = process.cwd() }: Sources): string {
  const named = flags['config'] ?? environment['CONNECTOR_HOST_CONFIG'];
  return resolve(folder, typeof named === 'string' && named !== '' ? named : CONFIGURATION_FILE);
}

function fileLines(sources: Sources): ReadonlyMap<OptionName, Given> {
  const { flags = {}, environment = {} } = sources;
  const named = flags['config'] ?? environment['CONNECTOR_HOST_CONFIG'];
  const path = configurationFile(sources);
  if (named === undefined && !existsSync(path)) return new Map();
  try {
    return readLines(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof HostProblem) throw error;
    throw fault(`The configuration file ${path} cannot be read.`, 'Name a file that exists and that you may read.');
  }
}

function given(name: OptionName, sources: Sources, lines: ReadonlyMap<OptionName, Given>): Given | undefined {
  const flag = sources.flags?.[name];
  const isSecret = 'secret' in optionFacts[name];
  if (flag !== undefined && isSecret) {
    throw fault(`--${name} would show a secret to everybody on this machine.`, `Set ${environmentName(name)} instead.`);
  }
  if (flag !== undefined && !(typeof flag === 'object' && flag.length === 0) && flag !== '')
    return { from: `--${name}`, texts: typeof flag === 'object' ? flag : [String(flag)] };
  const variable = sources.environment?.[environmentName(name)];
  if (variable !== undefined && variable !== '') {
    const texts = optionFacts[name].kind === 'list' ? variable.split(',').map((one) => one.trim()) : [variable];
    return { from: environmentName(name), texts };
  }
  return lines.get(name);
}

function readValue(
  { kind, least = 0, most = 0, choices, form }: OptionFacts,
  { from, texts }: Given,
  folder: string,
): string | number | boolean | readonly string[] {
  if (kind === 'list') {
    if (texts.some((one) => one === '')) throw fault(`${from}: an empty value.`);
    return texts;
  }
  const [text = ''] = texts;
  if (text === '') throw fault(`${from} has no value.`, 'Give one, or leave the option out.');
  if (kind === 'path') return resolve(folder, text);
  if (choices && !choices.includes(text))
    throw fault(`${from}: "${text}" is not known.`, `Give one of ${choices.join(', ')}.`);
  if (form && !form.pattern.test(text))
    throw fault(`${from} does not have the right form.`, `Write it as ${form.told}.`);
  if (kind === 'text') return text;
  if (kind === 'switch') {
    if (text !== 'true' && text !== 'false') throw fault(`${from}: "${text.slice(0, 40)}" is not true or false.`);
    return text === 'true';
  }
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw fault(`${from}: "${text.slice(0, 40)}" is not a whole number from ${least} to ${most}.`);
  }
  return value;
}

/** Reads the configuration. Throws OPTION_INVALID, naming the option and where it came from. */
export function readConfiguration(sources: Sources): Configuration {
  const folder = sources.folder ?? process.cwd();
  const lines = fileLines(sources);
  const found: Partial<Record<OptionName, string | number | boolean | readonly string[]>> = {};
  for (const name of Object.keys(optionFacts) as OptionName[]) {
    const one = given(name, sources, lines);
    if (one !== undefined) found[name] = readValue(optionFacts[name], one, folder);
  }
  return found as Configuration;
}
