/** How a batch was divided until the vendor took what it could, as one person has to read it: in one line. Pure. */
import type { operations } from '../store/schema.js';
import type { TimelineEntry } from './views.js';

/** What of an operation counts here. */
export type Carrier = Pick<typeof operations.$inferSelect, 'id' | 'root' | 'state' | 'subjects'>;

/** What is told of each step of a division. */
const steps: ReadonlySet<string> = new Set(['operation.planned', 'operation.submitting', 'operation.divided']);

/**
 * Folds the steps of each division into its last one; how the batch that was divided began stays, and what became of the parts that the
 * person was in at the end.
 * @param entries in the order of time.
 * @param carried the operations that the person was in.
 */
export function foldDivisions(
  entries: readonly TimelineEntry[],
  carried: readonly Carrier[],
  vendorOf: (connection: string | undefined) => string = () => 'The vendor',
): TimelineEntry[] {
  const byId = new Map(carried.map((one) => [one.id, one]));
  const rootOf = ({ operation }: TimelineEntry) => byId.get(operation ?? 0)?.root ?? operation ?? 0;
  const divisions = new Map<number, { times: number; last: TimelineEntry }>();
  for (const entry of entries) {
    if (entry.kind !== 'operation.divided') continue;
    const times = (divisions.get(rootOf(entry))?.times ?? 0) + 1;
    divisions.set(rootOf(entry), { times, last: entry });
  }
  return entries.flatMap((entry) => {
    const { operation, kind } = entry;
    const division = divisions.get(rootOf(entry));
    if (operation === undefined || division === undefined || !steps.has(kind)) return [entry];
    if (entry === division.last) {
      const ends = carried.filter(({ root, state }) => root === rootOf(entry) && state !== 'divided');
      return [{ ...entry, text: told(division.times, ends, vendorOf(entry.connection)) }];
    }
    // Of the first batch how it began; of a part that was not divided again when it was sent.
    const state = byId.get(operation)?.state;
    const first = operation === rootOf(entry) && kind !== 'operation.divided';
    const sent = kind === 'operation.submitting' && state !== 'divided';
    return first || sent ? [entry] : [];
  });
}

function told(times: number, ends: readonly Carrier[], vendor: string): string {
  const divided = times === 1 ? 'it was divided' : `it was divided ${times} times`;
  const largest = Math.max(0, ...ends.map(({ subjects }) => subjects));
  const alone = largest <= 1 ? 'until this person was alone' : `until this person was among ${largest}`;
  return `${vendor} refused a part of the batch, so ${divided}, ${alone}`;
}
