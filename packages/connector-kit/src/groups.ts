import type { Subject } from 'connector-contract';

/** Who has a value in common with whom, directly or through others. */
export interface Groups {
  /** The places of all who are in a group with the person at `place`, in order; `undefined` where nobody is. */
  membersOf(place: number): readonly number[] | undefined;
}

/** Finds the people who share values. */
export function groupsOf(people: readonly Subject[]): Groups {
  const firstWith = new Map<string, number>();
  /** Of those who share: who stands for the group, the first of it in the end. */
  const leaders = new Map<number, number>();
  const leaderOf = (place: number): number => {
    let at = place;
    for (let next = leaders.get(at) ?? at; next !== at; next = leaders.get(at) ?? at) at = next;
    if (at !== place) leaders.set(place, at);
    return at;
  };
  people.forEach(({ identifiers }, place) => {
    for (const { value } of identifiers) {
      const first = firstWith.get(value);
      if (first === undefined) firstWith.set(value, place);
      else if (first !== place) {
        const [one, other] = [leaderOf(first), leaderOf(place)];
        leaders.set(Math.max(one, other), Math.min(one, other));
      }
    }
  });
  const groups = new Map<number, number[]>();
  for (const place of [...leaders.keys()].sort((a, b) => a - b)) {
    const leader = leaderOf(place);
    if (leader === place) continue;
    const group = groups.get(leader);
    if (group === undefined) groups.set(leader, [leader, place]);
    else group.push(place);
  }
  return { membersOf: (place) => groups.get(leaderOf(place)) };
}
