/** Words of files that are sent with an answer or with the end of work, and downloaded. */

/** How large a file is. */
export const sizeWords = (bytes: number): string =>
  bytes < 1_000_000
    ? `${Math.ceil(bytes / 1_000).toLocaleString()} kB`
    : `${(bytes / 1_000_000).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`;

/** What the host takes at most with one answer, or with one end of work. */
const fileLimits = { files: 10, bytes: 25 * 1024 * 1024 } as const;

/** Why the host would refuse these files; `undefined` where it would not. */
export function filesFault(files: readonly { readonly name: string; readonly size: number }[]): string | undefined {
  const many = files.length - fileLimits.files;
  if (many > 0) return `${files.length} files are chosen, and ten are taken. Leave out ${many}.`;
  const large = files.find(({ size }) => size > fileLimits.bytes);
  return large === undefined ? undefined : `${large.name} is larger than 25 MB. Leave it out, or send it in parts.`;
}

/** Words of choosing and downloading them. */
export const fileWords = {
  choose: 'Choose files',
  more: 'Choose more files',
  remove: (name: string) => `Leave out ${name}`,
  file: (name: string, size: string) => `${name} (${size})`,
  unseen: 'Nobody has looked at what is in them: take them for what a stranger sent.',
  limits: 'Up to ten files of 25 MB.',
} as const;
