import {
  ConnectorFault,
  type ConnectorManifest,
  type DeletionPlan,
  type FaultData,
  type Identifier,
  type Operation,
  type Subject,
} from 'connector-contract';
import { groupsOf } from './groups.js';

/** How people are packed for one vendor. */
export interface Packing {
  /** The kinds of identifier that are sent. */
  readonly kinds: ReadonlySet<string>;
  readonly limits: { readonly maxSubjects: number; readonly maxIdentifiers: number; readonly maxBytes: number };
  /** UTF-8 bytes of a request for these people. */
  readonly bytesOf: (subjects: readonly Subject[]) => number;
}

/**
 * The packing that follows from a manifest and the body of a request.
 * @param body what is sent for these people, as a value for JSON; with stand-ins of the same length for what is not known yet.
 */
export function packingOf(manifest: ConnectorManifest, body: (subjects: readonly Subject[]) => unknown): Packing {
  const { maxSubjects = Infinity, maxIdentifiers = Infinity, maxBytes = Infinity } = manifest.deletion?.batch ?? {};
  return {
    kinds: new Set(manifest.identities.kinds.map(({ kind }) => kind)),
    limits: { maxSubjects, maxIdentifiers, maxBytes },
    bytesOf: (subjects) => Buffer.byteLength(JSON.stringify(body(subjects))),
  };
}

/** The distinct values that an operation sends, in the order in which they first come. */
export function valuesOf({ subjects }: Pick<Operation, 'subjects'>): string[] {
  const values = new Set<string>();
  for (const { identifiers } of subjects) for (const { value } of identifiers) values.add(value);
  return [...values];
}

/** An operation for these people, counted and weighed. */
export function operationOf(subjects: readonly Subject[], { bytesOf }: Packing): Operation {
  return { subjects, identifierCount: valuesOf({ subjects }).length, bytes: bytesOf(subjects) };
}

/** People who go into one operation together, with what they add to it. */
interface Unit {
  /** Places in the list of those who can be sent. */
  readonly members: readonly number[];
  readonly count: number;
  /** Beyond those of a request for nobody, without the comma before them. */
  readonly bytes: number;
}

/**
 * Packs people into operations within the limits; see `DeletionCapability.plan` for what is promised. Pure.
 * People who have a value in common go into the same operation wherever one can hold them all, so that the value is sent once.
 */
export function packPeople(subjects: readonly Subject[], packing: Packing): DeletionPlan {
  const people: Subject[] = [];
  const weights: { readonly count: number; readonly bytes: number }[] = [];
  const rejected: { subjectId: string; fault: FaultData }[] = [];
  const empty = packing.bytesOf([]);
  for (const subject of subjects) {
    const fit = admit(subject, packing);
    if ('code' in fit) rejected.push({ subjectId: subject.id, fault: fit });
    else {
      people.push(fit.subject);
      weights.push({ count: fit.count, bytes: fit.bytes - empty });
    }
  }
  const batches = new Batches(people, packing, empty);
  // Where each goes alone, sharing a value brings nobody forward.
  const groups = packing.limits.maxSubjects > 1 ? groupsOf(people) : undefined;
  weights.forEach(({ count, bytes }, place) => {
    const group = groups?.membersOf(place);
    if (group === undefined) batches.add({ members: [place], count, bytes });
    else if (group[0] === place) batches.addGroup(group);
  });
  return { operations: batches.close(), rejected };
}

/** Fills operations one after the other. */
class Batches {
  private readonly operations: Operation[] = [];
  private members: number[] = [];
  private count = 0;
  private bytes = 0;

  constructor(
    private readonly people: readonly Subject[],
    private readonly packing: Packing,
    private readonly empty: number,
  ) {}

  add({ members, count, bytes }: Unit): void {
    if (this.members.length > 0) {
      const comma = 1;
      const sizes = [this.members.length + members.length, this.count + count, this.bytes + comma + bytes] as const;
      if (this.fit(...sizes)) this.bytes += comma;
      else this.close();
    }
    this.members.push(...members);
    this.count += count;
    this.bytes += bytes;
  }

