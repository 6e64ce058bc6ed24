import { deepEqual, ok } from 'node:assert/strict';
import { isFinal, type Operation, SubjectOutcome, type SubjectResult } from '../../deletion.js';
import { asksFor } from '../../features.js';
import type { Bench } from '../bench.js';
import type { Connection } from '../connection.js';
import { plainSubject } from '../subjects.js';
import type { RuleChecks } from './rule-check.js';

/** Steps after which a vendor that is never done is given up. */
const MOST_STEPS = 50;

/** What became of single people. */
export const resultRules: Pick<RuleChecks<'D'>, 'D24' | 'D25'> = {
  async D24(bench: Bench) {
    const connection = await bench.connected();
    const subjects = ['first', 'second', 'third'].map((name) => plainSubject(bench.manifest, `told-of-${name}`));
    const { operations } = connection.deletion.plan(subjects, connection.config);
    for (const operation of operations) judge(bench, operation, await resultsOf(bench, connection, operation));
  },

  async D25(bench: Bench) {
    const { vendor, manifest } = bench;
    ok(vendor.unknown, 'give `unknown` to the vendor stub, or opt out with a reason');
    const connection = await bench.connected();
    const subjects = ['known', 'nobody'].map((name) => plainSubject(manifest, name));
    for (const { value } of subjects[1]?.identifiers ?? []) vendor.unknown(value);
    const told = new Map<string, SubjectOutcome>();
    for (const operation of connection.deletion.plan(subjects, connection.config).operations) {
      for (const { id, outcome } of await resultsOf(bench, connection, operation)) told.set(id, outcome);
    }
    deepEqual(
      subjects.map(({ id }) => told.get(id)),
      [SubjectOutcome.erased, SubjectOutcome.noMatch],
      'what is said (first) of somebody whom the vendor knows and of somebody whom it does not is not so (second)',
    );
  },
};

/** Everything that is said of people from the submission to the end; what is said last counts. */
async function resultsOf(
  bench: Bench,
  connection: Connection,
  operation: Operation,
): Promise<readonly SubjectResult[]> {
  const outcome = await connection.submit(operation);
  ok(outcome.accepted, 'the vendor is in order, but submit says that it did not take the operation');
  const { reference, result = [] } = outcome;
  if (bench.manifest.deletion?.type === 'synchronous' || result.length === operation.subjects.length) return result;
  for (let step = 0; step < MOST_STEPS && (await bench.vendor.advance?.()) === true; step += 1);
  const { state, subjects = [] } = await connection.status(reference);
  ok(isFinal(state), `the vendor is done, but the state is ${state}`);
  return subjects;
}

function judge({ manifest }: Bench, operation: Operation, results: readonly SubjectResult[]): void {
  const asked = asksFor(manifest, 'subject-results');
  ok(asked || results.length === 0, 'it tells of single people, and the manifest does not ask for subject-results');
  const ids = operation.subjects.map(({ id }) => id);
  const told = results.map(({ id }) => id);
  ok(
    told.every((id) => ids.includes(id)),
    'it tells of somebody who is not in the operation',
  );
  ok(new Set(told).size === told.length, 'it tells twice of one person');
  if (asked) ok(told.length === ids.length, `it tells of ${told.length} of ${ids.length} people`);
  for (const { outcome, fault } of results) {
    ok(Object.values(SubjectOutcome).includes(outcome), `${outcome} is not an outcome`);
    const explains = outcome === SubjectOutcome.partial || outcome === SubjectOutcome.refused;
    ok(explains === (fault !== undefined), `${outcome} ${explains ? 'has no fault' : 'has a fault'}`);
  }
}
