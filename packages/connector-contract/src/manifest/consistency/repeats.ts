import { at, type ManifestIssue, shortened } from '../issue.js';

/** An issue for each entry of a list that has the same name as an earlier one. */
export function repeats<Entry>(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
  list: readonly (string | number)[],
  property: string,
): ManifestIssue[] {
  const first = new Map<string, number>();
  return entries.flatMap((entry, index) => {
    const name = nameOf(entry);
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, index);
      return [];
    }
    return [
      {
        path: at(...list, index, property),
        message: `${at(...list, earlier)} has the same ${property} already (\`${shortened(name)}\`).`,
        remedy: `Give each entry a ${property} of its own.`,
      },
    ];
  });
}
