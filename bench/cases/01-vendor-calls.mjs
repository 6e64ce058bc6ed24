/**
 * Calls that create something at the vendor. Ours: what the plugin makes of people in the chunks in which the host hands them over, with
 * the host's own rule for what is packed again; each operation is then really submitted, and the vendor counts.
 */

import { subjects, userId } from '../people.mjs';
import { connectorOf } from '../plugin.mjs';
import { inChunks, oneByOne, sdk } from '../sdk.mjs';
import { spread } from '../spread.mjs';
import { clear, startSandbox } from '../stage.mjs';

export const title = 'Vendor calls';
export const goal = { name: 'calls, as a multiple of identifiers / 5,000', most: 1.05 };
export const sizes = [10_000, 100_000, 1_000_000];

/** People of the loop that sends one at a time; its calls for more follow from that. */
const ONE_BY_ONE = 2_000;

const created = async (sandbox) => (await (await fetch(`${sandbox.url}/_sandbox/tally`)).json()).regulations;

async function planned(size, perPerson) {
  const { PLAN_CHUNK } = await import('../../packages/connector-host/dist/lifecycle/planning/plan.js');
  const { choose } = await import('../../packages/connector-host/dist/lifecycle/planning/packing.js');
  const sandbox = await startSandbox();
  const { connector, batch, config, context } = await connectorOf(sandbox);
  const people = size / perPerson;
  let waiting = [];
  for (let next = 0; next < people || waiting.length > 0; ) {
    const until = Math.min(people, next + PLAN_CHUNK - waiting.length);
    waiting.push(...subjects(next, until, perPerson));
    next = until;
    const more = waiting.length === PLAN_CHUNK;
    const plan = await connector.plan(waiting, config);
    const { go } = choose(plan.operations, batch, more, new Map(), 1, 0);
    for (const [at, operation] of go.entries()) {
      const outcome = await connector.submit({ ...operation, key: `${next}-${at}` }, context);
      if (!outcome.accepted) throw new Error(`Not accepted: ${outcome.fault.code}`);
    }
    const gone = new Set(go.flatMap((operation) => operation.subjects.map(({ id }) => id)));
    waiting = waiting.filter(({ id }) => !gone.has(id));
  }
  return created(sandbox);
}

export async function run({ size }) {
  const limit = size / 5_000;
  const one = await startSandbox();
  await oneByOne(
    sdk(one),
    Array.from({ length: ONE_BY_ONE }, (_, n) => userId(n)),
  );
  const perPerson = (await created(one)) / ONE_BY_ONE;
  const chunks = await startSandbox();
  await inChunks(
    sdk(chunks),
    Array.from({ length: size }, (_, n) => userId(n)),
  );
  const byHand = await created(chunks);
  const lines = [];
  for (const identifiers of [1, 2]) {
    const ours = await planned(size, identifiers);
    lines.push({
      what: `${identifiers} identifier${identifiers > 1 ? 's' : ''} a person`,
      size,
      ratio: spread([ours / limit]),
      figures: {
        'ours, calls': spread([ours]),
        'SDK, one person a call, calls': spread([perPerson * size]),
        'SDK, 5,000 a call by hand, calls': spread([byHand]),
        'limit, calls': spread([limit]),
      },
    });
  }
  await clear();
  return lines;
}
