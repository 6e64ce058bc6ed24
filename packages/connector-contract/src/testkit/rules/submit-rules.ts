import { deepEqual, ok } from 'node:assert/strict';
import type { Operation } from '../../deletion.js';
import { asksFor } from '../../features.js';
import type { Bench } from '../bench.js';
import { plainSubject, shapedSubjects, shapesOf, valuesOf } from '../subjects.js';
import { everyday, faultName, refusals } from '../vendor-fault.js';
import { assertAborted, whileSilent } from './abort.js';
import type { RuleChecks } from './rule-check.js';
import { accepted, erasedBy, operationFor, submitMeeting } from './submission.js';

/** Handing operations to the vendor. */
export const submitRules: Pick<RuleChecks<'D'>, 'D6' | 'D7' | 'D8' | 'D9' | 'D10' | 'D15' | 'D16'> = {
  async D6(bench: Bench) {
    const connection = await bench.connected();
    const { identifiers } = bench.options.fixtures;
    const subjects = shapedSubjects(bench.manifest, (kind) => identifiers?.[kind] ?? shapesOf(kind));
    const plan = connection.deletion.plan(subjects, connection.config);
    for (const operation of plan.operations) await accepted(connection, operation);
    // Two people may share a value, and a vendor that takes one person at a time then gets it twice.
    const sent = plan.operations.flatMap((operation) => [...valuesOf(operation.subjects)]).sort();
    deepEqual(
      [...new Set(sent)],
      [...valuesOf(subjects)].sort(),
      'the plan (first) does not hold every value (second)',
    );
    deepEqual([...(await erasedBy(bench))].sort(), sent, 'what the vendor got (first) is not what was sent (second)');
  },

  async D7(bench: Bench) {
    for (const fault of everyday) {
      const { outcome, taken } = await submitMeeting(bench, fault);
      if (outcome.accepted) ok(taken, `${faultName(fault)}: submit says accepted, but the vendor has nothing`);
      else
        ok(
          !(taken && outcome.certain === 'not-taken'),
          `${faultName(fault)}: submit says not taken, but the vendor has it`,
        );
    }
  },

  async D8(bench: Bench) {
    for (const { status, kinds } of refusals) {
      const { outcome } = await submitMeeting(bench, { kind: 'status', status });
      ok(!outcome.accepted, `HTTP ${status}: submit says accepted`);
      ok(outcome.certain === 'not-taken', `HTTP ${status} is a refusal, but submit does not know`);
      ok(
        kinds.includes(outcome.fault.kind),
        `HTTP ${status}: the kind is ${outcome.fault.kind}, not ${kinds.join(' or ')}`,
      );
    }
    for (const status of [429, 503]) {
      const { outcome } = await submitMeeting(bench, { kind: 'status', status });
      ok(!outcome.accepted && outcome.fault.retryable, `HTTP ${status} passes, but the fault is not retryable`);
    }
  },

  async D9(bench: Bench) {
    const headers = { 'retry-after': '7' };
    const { outcome } = await submitMeeting(bench, { kind: 'status', status: 429, headers });
    const wait = outcome.accepted ? undefined : outcome.fault.retryAfterMs;
    ok(wait !== undefined && wait >= 7_000 && wait < 60_000, `Retry-After: 7 becomes retryAfterMs ${wait}`);
  },

  async D10(bench: Bench) {
    for (const fault of everyday) {
      const { requests } = await submitMeeting(bench, fault);
      ok(requests <= 1, `${faultName(fault)}: submit makes ${requests} requests`);
    }
  },

  async D15(bench: Bench) {
    const connection = await bench.connected();
    const operation = operationFor(bench, connection, 'called-off');
    const outcome = await whileSilent(bench, (signal) => connection.submit(operation, signal));
    if ('thrown' in outcome) return assertAborted(outcome.thrown);
    const { answer } = outcome;
    ok(!answer.accepted, 'a submission that was called off says accepted');
    ok(answer.fault.code === 'ABORTED', `the fault has code ${answer.fault.code}, not ABORTED`);
  },

  async D16(bench: Bench) {
    const { vendor } = bench;
    ok(vendor.refuse, 'give `refuse` to the vendor stub, or opt out with a reason');
    const connection = await bench.connected();
    const subjects = ['one', 'two', 'bad', 'four', 'five'].map((name) => plainSubject(bench.manifest, name));
    const refused = subjects[2]?.identifiers[0]?.value ?? '';
    vendor.refuse(refused);
    const waiting: Operation[] = [...connection.deletion.plan(subjects, connection.config).operations];
    const divides = asksFor(bench.manifest, 'divided-operations');
    let rounds = 0;
    for (let next = waiting.shift(); next !== undefined && rounds < 100; next = waiting.shift(), rounds += 1) {
      const outcome = await connection.submit(next);
      if (!outcome.accepted && divides) waiting.push(...(outcome.instead ?? []));
    }
    ok(rounds < 100, 'the operations that take the place of a refused one never come to an end');
    const got = new Set(await erasedBy(bench));
    const others = [...valuesOf(subjects.filter((subject) => subject.id !== 'subject-bad'))];
    const lost = others.filter((value) => !got.has(value)).length;
    ok(lost === 0, `${lost} identifiers of other people never reached the vendor`);
    ok(!got.has(refused), 'the vendor took what it was to refuse');
  },
};
