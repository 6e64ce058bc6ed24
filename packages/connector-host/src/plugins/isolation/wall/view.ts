/** What a process behind the wall sees of the machine: Node with its libraries, what it may read, and nothing else. */
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where a process behind the wall finds the host's door. */
export const DOOR = '/run/door';

/** What is shown to a process. */
export interface View {
  /** Files, folders and links, by absolute paths; a folder with all that is in it, a link as a link. */
  readonly readable: readonly string[];
  /** A folder that is empty there. */
  readonly workingFolder: string;
  /** A socket of the host's; found there as {@link DOOR}. */
  readonly door: string;
}

/**
 * The arguments of bubblewrap for a process that sees this, in front of its command. It has namespaces of its own of every kind, no
 * privilege and no way to one, nowhere to write, and dies with whoever started it.
 * https://github.com/containers/bubblewrap/blob/main/bwrap.xml
 */
export function wallArguments({ readable, workingFolder, door }: View): string[] {
  return [
    ...['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--uid', NOBODY, '--gid', NOBODY, '--cap-drop', 'ALL', '--hostname', 'connector'],
    ...['--die-with-parent', '--new-session'],
    ...[...nodeFiles(), ...readable].flatMap(shownAs),
    ...['--dir', workingFolder, '--ro-bind', door, DOOR],
    ...['--proc', '/proc', '--dev', '/dev', '--remount-ro', '/dev', '--remount-ro', '/'],
    ...['--chdir', workingFolder, '--'],
  ];
}

// Of a namespace of its own: outside of it, this number means nothing.
const NOBODY = '65534';

/** Node, the folders of the libraries that it is linked to, and the links and the list by which the system finds these. */
function nodeFiles(): string[] {
  // Of each part of memory the last word is the file that it shows, where it shows one.
  const shown = readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .filter((line) => line.includes('/'));
  const libraries = shown.map((line) => line.slice(line.indexOf('/'))).filter((path) => /\.so(?:\.|$)/.test(path));
  const folders = new Set(libraries.map((path) => dirname(path)));
  return [process.execPath, '/lib', '/lib64', '/usr/lib64', '/etc/ld.so.cache', ...folders];
}

function shownAs(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return [];
  return found.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind-try', path, path];
}
