/** Looking through a workspace with very many sources and destinations: calls against the least possible, time, and memory. */
import { connectorOf } from '../plugin.mjs';
import { seconds, spread } from '../spread.mjs';
import { clear, startSandbox } from '../stage.mjs';

export const title = 'Detection';
export const goal = { name: 'calls, as a multiple of the least possible', most: 1.05 };
/** Sources; five destinations each. */
export const sizes = [10, 100, 1_000];

/** Warehouses, reverse-ETL models, spaces, and functions, which Segment lists by each of five kinds. */
const EMPTY_LISTS = 8;

/** Most entries that Segment gives on one page. */
const PAGE = 200;

const callsOf = async (sandbox) => (await fetch(`${sandbox.url}/_sandbox/calls`)).json();

async function once(sources) {
  const destinations = sources * 5;
  const sandbox = await startSandbox(['--generate', `${sources},${destinations},0`, '--rate-limit', 'off']);
  const { connector, context, close } = await connectorOf(sandbox);
  const total = (routes) =>
    Object.values(routes)
      .flatMap((endings) => Object.values(endings))
      .reduce((sum, count) => sum + count, 0);
  const before = total(await callsOf(sandbox));
  const heap = process.memoryUsage().rss;
  let most = heap;
  let systems = 0;
  const taken = await seconds(async () => {
    for await (const _system of connector.detect(context)) {
      systems += 1;
      if (systems % 500 === 0) most = Math.max(most, process.memoryUsage().rss);
    }
  });
  const calls = total(await callsOf(sandbox)) - before;
  await close();
  await clear();
  if (systems < sources + destinations) throw new Error(`Only ${systems} systems were found.`);
  // A page of each list that has entries, one that says that there are none for each list that has none, and nothing else.
  const least = Math.ceil(sources / PAGE) + Math.ceil(destinations / PAGE) + EMPTY_LISTS;
  return { calls, least, taken, systems, memory: (Math.max(most, process.memoryUsage().rss) - heap) / 2 ** 20 };
}

export async function run({ size, repeats }) {
  const found = [];
  for (let turn = 0; turn < repeats; turn += 1) found.push(await once(size));
  const of = (name) => spread(found.map((one) => one[name]));
  return [
    {
      what: `${size} sources, ${size * 5} destinations`,
      size,
      ratio: spread(found.map(({ calls, least }) => calls / least)),
      figures: {
        calls: of('calls'),
        'least possible, calls': of('least'),
        systems: of('systems'),
        s: of('taken'),
        'memory more, MB': of('memory'),
      },
    },
  ];
}