  /** Adds people who share values: all of them together, or in as few parts as can hold them. */
  addGroup(members: readonly number[]): void {
    const whole = this.unitOf(members);
    if (this.fit(members.length, whole.count, whole.bytes)) {
      this.add(whole);
      return;
    }
    let part: number[] = [];
    let held = new Set<string>();
    let bytes = 0;
    for (const member of members) {
      const values = valuesOf({ subjects: this.subjectsAt([member]) });
      const more = values.filter((value) => !held.has(value)).length;
      const alone = this.unitOf([member]).bytes;
      if (!this.fit(part.length + 1, held.size + more, bytes + alone)) {
        this.add(this.unitOf(part));
        part = [];
        held = new Set();
        bytes = 0;
      }
      part.push(member);
      const comma = 1;
      bytes += alone + comma;
      for (const value of values) held.add(value);
    }
    this.add(this.unitOf(part));
  }

  /** Closes the last operation and answers all of them. */
  close(): readonly Operation[] {
    if (this.members.length > 0) {
      // A group brings later people forward; inside an operation the given order is restored.
      const members = this.members.sort((a, b) => a - b);
      const subjects = this.subjectsAt(members);
      this.operations.push({ subjects, identifierCount: this.count, bytes: this.empty + this.bytes });
    }
    this.members = [];
    this.count = 0;
    this.bytes = 0;
    return this.operations;
  }

  private unitOf(members: readonly number[]): Unit {
    const { identifierCount, bytes } = operationOf(this.subjectsAt(members), this.packing);
    return { members, count: identifierCount, bytes: bytes - this.empty };
  }

  private subjectsAt(members: readonly number[]): Subject[] {
    return members.flatMap((member) => this.people[member] ?? []);
  }

  private fit(subjects: number, count: number, bytes: number): boolean {
    const { maxSubjects, maxIdentifiers, maxBytes } = this.packing.limits;
    return subjects <= maxSubjects && count <= maxIdentifiers && this.empty + bytes <= maxBytes;
  }
}

type Admitted = { readonly subject: Subject; readonly count: number; readonly bytes: number };

/** What of a person can be sent (the very object where that is all), or why nothing can. Faults name place and kind, never a value. */
function admit(subject: Subject, packing: Packing): Admitted | FaultData {
  const { kinds, limits } = packing;
  const all = subject.identifiers;
  const usable = distinct(all.filter(({ kind }) => kinds.has(kind)));
  if (usable.length === 0) return missing(kinds);
  const unfit = usable.find(({ value }) => value === '' || !isSendable(value));
  if (unfit !== undefined) return refused(all, unfit);
  const fit = usable.length === all.length ? subject : { id: subject.id, identifiers: usable };
  const { identifierCount: count, bytes } = operationOf([fit], packing);
  const tooMuch = count > limits.maxIdentifiers || bytes > limits.maxBytes;
  return tooMuch ? tooLarge(usable.length, limits) : { subject: fit, count, bytes };
}

/** Without repeats: nobody is found better by a value that is sent twice. */
function distinct(identifiers: readonly Identifier[]): readonly Identifier[] {
  const seen = new Set<string>();
  return identifiers.filter(({ kind, value }) => {
    const one = `${kind} ${value}`;
    return !seen.has(one) && seen.add(one);
  });
}

/** U+0000 is refused or cut at by many; half a surrogate pair has no UTF-8 form and would arrive as another character. */
function isSendable(value: string): boolean {
  return !value.includes('\0') && !/\p{Surrogate}/u.test(value);
}

function missing(kinds: ReadonlySet<string>): FaultData {
  const taken = [...kinds].join(', ');
  return ConnectorFault.of('IDENTIFIER_MISSING', `The person has no identifier of a kind that is sent (${taken}).`, {
    remedy: 'Add one.',
  }).toJSON();
}

function refused(all: readonly Identifier[], unfit: Identifier): FaultData {
  const { kind, value } = unfit;
  const why = value === '' ? 'is empty' : 'holds a character that cannot be sent (U+0000 or half a surrogate pair)';
  return ConnectorFault.of(
    'IDENTIFIER_REFUSED',
    `Identifier ${all.indexOf(unfit) + 1} of ${all.length} (${kind}) ${why}.`,
    {
      remedy: 'Correct that identifier and send the request again; nothing of this person was sent.',
    },
  ).toJSON();
}

function tooLarge(count: number, { maxIdentifiers, maxBytes }: Packing['limits']): FaultData {
  return ConnectorFault.of(
    'TOO_LARGE',
    `The person brings ${count} identifiers, where ${maxIdentifiers} and ${maxBytes} bytes are the most.`,
    { remedy: 'Divide the identifiers of this person over several requests.' },
  ).toJSON();
}
