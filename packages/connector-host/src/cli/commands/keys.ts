import { type Command, Option } from 'commander';
import { parseMasterKey } from '../../sealing/master-key.js';
import { SealingError } from '../../sealing/sealing-error.js';
import { readText } from '../client.js';
import { CliError, ExitCode } from '../exit.js';
import { group, hostCommand, runs } from '../shared.js';

interface Rotated {
  readonly id?: string;
  readonly dataKeys?: number;
  readonly source?: 'file' | 'environment' | 'command';
  readonly people?: number;
  readonly failed?: readonly { readonly name: string; readonly message: string }[];
}

interface Options {
  readonly data?: boolean;
  readonly people?: boolean;
  readonly receipts?: boolean;
  readonly keyFile?: string;
}

/** `connector-host keys`: replacing the host's keys. */
export function keysCommand(): Command {
  return group('keys', 'replace the keys of the host').addCommand(
    hostCommand(
      'rotate',
      'replace the master key: all data keys are wrapped anew, what they sealed stays; or, by a flag, another key',
    )
      .addOption(
        new Option(
          '--data',
          'replace the data keys of connections instead: credentials are sealed anew, old keys destroyed',
        ).conflicts(['people', 'receipts', 'keyFile']),
      )
      .addOption(
        new Option(
          '--people',
          "replace the data key of people's identifiers instead: they are sealed anew in the background, then the old key is destroyed",
        ).conflicts(['receipts', 'keyFile']),
      )
      .addOption(
        new Option('--receipts', 'replace the key that signs receipts instead; old receipts stay valid').conflicts(
          'keyFile',
        ),
      )
      .option(
        '--key-file <file>',
        'file with the new master key (32 bytes as base64 or hexadecimal), where the host does not keep it itself',
      )
      .action(
        runs(async (client, output, options: Options) => {
          const done = await client.post<Rotated>('/api/v1/keys/rotate', wishOf(options));
          output.result(done, () => textOf(done, options));
          return done.failed?.length ? ExitCode.incomplete : undefined;
        }),
      ),
  );
}

function wishOf({ data, people, receipts, keyFile }: Options): { readonly key: string; readonly masterKey?: string } {
  if (data) return { key: 'data' };
  if (people) return { key: 'people' };
  if (receipts) return { key: 'receipts' };
  return { key: 'master', ...(keyFile === undefined ? {} : { masterKey: keyIn(keyFile) }) };
}

/** Judged here, too, where the file can be named. */
function keyIn(file: string): string {
  const text = readText('--key-file', file);
  try {
    parseMasterKey(text, 'file');
    return text;
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    throw new CliError(`--key-file: ${file} does not hold a key of 32 bytes.`, ExitCode.usage, error.remedy);
  }
}

function textOf(
  { id, dataKeys = 0, source, people: left = 0, failed = [] }: Rotated,
  { data, people, receipts }: Options,
): string {
  if (receipts) return `Receipts are signed with key ${id} from now on.`;
  if (people) {
    return `People's identifiers are sealed under key ${id} from now on. Those of ${left} people are being sealed anew; the old key is destroyed after that, and the audit log will say so.`;
  }
  if (data) {
    return [
      `Credentials of ${dataKeys} connections are sealed under new data keys; the old keys are destroyed.`,
      ...failed.map(({ name, message }) => `Not replaced: ${name}. ${message} Remove it and connect it anew.`),
    ].join('\n');
  }
  const then =
    source === 'file'
      ? 'The file master.key in the data folder holds it: back it up again.'
      : 'Start every process of the host with it from now on.';
  return `Master key ${id} wraps ${dataKeys} data keys from now on. ${then}`;
}
