import type { ConnectorContext } from 'connector-contract';
import { openLog } from '../../../src/log.js';
import type { ConnectorRegistry, RegistryOptions } from '../../../src/plugins/registry.js';
import type { ConnectorRunner } from '../../../src/plugins/runner.js';
import { type LoggedLine, testContext } from '../context.js';
import { apart, loadFixtures } from '../fixtures.js';

const UP = 'The process of a connector is up';

/** What no log, report or fault may hold. */
export const secret = 's3cret-token';

/** The connector that misbehaves towards its process, its neighbour, and what the host logged. */
export interface Scene {
  readonly registry: ConnectorRegistry;
  readonly rampant: ConnectorRunner;
  readonly neighbour: ConnectorRunner;
  /** Lines of the host's own log, as text. */
  readonly logged: string[];
  /** Of these, those that tell of a process that is up; kept where the others are cleared. */
  readonly started: readonly string[];
  /** Resolves when a line of the host's log holds a text. */
  logs(text: string): Promise<void>;
}

/** Loads both; small limits, and a restart at once unless told otherwise. */
export async function openScene(options: Partial<RegistryOptions> = {}): Promise<Scene> {
  const logged: string[] = [];
  const started: string[] = [];
  const waiting = new Set<() => void>();
  const write = (line: string) => {
    logged.push(line);
    if (line.includes(UP)) started.push(line);
    for (const look of waiting) look();
  };
  const registry = await loadFixtures(['rampant', 'plain'], {
    isolation: apart[0],
    log: openLog({ level: 'debug', to: { write } }),
    ...options,
    limits: { heapMiB: 64, memoryMiB: 250, watchMs: 20, unresponsiveMs: 1_000, ...options.limits },
    restarts: { firstMs: 0, failures: 1_000, ...options.restarts },
  });
  const rampant = registry.runner('rampant');
  const neighbour = registry.runner('plain');
  if (rampant === undefined || neighbour === undefined) throw new Error(JSON.stringify(registry.list()));
  const logs = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!logged.some((line) => line.includes(text))) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { registry, rampant, neighbour, logged, started, logs };
}

/** The context of a call that misbehaves in this way. `more` after the secret is told to the connector, too. */
export function how(
  way: string,
  more: Partial<ConnectorContext> = {},
  word = '',
): ConnectorContext & { readonly lines: LoggedLine[] } {
  return testContext({ apiToken: `${secret} ${word}`.trim(), how: way }, more);
}

/** The id of the process that the connector runs in. */
export async function processOf({ rampant, started }: Pick<Scene, 'rampant' | 'started'>): Promise<number> {
  await rampant.check(how('behaves'));
  return lastProcess(started, 'rampant');
}

/** The id of the process of a connector that was started last, by the host's log: behind the wall, it does not know that itself. */
export function lastProcess(logged: readonly string[], connector: string): number {
  const ups = logged.filter((line) => line.includes(UP));
  return Number(ups.map((line) => JSON.parse(line)).findLast((line) => line.connector === connector)?.process);
}

/** Resolves when a process is gone. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
