/** What a PostgreSQL server writes about itself into its data folder while it runs. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Folder of the Unix socket as the server was told (`.` is its data folder), or `undefined` where it has none. */
  readonly socketFolder: string | undefined;
  /** First TCP address it listens on, or `undefined` where it listens on none. */
  readonly address: string | undefined;
  /** It takes connections. */
  readonly ready: boolean;
}

/**
 * Reads the text of `postmaster.pid`: pid, data folder, start time, port, socket folder, address, shared memory, status, a line each.
 * @returns `undefined` where the file is incomplete, as it is for a moment while the server starts.
 * @see https://www.postgresql.org/docs/current/storage-file-layout.html
 */
export function readPostmaster(text: string): Postmaster | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0) return undefined;
  return {
    pid,
    port,
    socketFolder: lines[4] || undefined,
    address: lines[5] || undefined,
    ready: lines[7] === 'ready',
  };
}
