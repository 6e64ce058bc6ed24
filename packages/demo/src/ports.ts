import { createServer } from 'node:net';

/** The wished port of 127.0.0.1, or a free one where it is taken. */
export async function portNear(wished: number): Promise<number> {
  return (await bind(wished)) ?? (await bind(0)) ?? wished;
}

/** Where the local Segment of a data folder is, or may be started. */
export interface SandboxPlace {
  readonly port: number;
  readonly url: string;
  /** It is there already: an earlier start was ended without ending it. */
  readonly running: boolean;
}

/**
 * Looks for the local Segment that keeps its state in this file.
 * @param wished the port that connections know it by; another is taken where somebody else has that one.
 */
export async function findSandbox(wished: number, state: string): Promise<SandboxPlace> {
  const running = (await bind(wished)) === undefined && (await stateAt(wished)) === state;
  const port = running ? wished : await portNear(wished);
  return { port, url: `http://127.0.0.1:${port}`, running };
}

/** The file of the sandbox that listens on a port; undefined for anything else. */
async function stateAt(port: number): Promise<unknown> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/_sandbox`, { signal: AbortSignal.timeout(2_000) });
    return ((await answer.json()) as { readonly state?: unknown }).state;
  } catch {
    return undefined;
  }
}

function bind(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}
