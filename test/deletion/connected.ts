import { afterEach } from '@jest/globals';
import type { ConfigValue, ConnectorContext } from 'connector-contract';
import { type Sandbox, type SandboxOptions, startSandbox } from 'segment-sandbox';

export const generations = ['public', 'config'] as const;
export type Generation = (typeof generations)[number];

/** One time for host and sandbox, moved by hand. */
export class HandClock {
  constructor(private at = Date.UTC(2026, 2, 2, 8)) {}
  now(): number {
    return this.at;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.at += ms;
  }
  advance(ms: number): void {
    this.at += ms;
  }
}

export interface Connected {
  readonly sandbox: Sandbox;
  readonly clock: HandClock;
  readonly ctx: ConnectorContext;
  /** Lines that were logged. */
  readonly logged: string[];
  readonly abort: AbortController;
}

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

/** A sandbox and a connection to it, as a host would make one. */
export async function connected(
  generation: Generation,
  options: SandboxOptions = {},
  config: Readonly<Record<string, ConfigValue>> = {},
): Promise<Connected> {
  const clock = new HandClock();
  const sandbox = await startSandbox({ clock, rateLimit: 'off', quota: 'off', recordRequests: 50, ...options });
  open.push(sandbox);
  const logged: string[] = [];
  const log = (message: string, fields?: unknown) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
  const abort = new AbortController();
  const ctx: ConnectorContext = {
    config: {
      apiToken: generation === 'public' ? sandbox.tokens.publicOwner : sandbox.tokens.configAdmin,
      workspaceName: 'acme-demo',
      region: 'us',
      api: generation,
      regulationType: 'SUPPRESS_WITH_DELETE',
      identifierKinds: 'both',
      baseUrl: sandbox.url,
      ...config,
    },
    facts: { api: generation, workspaceSlug: 'acme-demo' },
    capabilities: ['deletion', 'system-detection'],
    allowedOrigins: [sandbox.url],
    signal: abort.signal,
    log: { debug: log, info: log, warn: log, error: log },
    clock,
    pace: async () => undefined,
  };
  return { sandbox, clock, ctx, logged, abort };
}
