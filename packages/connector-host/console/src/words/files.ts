/** Words of files that are sent with an answer or with the end of work, and downloaded. */

/** How large a file is. */
export const sizeWords = (bytes: number): string =>
  bytes < 1_000_000
    ? `${Math.ceil(bytes / 1_000).toLocaleString()} kB`
    : `${(bytes / 1_000_000).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`;

/** Words of choosing and downloading them. */
export const fileWords = {
  choose: 'Choose files',
  more: 'Choose more files',
  remove: (name: string) => `Leave out ${name}`,
  file: (name: string, size: string) => `${name} (${size})`,
  unseen: 'Nobody has looked at what is in them: take them for what a stranger sent.',
  limits: 'Up to ten files of 25 MB.',
} as const;
