import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import type { AnswerFile } from '../../requests/answer-files.js';
import type { HostClient } from '../client.js';
import { CliError, ExitCode } from '../exit.js';
import { hostCommand, runs } from '../shared.js';
import { visibleLine } from '../visible.js';

/** `connector-host files`: lists and downloads what a contact answered an access request with. */
export function filesCommand(): Command {
  return hostCommand('files', 'the files that a contact answered an access request with')
    .argument('<requestId>', 'the request')
    .option('--into <folder>', 'download them into a folder; nothing there is overwritten')
    .action(
      runs(async (client, output, requestId: string, { into }: { readonly into?: string }) => {
        const path = `/api/v1/requests/${encodeURIComponent(requestId)}/files`;
        const { items } = await client.get<{ items: readonly AnswerFile[] }>(path);
        const saved: string[] = [];
        for (const file of into === undefined ? [] : items) saved.push(await save(client, path, file, into ?? ''));
        output.result(into === undefined ? { items } : { items, saved }, () => {
          if (items.length === 0) return 'No files.';
          if (into !== undefined) return saved.map(visibleLine).join('\n');
          const rows = items.map(({ id, name, bytes, receivedAt }) => [String(id), name, String(bytes), receivedAt]);
          return output.table(['id', 'name', 'bytes', 'received'], rows);
        });
        return undefined;
      }),
    );
}

/** What a stranger named a file may be read by a shell or be hidden; the number keeps two of one name apart. */
function localName({ id, name }: AnswerFile): string {
  return `${id}-${name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}`;
}

async function save(client: HostClient, path: string, file: AnswerFile, folder: string): Promise<string> {
  const to = join(folder, localName(file));
  try {
    const target = await open(to, 'wx', 0o600);
    const sink = target.createWriteStream();
    await (await client.stream(`${path}/${file.id}`)).pipeTo(Writable.toWeb(sink));
    return to;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof CliError) throw error;
    const why = code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`;
    throw new CliError(`${to} ${why}.`, ExitCode.usage, 'Name a folder that is there and does not hold them yet.');
  }
}
