import type { Subject } from 'connector-contract';

/** Who has a value in common with whom, directly or through others. */
export interface Groups {
  /** The places of all who are in a group with the person at `place`, in order; `undefined` where nobody is. */
  membersOf(place: number): readonly number[] | undefined;
}

/** Finds the people who share values. */
export function groupsOf(people: readonly Subject[]): Groups {
  const placesWith = new Map<string, number[]>();
  people.forEach(({ identifiers }, place) => {
    for (const { value } of identifiers) {
      const places = placesWith.get(value);
      if (places === undefined) placesWith.set(value, [place]);
      else places.push(place);
    }
  });
  const groups = new Map<number, readonly number[]>();
  for (const sharing of placesWith.values()) {
    // Most values are one person's alone.
    if (sharing.length === 1) continue;
    const members = new Set(sharing);
    // Goes on to those who are added meanwhile.
    for (const member of members) {
      for (const { value } of (people[member] as Subject).identifiers) {
        for (const other of placesWith.get(value) ?? []) members.add(other);
        // Looked at once: a value of a group that is found leads nowhere any more.
        placesWith.delete(value);
      }
    }
    if (members.size > 1) {
      const group = [...members].sort((a, b) => a - b);
      for (const member of group) groups.set(member, group);
    }
  }
  return { membersOf: (place) => groups.get(place) };
}
