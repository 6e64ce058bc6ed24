import { deepEqual, ok } from 'node:assert/strict';
import type { Operation } from '../../deletion.js';
import { asksFor } from '../../features.js';
import type { Bench } from '../bench.js';
import type { VendorCall } from '../gate.js';
import { fingerprint } from '../plain.js';
import { plainSubject, shapedSubjects, shapesOf, valuesOf } from '../subjects.js';
import { positions, refusals } from '../vendor-fault.js';
import { assertAborted, whileSilent } from './abort.js';
import type { RuleChecks } from './rule-check.js';
import { accepted, erasedBy, operationFor, submitMeeting, troubledSubmissions, usualSubmission } from './submission.js';

/** What to do where a request changes nothing and its method does not tell. */
const READS = 'where some of them only ask, say so in `reads` of the vendor stub';

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
    for (const { outcome, taken, when, met } of await troubledSubmissions(bench)) {
      // A vendor that knows nobody says so to a look-up, and to the deletion of what is gone by now.
      const nobody = when.startsWith('HTTP 404') && (met?.reads === true || met?.method === 'DELETE');
      if (outcome.accepted) ok(taken || nobody, `${when}: submit says accepted, but the vendor has nothing`);
      else ok(!(taken && outcome.certain === 'not-taken'), `${when}: submit says not taken, but the vendor has it`);
    }
  },

  async D8(bench: Bench) {
    for (const after of positions((await usualSubmission(bench)).calls.length)) {
      for (const { status, kinds } of refusals) {
        const { outcome, when } = await submitMeeting(bench, { kind: 'status', status }, after);
        ok(!outcome.accepted, `${when}: submit says accepted`);
        ok(outcome.certain === 'not-taken', `${when} is a refusal, but submit does not know`);
        ok(kinds.includes(outcome.fault.kind), `${when}: the kind is ${outcome.fault.kind}, not ${kinds.join(' or ')}`);
      }
      for (const status of [429, 503]) {
        const { outcome, when } = await submitMeeting(bench, { kind: 'status', status }, after);
        ok(!outcome.accepted && outcome.fault.retryable, `${when} passes, but the fault is not retryable`);
      }
    }
  },

  async D9(bench: Bench) {
    const headers = { 'retry-after': '7' };
    for (const after of positions((await usualSubmission(bench)).calls.length)) {
      const { outcome, when } = await submitMeeting(bench, { kind: 'status', status: 429, headers }, after);
      const wait = outcome.accepted ? undefined : outcome.fault.retryAfterMs;
      ok(wait !== undefined && wait >= 7_000 && wait < 60_000, `${when}: Retry-After: 7 becomes retryAfterMs ${wait}`);
    }
  },

  async D10(bench: Bench) {
    const { calls: usual } = await usualSubmission(bench);
    const changes = (calls: readonly VendorCall[]): number => calls.filter((call) => !call.reads).length;
    ok(
      changes(usual) > 0,
      'submit makes no request that changes anything; where a GET does, say so in `reads` of the vendor stub',
    );
    const most = bench.manifest.deletion?.repeatable === true ? changes(usual) : 1;
    ok(changes(usual) === most, `submit makes ${changes(usual)} requests that change something; ${READS}`);
    for (const { calls, when } of await troubledSubmissions(bench)) {
      ok(changes(calls) <= most, `${when}: submit makes ${changes(calls)} requests that change something`);
      ok(
        calls.length <= usual.length,
        `${when}: submit makes ${calls.length} requests, ${usual.length} where all is well`,
      );
    }
    const connection = await bench.connected();
    const before = fingerprint(bench.vendor.state());
    await submitMeeting(bench, { kind: 'reset' }, 'change', 'never-sent', connection);
    ok(fingerprint(bench.vendor.state()) === before, 'a request of submit that counts as reading changes something');
  },

  async D15(bench: Bench) {
    for (const after of positions((await usualSubmission(bench)).calls.length)) {
      const connection = await bench.connected();
      const operation = operationFor(bench, connection, 'called-off');
      const outcome = await whileSilent(bench, (signal) => connection.submit(operation, signal), after);
      if ('thrown' in outcome) {
        assertAborted(outcome.thrown);
        continue;
      }
      const { answer } = outcome;
      ok(!answer.accepted, 'a submission that was called off says accepted');
      ok(answer.fault.code === 'ABORTED', `the fault has code ${answer.fault.code}, not ABORTED`);
    }
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
