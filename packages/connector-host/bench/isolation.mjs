/**
 * What a process of its own costs a connector, and what a wall around it: the same calls in turns, on the connectors of this repository.
 * Run it after a build: `node packages/connector-host/bench/isolation.mjs`. Figures are milliseconds,
 * `[median, best]`; on a busy machine the best says more. `door` is how much longer a call takes behind the wall, through its door, than
 * behind the fence: the median over the turns, each with its neighbour. Where there can be no wall, `wall` is the fence again.
 */
import { readFileSync } from 'node:fs';
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
const isolations = { none: 'none', fence: 'fence', wall: 'process' };
const names = Object.keys(isolations);
const sides = {};
for (const name of names) sides[name] = await load(isolations[name]);

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
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const table = {};
for (const [name, call] of Object.entries(calls)) {
  const times = Object.fromEntries(names.map((side) => [side, []]));
  for (let round = 0; round < 25; round += 1) {
    for (const side of names) {
      const begun = performance.now();
      await call(sides[side].runner);
      if (round >= 5) times[side].push(performance.now() - begun);
    }
  }
  const door = median(times.wall.map((ms, turn) => ms / times.fence[turn]));
  table[name] = {
    ...Object.fromEntries(names.map((side) => [side, figures(times[side])])),
    door: Number(door.toFixed(2)),
  };
}
const starts = { fence: [], wall: [] };
for (let round = 0; round < 10; round += 1) {
  for (const side of Object.keys(starts)) {
    const { registry, startMs } = await load(isolations[side]);
    starts[side].push(startMs);
    await registry.close();
  }
}
table['start of the registry'] = { none: sides.none.startMs, fence: figures(starts.fence), wall: figures(starts.wall) };
/** Kibibytes that the two processes of bubblewrap around a connector hold, with their share of what is shared. */
const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
const isBubblewrap = (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'bwrap\n';
const outer = process.platform === 'linux' ? childrenOf(process.pid).filter(isBubblewrap) : [];
table['KiB of bubblewrap'] = outer
  .flatMap((pid) => [pid, ...childrenOf(pid)])
  .map((pid) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]));
process.stdout.write(`${JSON.stringify(table, null, 2)}\n`);
await Promise.all(names.map((side) => sides[side].registry.close()));
await sandbox.close();
