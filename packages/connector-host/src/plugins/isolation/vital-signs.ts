import { readFile, writeFile } from 'node:fs/promises';

/**
 * Bytes of memory that a process holds, as the system counts them; `undefined` where the system does not say (other than Linux).
 * @param pid its id.
 */
export async function residentBytes(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Asks Linux to end this process before any other where the machine runs out of memory. Elsewhere nothing happens. */
export async function firstToGo(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => undefined);
}
