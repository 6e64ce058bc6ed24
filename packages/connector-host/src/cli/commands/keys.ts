import type { Command } from 'commander';
import { readText } from '../client.js';
import { group, hostCommand, runs } from '../shared.js';

interface Rotated {
  readonly id: string;
  readonly dataKeys?: number;
}

/** `connector-host keys`: replacing the host's keys. */
export function keysCommand(): Command {
  return group('keys', 'replace the keys of the host').addCommand(
    hostCommand('rotate', 'replace the master key: all data keys are wrapped anew, what they sealed stays')
      .option('--receipts', 'replace the key that signs receipts instead; old receipts stay valid')
      .option(
        '--key-file <file>',
        'file with the new master key (32 bytes as base64 or hexadecimal), where the host does not keep it itself',
      )
      .action(
        runs(async (client, output, { receipts, keyFile }: { receipts?: boolean; keyFile?: string }) => {
          const body = receipts
            ? { key: 'receipts' }
            : { key: 'master', ...(keyFile === undefined ? {} : { masterKey: readText('--key-file', keyFile) }) };
          const done = await client.post<Rotated>('/api/v1/keys/rotate', body);
          output.result(done, () =>
            receipts
              ? `Receipts are signed with key ${done.id} from now on.`
              : `Master key ${done.id} wraps ${done.dataKeys} data keys from now on.${keyFile === undefined ? '' : ' Start every process of the host with it from now on.'}`,
          );
          return undefined;
        }),
      ),
  );
}
