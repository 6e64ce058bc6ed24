import { ConnectorFault, type DeletionPlan, type Identifier, type Operation, type Subject } from 'connector-contract';
import { manifest } from './manifest.js';

const kinds = new Set(manifest.identities.kinds.map(({ kind }) => kind));
const { maxSubjects = 1, maxIdentifiers = 1, maxBytes = 1 } = manifest.deletion?.batch ?? {};

/** What goes to the vendor of each person. */
export function bodyOf(subjects: readonly Subject[]): { readonly people: readonly (readonly Identifier[])[] } {
  return { people: subjects.map(({ identifiers }) => identifiers.map(({ kind, value }) => ({ kind, value }))) };
}

/** An operation for these people, measured. */
export function operationFor(subjects: readonly Subject[]): Operation {
  const values = new Set(subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value)));
  // The key travels along: 36 characters and its name.
  const bytes = Buffer.byteLength(JSON.stringify({ key: '', ...bodyOf(subjects) })) + 36;
  return { subjects, identifierCount: values.size, bytes };
}

/** Packs people into operations within the manifest's limits, in the order given. Pure. */
export function planFor(subjects: readonly Subject[]): DeletionPlan {
  const usable = subjects.map(({ id, identifiers }) => ({ id, identifiers: distinct(identifiers) }));
  const fits = (group: readonly Subject[]): boolean => {
    const { identifierCount, bytes } = operationFor(group);
    return group.length <= maxSubjects && identifierCount <= maxIdentifiers && bytes <= maxBytes;
  };
  const groups: Subject[][] = [];
  const rejected: DeletionPlan['rejected'][number][] = [];
  for (const subject of usable) {
    const last = groups.at(-1);
    if (subject.identifiers.length === 0) rejected.push({ subjectId: subject.id, fault: nothingUsable() });
    else if (!fits([subject])) rejected.push({ subjectId: subject.id, fault: tooLarge() });
    else if (last !== undefined && fits([...last, subject])) last.push(subject);
    else groups.push([subject]);
  }
  return { operations: groups.map(operationFor), rejected };
}

function distinct(identifiers: readonly Identifier[]): readonly Identifier[] {
  const known = identifiers.filter(({ kind }) => kinds.has(kind));
  return [...new Map(known.map((one) => [JSON.stringify([one.kind, one.value]), one])).values()];
}

function nothingUsable(): ReturnType<ConnectorFault['toJSON']> {
  return ConnectorFault.of('IDENTIFIER_MISSING', 'There is no identifier that the vendor knows people by.').toJSON();
}

function tooLarge(): ReturnType<ConnectorFault['toJSON']> {
  return ConnectorFault.of('TOO_LARGE', 'The person has more identifiers than the vendor takes at once.').toJSON();
}
