import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import type { StoredFile } from '../../requests/files.js';
import { type HostClient, unreadable } from '../client.js';
import { CliError, ExitCode } from '../exit.js';
import type { Output } from '../output.js';
import { hostCommand, runs } from '../shared.js';
import { visibleLine } from '../visible.js';

interface FilesFlags {
  readonly into?: string;
}

/** Flag of the folder that files are downloaded into. */
export const intoFlag = ['--into <folder>', 'download them into a folder; nothing there is overwritten'] as const;

/** `connector-host files`: lists and downloads the files of the answers to an access request. */
export function filesCommand(): Command {
  return hostCommand('files', 'the files of the answers to an access request')
    .argument('<requestId>', 'the request')
    .option(...intoFlag)
    .action(
      runs(async (client, output, requestId: string, flags: FilesFlags) =>
        showFiles(client, output, `/api/v1/requests/${encodeURIComponent(requestId)}/files`, flags),
      ),
    );
}

/** Lists the files below a path of the API, and downloads them where a folder is named. */
export async function showFiles(
  client: HostClient,
  output: Output,
  path: string,
  { into }: FilesFlags,
): Promise<undefined> {
  const { items } = await client.get<{ items: readonly StoredFile[] }>(path);
  const saved: string[] = [];
  for (const file of into === undefined ? [] : items) saved.push(await save(client, path, file, into ?? ''));
  output.result(into === undefined ? { items } : { items, saved }, () => {
    if (items.length === 0) return 'No files.';
    if (into !== undefined) return saved.map(visibleLine).join('\n');
    const rows = items.map(({ id, name, bytes, receivedAt }) => [String(id), name, String(bytes), receivedAt]);
    return output.table(['id', 'name', 'bytes', 'received'], rows);
  });
  return undefined;
}

/** Sends files below a path of the API. @returns what the call that they are for names them by; nothing where there are none. */
export async function sendFiles(
  client: HostClient,
  path: string,
  option: string,
  names: readonly string[] = [],
): Promise<{ readonly files?: readonly number[] }> {
  // All are read before the first is sent: what cannot be read leaves nothing behind.
  const found = await Promise.all(
    names.map(async (name) => {
      const content = await readFile(name).catch((error: NodeJS.ErrnoException) => {
        throw unreadable(option, name, error);
      });
      return new File([content], basename(name));
    }),
  );
  const files: number[] = [];
  for (const file of found) files.push((await client.sendFile<{ readonly id: number }>(path, file)).id);
  return files.length === 0 ? {} : { files };
}

/** What a stranger named a file may be read by a shell or be hidden; the number keeps two of one name apart. */
function localName({ id, name }: StoredFile): string {
  return `${id}-${name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}`;
}

async function save(client: HostClient, path: string, file: StoredFile, folder: string): Promise<string> {
  const to = join(folder, localName(file));
  await saveAs(client, `${path}/${file.id}`, to, 'Name a folder that is there and does not hold them yet.');
  return to;
}

/** Downloads what a path of the API answers into a file that only its owner can read; nothing is overwritten. */
export async function saveAs(client: HostClient, path: string, to: string, remedy: string): Promise<void> {
  try {
    const target = await open(to, 'wx', 0o600);
    const sink = target.createWriteStream();
    await (await client.stream(path)).pipeTo(Writable.toWeb(sink));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof CliError) throw error;
    const why = code === 'EEXIST' ? 'is there already' : `cannot be written (${code})`;
    throw new CliError(`${to} ${why}.`, ExitCode.usage, remedy);
  }
}
