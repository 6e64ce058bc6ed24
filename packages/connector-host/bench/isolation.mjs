/**
 * What a process of its own costs a connector: the same calls with and without, in turns, on the connector of this repository.
 * Run it after a build: `node packages/connector-host/bench/isolation.mjs`. Figures are milliseconds,
 * `[median, best]`; on a busy machine the best says more.
 */
import { fileURLToPath } from 'node:url';
import { startSandbox } from 'segment-sandbox';
import { openLog } from '../dist/log.js';
import { ConnectorRegistry } from '../dist/plugins/registry.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const log = openLog({ level: 'fatal' });
const sandbox = await startSandbox({ rateLimit: 'off' });
const clock = { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) };

const load = async (isolation) => {
  const begun = performance.now();
  const registry = await ConnectorRegistry.load({ roots: [root], log, isolation });
  return { registry, runner: registry.runner('segment-config'), startMs: performance.now() - begun };
};
const sides = { none: await load('none'), process: await load('process') };

const config = {
  apiToken: sandbox.tokens.publicOwner,
  workspaceName: 'acme-demo',
  asyncDeletionBehavior: 'wait-for-completion',
  region: 'us',
  api: 'auto',
  regulationType: 'SUPPRESS_WITH_DELETE',
  identifierKinds: 'both',
  baseUrl: sandbox.url,
};
const context = (facts) => ({
  config,
  facts,
  capabilities: ['deletion', 'system-detection'],
  allowedOrigins: [sandbox.url],
  signal: new AbortController().signal,
  log: { debug() {}, info() {}, warn() {}, error() {} },
  clock,
  pace: async () => undefined,
});
const { facts } = await sides.none.runner.check(context({}));
const people = (count) =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index),
    identifiers: [{ kind: 'user_id', value: `user-${index}-${crypto.randomUUID()}` }],
  }));
const [thousands, many] = [people(5_000), people(20_000)];
const [operation] = (await sides.none.runner.plan(thousands, config)).operations;
const sent = await sides.none.runner.submit(operation, context(facts));
if (!sent.accepted) throw new Error(JSON.stringify(sent));

const calls = {
  validate: (runner) => runner.validate(config),
  'plan 5,000': (runner) => runner.plan(thousands, config),
  'plan 20,000': (runner) => runner.plan(many, config),
  'submit 5,000': (runner) => runner.submit({ ...operation, key: crypto.randomUUID() }, context(facts)),
  status: (runner) => runner.status(sent.reference, context(facts)),
  detect: async (runner) => {
    for await (const _system of runner.detect(context(facts)));
  },
};
const figures = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[Math.floor(sorted.length / 2)], sorted[0]].map((value) => Number(value.toFixed(2)));
};
const table = {};
for (const [name, call] of Object.entries(calls)) {
  const times = { none: [], process: [] };
  for (let round = 0; round < 25; round += 1) {
    for (const side of ['none', 'process']) {
      const begun = performance.now();
      await call(sides[side].runner);
      if (round >= 5) times[side].push(performance.now() - begun);
    }
  }
  table[name] = { none: figures(times.none), process: figures(times.process) };
}
table['start of the registry'] = { none: sides.none.startMs, process: sides.process.startMs };
process.stdout.write(`${JSON.stringify(table, null, 2)}\n`);
await Promise.all([sides.none.registry.close(), sides.process.registry.close()]);
await sandbox.close();
