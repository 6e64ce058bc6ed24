/** Whatever a connector's process writes to the line: no error of it reaches the host. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { expect, jest, test } from '@jest/globals';
import { type ConnectorManifest, isConnectorFault } from 'connector-contract';
import fc from 'fast-check';
import { GuardedRunner } from '../../src/plugins/guarded-runner.js';
import type { Keeper } from '../../src/plugins/isolation/keeper.js';
import { usualLimits } from '../../src/plugins/isolation/limits.js';
import { remoteParts } from '../../src/plugins/isolation/remote-parts.js';
import { RunningConnector } from '../../src/plugins/isolation/running-connector.js';
import { Tunnels } from '../../src/plugins/isolation/tunnels.js';
import { testContext } from '../plugins/context.js';
import { testLog } from '../postgres.js';
import { casesOf, tries } from './tries.js';

jest.setTimeout(25 * 60_000);

const manifest = JSON.parse(
  readFileSync(new URL('../fixtures/plugins/rampant/manifest.json', import.meta.url), 'utf8'),
) as ConnectorManifest;

/** A process that is none: what it says is put in, byte by byte, and whether it was ended can be seen. */
class Line {
  readonly channel = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  readonly child = Object.assign(new EventEmitter(), {
    pid: undefined,
    stdout: null,
    stderr: null,
    unref: () => undefined,
    kill: () => queueMicrotask(() => this.child.emit('exit', null, 'SIGKILL')),
  }) as unknown as ChildProcess;

  pid(): undefined {
    return undefined;
  }

  /** Hands bytes over as the stream would: what that throws comes out here. */
  hear(bytes: Uint8Array): void {
    this.channel.emit('data', Buffer.from(bytes));
  }

  say(message: unknown): void {
    const json = Buffer.from(JSON.stringify(message) ?? 'null');
    const head = Buffer.alloc(4);
    head.writeUInt32LE(json.length);
    this.hear(Buffer.concat([head, json]));
  }
}

/** The process with a call of every kind under way, and what becomes of them. */
async function underWay(): Promise<{ line: Line; ended(): Promise<unknown[]> }> {
  const line = new Line();
  const starting = RunningConnector.start({
    launch: () => line,
    readable: [],
    workingFolder: '/',
    limits: { ...usualLimits, farewellMs: 0 },
    manifest,
    entry: 'file:///nowhere.js',
    loadMs: 1_000,
    log: testLog,
  });
  line.say({ kind: 'up' });
  await new Promise(setImmediate);
  line.say({ kind: 'bound' });
  line.say({ kind: 'loaded' });
  const running = await starting;
  const keeper = { running, enter: async () => () => undefined } as unknown as Keeper;
  const runner = new GuardedRunner(manifest, remoteParts(keeper, manifest, new Tunnels(undefined, testLog)));
  const all = async () => {
    for await (const _system of runner.detect(testContext({})));
  };
  const calls = [
    runner.validate({}),
    runner.check(testContext({})),
    runner.plan([{ id: 'a', identifiers: [{ kind: 'email', value: 'ada@example.org' }] }], {}),
    runner.status('r', testContext({})),
    runner.reconcile({ subjects: [], identifierCount: 0, bytes: 0 }, '2025-01-01T00:00:00Z', testContext({})),
    all(),
  ];
  const settled = Promise.allSettled(calls);
  await new Promise(setImmediate);
  const ended = async () => {
    await running.stop();
    return (await settled).map((one) => (one.status === 'rejected' ? one.reason : undefined));
  };
  return { line, ended };
}

function holds(errors: readonly unknown[]): void {
  for (const error of errors) if (error !== undefined) expect(isConnectorFault(error)).toBe(true);
}

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(1, 2, 3, 0, -1, 1e308, '', 'toString', '__proto__', null, true, [], {}, { toString: 0 }),
);
const record = (keys: readonly string[]) =>
  fc.record(Object.fromEntries(keys.map((key) => [key, odd])), { requiredKeys: [] });
const kinds = {
  up: [],
  bound: [],
  loaded: [],
  refused: ['code', 'reason'],
  answer: ['value'],
  systems: ['items', 'done'],
  fault: ['fault'],
  threw: ['error'],
  'not-plain': ['reason'],
  log: ['level', 'message', 'fields'],
  ask: ['ask', 'what'],
  unask: ['ask'],
  heard: ['time'],
  left: ['limit', 'requests', 'resetsAt'],
  egress: ['to'],
  stray: ['error', 'fatal'],
  pong: ['rss'],
} as const;
const fault = record(['code', 'kind', 'retryable', 'message', 'remedy', 'field', 'retryAfterMs', 'httpStatus']);
const error = fc.record({ name: fc.oneof(fc.string(), odd), stack: fc.oneof(fc.string(), odd) });
// Half of them of the right form, so that they get further than the first look.
const right = {
  code: fc.string(),
  reason: fc.string(),
  value: odd,
  items: fc.array(odd),
  done: fc.boolean(),
  fault,
  error,
  level: fc.constantFrom('debug', 'info', 'warn', 'error'),
  message: fc.string(),
  fields: record(['a', 'token', '__proto__']),
  ask: fc.constantFrom(1, 2),
  what: fc.oneof(
    fc.record({ limit: fc.string() }),
    fc.record({ ms: fc.double({ noNaN: true }) }),
    fc.record({ get: fc.string() }),
    fc.record({ put: fc.string(), text: fc.string(), seen: odd }, { requiredKeys: ['put', 'text'] }),
    fc.record({ token: fc.constant(true), refused: odd }, { requiredKeys: ['token'] }),
  ),
  time: fc.double(),
  limit: fc.string(),
  requests: fc.double(),
  resetsAt: fc.double(),
  to: fc.string(),
  fatal: fc.boolean(),
  rss: fc.double({ noNaN: true }),
};

for (const [kind, keys] of Object.entries(kinds)) {
  const known = fc.record({
    kind: fc.constant(kind),
    call: fc.integer({ min: 1, max: 7 }),
    ...Object.fromEntries(keys.map((key) => [key, right[key]])),
  });
  const wrong = record([...keys, 'call']).map((made) => ({ ...made, kind }));
  test(`a message of kind ${kind} is taken, or ends the process that said it`, async () => {
    const said = fc.array(fc.oneof(known, wrong), { maxLength: 6 });
    await tries(`messages of kind ${kind} on the line`, casesOf(0.5, 60), said, async (messages) => {
      const { line, ended } = await underWay();
      for (const message of messages) line.say(message);
      holds(await ended());
    });
  });
}

test('bytes of any kind are taken, or end the process that wrote them', async () => {
  const written = fc.array(fc.uint8Array({ maxLength: 40 }));
  await tries('bytes on the line', casesOf(0.5, 60), written, async (chunks) => {
    const { line, ended } = await underWay();
    for (const chunk of chunks) line.hear(chunk);
    holds(await ended());
  });
});
