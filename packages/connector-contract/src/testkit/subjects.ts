import type { Identifier, Subject } from '../deletion.js';
import type { ConnectorManifest } from '../manifest/index.js';

/** Local parts of e-mail addresses that careless code changes. */
const mailShapes = ['plain', 'with+tag', 'UPPER.Case', "o'brien", '00123', 'a', 'unicode-\u00e4\u00f6', 'x'.repeat(60)];

/** Identifiers of any other kind. */
const shapes = [
  'a',
  '007',
  '1e3',
  'null',
  'with space',
  'Stra\u00dfe-\u0130stanbul',
  'e\u0301-and-\u00e9',
  '\u05e9\u05dc\u05d5\u05dd-\u0645\u0631\u062d\u0628\u0627',
  '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}',
  'quote"back\\slash/percent%20+plus&amp',
  '{"json": true}',
  'comma,semi;tab\tend',
  'x'.repeat(512),
];

/** Values of the given kind in every shape that has to arrive byte for byte. */
export function shapesOf(kind: string): readonly string[] {
  return kind === 'email' ? mailShapes.map((local) => `${local}@people.example`) : shapes.map((shape) => `${shape}`);
}

/** A subject with one plain identifier of each kind the connector takes. */
export function plainSubject(manifest: ConnectorManifest, name: string): Subject {
  return {
    id: `subject-${name}`,
    identifiers: manifest.identities.kinds.map(({ kind }) => plainIdentifier(kind, name)),
  };
}

/** Subjects that bring each of the given values once, together with whatever kinds a person needs besides. */
export function shapedSubjects(
  manifest: ConnectorManifest,
  shapesByKind: (kind: string) => readonly string[],
): readonly Subject[] {
  return manifest.identities.kinds.flatMap(({ kind }) =>
    shapesByKind(kind).map((value, index) => {
      const plain = plainSubject(manifest, `shape-${kind}-${index}`);
      const identifiers = plain.identifiers.map((one) => (one.kind === kind ? { kind, value } : one));
      return { ...plain, identifiers };
    }),
  );
}

/** An identifier that is valid for its kind and tells by itself whose it is. */
export function plainIdentifier(kind: string, name: string): Identifier {
  return { kind, value: kind === 'email' ? `${name}@people.example` : `${kind}-${name}` };
}

/** All identifier values of some subjects, without repeats. */
export function valuesOf(subjects: readonly Subject[]): ReadonlySet<string> {
  return new Set(subjects.flatMap((subject) => subject.identifiers.map((identifier) => identifier.value)));
}
