/**
 * Measures, side by side in one run, what the program does against what a user would do instead and against the limit.
 *
 *     npm run bench                              all cases at all sizes; writes bench/RESULTS.md, results.json and results.svg
 *     npm run bench -- --case 3 --size 100000    one case at one size; what was measured before stays in the results
 *     npm run bench -- --repeats 5
 *     npm run bench:check                        small sizes, compared with the committed results; writes nothing
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine } from './machine.mjs';
import { compare } from './regression.mjs';
import { readResults, shown, writeResults } from './results.mjs';
import { clear } from './stage.mjs';

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    size: { type: 'string', multiple: true },
    repeats: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});

// Whoever stops the benchmark leaves no server behind.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void clear().finally(() => process.exit(1)));
}

/** Sizes from here on are measured once: they take minutes. */
const LARGE = 1_000_000;

const cases = await Promise.all(
  readdirSync(new URL('cases/', import.meta.url))
    .sort()
    .map(async (name) => ({ number: Number.parseInt(name, 10), ...(await import(`./cases/${name}`)) })),
);

const chosen = cases.filter(({ number }) => values.case === undefined || values.case.includes(String(number)));
const before = readResults();
const found = [];
for (const { number, title, goal, sizes, run, slow } of chosen) {
  const wanted = values.size?.map(Number) ?? (values.check ? sizes.slice(0, 1) : sizes);
  for (const size of wanted) {
    const repeats = Number(values.repeats ?? (slow !== false && size >= LARGE ? 1 : 3));
    console.log(`${number}. ${title}, ${size} (${repeats}x)`);
    try {
      for (const line of await run({ size, repeats })) {
        found.push({ number, title, goal, taken: machine().load, ...line });
        console.log(`   ${line.what}: ${shown(line.ratio)}`);
      }
    } finally {
      await clear();
    }
    if (!values.check) writeResults(machine(), found, before, cases);
  }
}

if (values.check) {
  const worse = compare(before.lines, found);
  for (const text of worse) console.error(text);
  console.log(
    worse.length === 0 ? 'No ratio is much worse than in the committed results.' : 'Worse than the committed results.',
  );
  process.exitCode = worse.length === 0 ? 0 : 1;
}
