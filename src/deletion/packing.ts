import type { Operation, Subject } from 'connector-contract';
import { batchLimits, COMMA_BYTES, ENVELOPE_BYTES } from './operation.js';
import { ValueScan } from './value-scan.js';

/** Subjects that go into one operation together, by number, with the distinct values and the bytes they add to it. */
export interface Bundle {
  readonly members: readonly number[];
  readonly count: number;
  /** Without the envelope, commas included. */
  readonly bytes: number;
}

function withinLimits(subjects: number, count: number, bytes: number): boolean {
  return (
    subjects <= batchLimits.maxSubjects &&
    count <= batchLimits.maxIdentifiers &&
    ENVELOPE_BYTES + bytes <= batchLimits.maxBytes
  );
}

/** Whether one operation can hold the bundle. */
export function fits({ members, count, bytes }: Bundle): boolean {
  return withinLimits(members.length, count, bytes);
}

/** Fills operations one after the other, in the order in which bundles come. */
export class Packer {
  readonly #subjects: readonly Subject[];
  readonly #operations: Operation[] = [];
  #members: number[] = [];
  #count = 0;
  #bytes = 0;
  #ordered = true;

  /** @param subjects what the numbers in bundles stand for. */
  constructor(subjects: readonly Subject[]) {
    this.#subjects = subjects;
  }

  /** Adds one subject that shares nothing with any other. */
  addOne(member: number, count: number, bytes: number): void {
    this.#makeRoom(1, count, bytes);
    this.#members.push(member);
  }

  /** Adds subjects that must stay together. */
  add({ members, count, bytes }: Bundle): void {
    this.#makeRoom(members.length, count, bytes);
    for (const member of members) this.#members.push(member);
    this.#ordered = false;
  }

  /** Closes the last operation and answers all of them. */
  finish(): Operation[] {
    this.#close();
    return this.#operations;
  }

  #makeRoom(subjects: number, count: number, bytes: number): void {
    if (!withinLimits(this.#members.length + subjects, this.#count + count, this.#bytes + bytes)) this.#close();
    this.#count += count;
    this.#bytes += bytes;
  }

  #close(): void {
    if (this.#members.length === 0) return;
    // A bundle brings later subjects forward; inside an operation the given order is restored.
    const members = this.#ordered ? this.#members : this.#members.sort((a, b) => a - b);
    const subjects: Subject[] = [];
    for (const member of members) {
      const subject = this.#subjects[member];
      if (subject) subjects.push(subject);
    }
    this.#operations.push({ subjects, identifierCount: this.#count, bytes: ENVELOPE_BYTES + this.#bytes });
    this.#members = [];
    this.#count = 0;
    this.#bytes = 0;
    this.#ordered = true;
  }
}

/**
 * Divides subjects that share values, but are too many for one operation, into bundles that fit. A value that is shared
 * across the border of two bundles goes out with each of them.
 */
export function bundles(members: readonly number[], subjects: readonly Subject[]): Bundle[] {
  const scan = new ValueScan();
  const done: Bundle[] = [];
  let held = new Set<string>();
  let open = { members: [] as number[], count: 0, bytes: 0 };
  const added = (subject: Subject): { values: string[]; bytes: number } => {
    const values = subject.identifiers.map(({ value }) => value).filter((value) => !held.has(value));
    const bytes = values.reduce((sum, value) => {
      scan.read(value);
      return sum + scan.bytes + COMMA_BYTES;
    }, 0);
    return { values, bytes };
  };
  for (const member of members) {
    const subject = subjects[member];
    if (!subject) continue;
    let more = added(subject);
    if (!withinLimits(open.members.length + 1, open.count + more.values.length, open.bytes + more.bytes)) {
      done.push(open);
      held = new Set();
      open = { members: [], count: 0, bytes: 0 };
      more = added(subject);
    }
    open.members.push(member);
    open.count += more.values.length;
    open.bytes += more.bytes;
    for (const value of more.values) held.add(value);
  }
  done.push(open);
  return done;
}
