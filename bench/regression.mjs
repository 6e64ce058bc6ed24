/** Compares ratios with those of an earlier run. Pure. */

/** How many times worse a ratio may be: machines are busy in different ways, and small sizes scatter. */
export const MARGIN = 2;

/** What of `now` is much worse than the same line `before`, in words. Lines that were not measured before are left out. */
export function compare(before, now) {
  return now.flatMap((line) => {
    const earlier = before.find(
      (one) => one.number === line.number && one.size === line.size && one.what === line.what,
    );
    if (earlier === undefined) return [];
    const [was, is] = [earlier.ratio.median, line.ratio.median];
    const lessIsBetter = line.goal.least === undefined;
    const worse = lessIsBetter ? is > was * MARGIN : is < was / MARGIN;
    return worse
      ? [`${line.number}. ${line.title}, ${line.what}, ${line.size}: ${is.toFixed(3)}, and it was ${was.toFixed(3)}`]
      : [];
  });
}
