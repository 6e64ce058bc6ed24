import type { ConnectorConfig, DeletionPlan, FaultData, Identifier, Subject } from 'connector-contract';
import { Intake } from './intake.js';
import { type Bundle, bundles, fits, Packer } from './packing.js';
import { Sharing } from './sharing.js';

function identifierTotal(subjects: readonly Subject[]): number {
  let total = 0;
  for (const { identifiers } of subjects) total += identifiers.length;
  return total;
}

/** The subject as it is sent: the very object that was given, where nothing of it is left out. */
function sent(subject: Subject, identifiers: readonly Identifier[], repeats: ReadonlySet<number> | undefined): Subject {
  if (repeats) return { id: subject.id, identifiers: identifiers.filter((_, place) => !repeats.has(place)) };
  return identifiers === subject.identifiers ? subject : { id: subject.id, identifiers };
}

/** The subjects that can be sent, and for each what it adds that no subject before it brought. */
class Roster {
  readonly subjects: Subject[] = [];
  readonly counts: Int32Array;
  readonly bytes: Float64Array;
  readonly sharing: Sharing;

  constructor(subjects: readonly Subject[]) {
    this.counts = new Int32Array(subjects.length);
    this.bytes = new Float64Array(subjects.length);
    this.sharing = new Sharing(identifierTotal(subjects), subjects.length);
  }

  add(subject: Subject, identifiers: readonly Identifier[], { hashes, sizes }: Intake): void {
    const number = this.sharing.add(identifiers);
    let count = 0;
    let bytes = 0;
    let repeats: Set<number> | undefined;
    for (let place = 0; place < identifiers.length; place += 1) {
      const value = identifiers[place]?.value ?? '';
      const owner = this.sharing.claim(number, place, value, hashes[place] ?? 0);
      if (owner === -1) {
        count += 1;
        bytes += sizes[place] ?? 0;
      } else if (owner === number || identifiers.findIndex((other) => other.value === value) < place) {
        repeats ??= new Set();
        repeats.add(place);
      }
    }
    this.counts[number] = count;
    this.bytes[number] = bytes;
    this.subjects.push(sent(subject, identifiers, repeats));
  }

  together(members: readonly number[]): Bundle {
    let count = 0;
    let bytes = 0;
    for (const member of members) {
      count += this.counts[member] ?? 0;
      bytes += this.bytes[member] ?? 0;
    }
    return { members, count, bytes };
  }
}

function isFault(answer: readonly Identifier[] | FaultData): answer is FaultData {
  return !Array.isArray(answer);
}

/**
 * Packs subjects into operations within `batchLimits`; see `DeletionCapability.plan` for what is promised.
 * Subjects that have a value in common go into the same operation wherever one can hold them all.
 */
export function plan(subjects: readonly Subject[], config: ConnectorConfig): DeletionPlan {
  const intake = new Intake(config);
  const roster = new Roster(subjects);
  const rejected: { subjectId: string; fault: FaultData }[] = [];
  for (const subject of subjects) {
    const answer = intake.admit(subject);
    if (isFault(answer)) rejected.push({ subjectId: subject.id, fault: answer });
    else roster.add(subject, answer, intake);
  }

  const packer = new Packer(roster.subjects);
  const groups = roster.sharing.groups();
  for (let number = 0; number < roster.subjects.length; number += 1) {
    const group = groups.get(number);
    if (group) {
      const whole = roster.together(group);
      for (const bundle of fits(whole) ? [whole] : bundles(group, roster.subjects)) packer.add(bundle);
    } else if (groups.size === 0 || roster.sharing.firstOf(number) === number) {
      packer.addOne(number, roster.counts[number] ?? 0, roster.bytes[number] ?? 0);
    }
  }
  return { operations: packer.finish(), rejected };
}
