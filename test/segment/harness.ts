import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeAll, expect } from '@jest/globals';
import type { ConfigValue, ConnectorContext } from 'connector-contract';
import { SegmentFault } from '../../src/segment/fault.js';

/** Nothing that leaves the adapters may hold these. */
export const TOKEN = 'canarytoken_9d41f7c2b8';
export const PERSON = 'canary.person+tag@example.org';

export const publicOrigin = 'https://api.segmentapis.com';
export const euOrigin = 'https://eu1.api.segmentapis.com';
export const configOrigin = 'https://platform.segmentapis.com';
export const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);

export interface Recorded {
  readonly ctx: ConnectorContext;
  /** The limits asked for, in order. */
  readonly paced: string[];
  /** The pauses slept, in milliseconds. */
  readonly slept: number[];
  readonly abort: AbortController;
}

export interface ContextOptions {
  readonly config?: Readonly<Record<string, ConfigValue>>;
  readonly facts?: Readonly<Record<string, string>>;
  readonly allowedOrigins?: readonly string[];
  readonly pace?: (limit: string) => Promise<void>;
}

/** A host's context whose clock jumps instead of sleeping. */
export function recordedContext({ config, facts = {}, allowedOrigins = [], pace }: ContextOptions = {}): Recorded {
  const paced: string[] = [];
  const slept: number[] = [];
  const abort = new AbortController();
  let now = NOW;
  const silent = () => undefined;
  const ctx: ConnectorContext = {
    config: { apiToken: TOKEN, workspaceName: 'acme', region: 'us', api: 'auto', ...config },
    facts,
    capabilities: ['deletion', 'system-detection'],
    allowedOrigins,
    signal: abort.signal,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    clock: {
      now: () => now,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        slept.push(ms);
        now += ms;
      },
    },
    pace: async (limit) => {
      paced.push(limit);
      await pace?.(limit);
    },
  };
  return { ctx, paced, slept, abort };
}

/** Every way in which a fault could be looked at. */
export function everythingOf(fault: unknown): string {
  const shown = inspect(fault, { depth: 20, showHidden: true });
  const stack = fault instanceof Error ? `${fault.message}\n${fault.stack}` : '';
  return `${shown}\n${stack}\n${JSON.stringify(fault)}\n${String(fault)}`;
}

/** The fault that a call ends with; fails where it ends well, with anything else, or where the fault holds a canary. */
export async function faultOf(call: Promise<unknown> | (() => unknown)): Promise<SegmentFault> {
  const caught = await (async () => {
    await (typeof call === 'function' ? call() : call);
  })().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(caught).toBeInstanceOf(SegmentFault);
  const shown = everythingOf(caught);
  expect(shown).not.toContain(TOKEN);
  expect(shown).not.toContain('canary');
  return caught as SegmentFault;
}

/** All items of a list. */
export async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

const closing: (() => Promise<void>)[] = [];

/** Closes the test's servers after each test, and keeps the environment's proxies out. */
export function useLoopback(): void {
  beforeAll(() => {
    for (const name of Object.keys(process.env)) if (/^(https?|all)_proxy$/i.test(name)) delete process.env[name];
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
}

/** A real HTTP server on loopback; answers its origin. */
export async function httpServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
