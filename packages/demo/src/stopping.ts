import type { Servers } from './child.js';

/** Resolves with the exit code when this process is told to end; told again, it ends at once. */
export function askedToStop(servers: Servers): Promise<number> {
  return new Promise((resolve) => {
    let told = false;
    const stop = (): void => {
      if (told) {
        servers.kill();
        process.exit(1);
      }
      told = true;
      resolve(0);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  });
}

/** Ends this process with the exit code of its work, or with its error. */
export function endWith(work: Promise<number>): void {
  work.then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exit(1);
    },
  );
}
