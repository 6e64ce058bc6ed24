/** A figure from several repeats: the median with the least and the most. */

/** @param {readonly number[]} values one for each repeat. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1
      ? sorted[middle]
      : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
  return {
    median: median ?? Number.NaN,
    least: sorted[0] ?? Number.NaN,
    most: sorted.at(-1) ?? Number.NaN,
    repeats: sorted.length,
  };
}

/** Ratios repeat by repeat, so that what slows the machine down for a moment slows both sides. */
export function ratios(ours, peers) {
  return spread(ours.map((value, at) => value / (peers[at] ?? Number.NaN)));
}

/** Seconds that a piece of work takes. */
export async function seconds(work) {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

/** Runs each side once in turn, `repeats` times. Answers the lists of what they gave, in the order of the sides. */
export async function interleaved(repeats, ...sides) {
  const found = sides.map(() => []);
  for (let turn = 0; turn < repeats; turn += 1) {
    for (const [at, side] of sides.entries()) found[at].push(await side(turn));
  }
  return found;
}
