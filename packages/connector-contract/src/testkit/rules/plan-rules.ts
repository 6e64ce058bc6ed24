import { deepEqual, ok } from 'node:assert/strict';
import type { DeletionPlan, Subject } from '../../deletion.js';
import type { Bench } from '../bench.js';
import { copyOf, fingerprint } from '../plain.js';
import { plainIdentifier, plainSubject, shapedSubjects, shapesOf, valuesOf } from '../subjects.js';
import type { RuleChecks } from './rule-check.js';

/** Packing subjects into operations. */
export const planRules: Pick<RuleChecks<'D'>, 'D1' | 'D2' | 'D3' | 'D4' | 'D5'> = {
  async D1(bench: Bench) {
    const subjects = crowd(bench);
    const plan = await planOf(bench, subjects);
    const planned = plan.operations.flatMap((operation) => operation.subjects.map((subject) => subject.id));
    const rejected = new Set(plan.rejected.map((one) => one.subjectId));
    const expected = subjects.map((subject) => subject.id).filter((id) => !rejected.has(id));
    deepEqual(
      planned,
      expected,
      'the operations do not hold every subject that is not rejected once, in the order given',
    );
    ok(
      plan.rejected.every((one) => subjects.some((subject) => subject.id === one.subjectId)),
      'a stranger is rejected',
    );
  },

  async D2(bench: Bench) {
    const {
      maxSubjects = Infinity,
      maxIdentifiers = Infinity,
      maxBytes = Infinity,
    } = bench.manifest.deletion?.batch ?? {};
    const plan = await planOf(bench, crowd(bench));
    for (const { subjects, identifierCount, bytes } of plan.operations) {
      const counted = valuesOf(subjects).size;
      ok(subjects.length > 0, 'an operation has no subject');
      ok(subjects.length <= maxSubjects, `an operation has ${subjects.length} subjects, more than ${maxSubjects}`);
      ok(counted <= maxIdentifiers, `an operation has ${counted} identifiers, more than ${maxIdentifiers}`);
      ok(identifierCount === counted, `an operation says ${identifierCount} identifiers and has ${counted}`);
      ok(bytes > 0 && bytes <= maxBytes, `an operation says ${bytes} bytes; the limit is ${maxBytes}`);
    }
  },

  async D3(bench: Bench) {
    const kinds = bench.manifest.identities.kinds.map(({ kind }) => kind);
    const subjects = ['one', 'two', 'three'].map((name): Subject => {
      const several = kinds.flatMap((kind) => [name, `${name}-again`, name].map((word) => plainIdentifier(kind, word)));
      return { id: name, identifiers: several };
    });
    const plan = await planOf(bench, subjects);
    const sent = new Map(
      plan.operations.flatMap((operation) => operation.subjects.map((one) => [one.id, one] as const)),
    );
    for (const { id, identifiers } of subjects) {
      const travelling = (sent.get(id)?.identifiers ?? []).map((one) => `${one.kind} ${one.value}`);
      const expected = [...new Set(identifiers.map((one) => `${one.kind} ${one.value}`))];
      ok(travelling.length === new Set(travelling).size, 'a subject has the same identifier twice');
      deepEqual([...travelling].sort(), expected.sort(), 'a subject does not travel with all of its identifiers');
    }
  },

  async D4(bench: Bench) {
    const subjects = crowd(bench);
    const first = await planOf(bench, copyOf(subjects));
    bench.clock.skip(86_400_000);
    const second = await planOf(bench, copyOf(subjects));
    ok(fingerprint(first) === fingerprint(second), 'the same subjects give another plan the second time');
  },

  async D5(bench: Bench) {
    const nobody: Subject = { id: 'nobody', identifiers: [] };
    const stranger: Subject = { id: 'stranger', identifiers: [{ kind: 'a_kind_nobody_takes', value: 'x' }] };
    const plan = await planOf(bench, [nobody, plainSubject(bench.manifest, 'fine'), stranger]);
    deepEqual(
      plan.rejected.map((one) => one.subjectId).sort(),
      ['nobody', 'stranger'],
      'not exactly the subjects without a usable identifier are rejected',
    );
    ok(
      plan.rejected.every((one) => one.fault.kind === 'input'),
      'a rejection has another kind of fault than input',
    );
  },
};

async function planOf(bench: Bench, subjects: readonly Subject[]): Promise<DeletionPlan> {
  const connection = await bench.connect();
  return connection.deletion.plan(subjects, connection.config);
}

/** More subjects than fit one operation, of all shapes, some of them sharing identifiers and two that cannot be erased. */
function crowd({ manifest, options }: Bench): readonly Subject[] {
  const { maxSubjects = 40, maxIdentifiers = 40 } = manifest.deletion?.batch ?? {};
  const count = Math.min(maxSubjects, maxIdentifiers, 5_000) + 5;
  const many = Array.from({ length: count }, (_, index) => plainSubject(manifest, `many-${index}`));
  const shaped = shapedSubjects(manifest, (kind) => options.fixtures.identifiers?.[kind] ?? shapesOf(kind));
  const sharing = ['a', 'b'].map((id): Subject => ({ ...plainSubject(manifest, 'shared'), id: `sharing-${id}` }));
  const unfit: Subject = { id: 'unfit', identifiers: [] };
  return [...shaped, unfit, ...sharing, ...many, { ...unfit, id: 'unfit-too' }];
}
