import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeAll, expect } from '@jest/globals';
import type { ConfigValue, ConnectorContext } from 'connector-contract';

/** Nothing that leaves a client of a vendor may hold these. */
export const TOKEN = 'canarytoken_9d41f7c2b8';
export const PERSON = 'canary.person+tag@example.org';

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
    config: { apiToken: TOKEN, ...config },
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
export async function faultOf<F>(
  kind: abstract new (...args: never[]) => F,
  call: Promise<unknown> | (() => unknown),
): Promise<F> {
  const caught = await (async () => {
    await (typeof call === 'function' ? call() : call);
  })().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(caught).toBeInstanceOf(kind);
  const shown = everythingOf(caught);
  expect(shown).not.toContain(TOKEN);
  expect(shown).not.toContain('canary');
  return caught as F;
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

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A real HTTP server on loopback; answers its origin. */
export async function httpServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `http://${await listening(server)}`;
}

/** A real TCP server on loopback that does with each connection as told; answers `host:port`. */
export async function tcpServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return listening(server);
}
