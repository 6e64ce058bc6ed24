/** How many of each kind of thing keep this process from ending (timers, sockets, children), by Node's own names. */
export type Running = ReadonlyMap<string, number>;

/** What keeps the process from ending now. */
export function running(): Running {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/**
 * What runs now and did not before, in words; waits a while for what is about to end.
 * @param settleMs real time that it may take.
 */
export async function leftSince(before: Running, settleMs = 3_000): Promise<readonly string[]> {
  const until = Date.now() + settleMs;
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const more = [...running()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
    if (more.length === 0 || Date.now() > until)
      return more.map(([kind, count]) => `${kind} x${count - (before.get(kind) ?? 0)}`);
  }
}
