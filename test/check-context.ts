import type { Capability, ConnectorConfig, ConnectorContext, Facts, LogFields } from 'connector-contract';

/** A context for one call, and what was asked of it. */
export interface TestContext extends ConnectorContext {
  /** Every line logged, as text. */
  readonly lines: string[];
  /** The limits that requests were paced under, in order. */
  readonly paced: string[];
}

/** What a test says about its context; the rest is usual. */
export interface TestContextOptions {
  readonly config: ConnectorConfig;
  readonly capabilities?: readonly Capability[];
  readonly facts?: Facts;
  readonly allowedOrigins?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A context whose clock is moved by sleeping: nothing really waits. */
export function testContext(options: TestContextOptions): TestContext {
  const lines: string[] = [];
  const paced: string[] = [];
  const write = (message: string, fields?: LogFields) => lines.push(JSON.stringify([message, fields]));
  let now = Date.parse('2026-01-15T12:00:00Z');
  return {
    config: options.config,
    capabilities: options.capabilities ?? ['deletion', 'system-detection'],
    facts: options.facts ?? {},
    allowedOrigins: options.allowedOrigins ?? [],
    signal: options.signal ?? new AbortController().signal,
    log: { debug: write, info: write, warn: write, error: write },
    clock: {
      now: () => now,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        now += ms;
      },
    },
    pace: async (limit) => {
      paced.push(limit);
    },
    lines,
    paced,
  };
}
