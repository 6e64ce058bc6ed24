import { deepEqual, ok } from 'node:assert/strict';
import { isFinal, OperationState } from '../../deletion.js';
import { isConnectorFault } from '../../fault.js';
import { asksFor } from '../../features.js';
import type { Bench } from '../bench.js';
import { outcomeOf } from '../deadline.js';
import { fingerprint } from '../plain.js';
import { valuesOf } from '../subjects.js';
import { everyday, faultName, halfway, meetingName } from '../vendor-fault.js';
import { assertAborted, whileSilent } from './abort.js';
import type { RuleChecks } from './rule-check.js';
import { accepted, erasedBy, operationFor, submitMeeting } from './submission.js';

const ranks: Readonly<Record<string, number>> = { accepted: 0, processing: 1 };

/** Steps after which a vendor that is never done is given up. */
const MOST_STEPS = 50;

/** Following operations to their end. */
export const followRules: Pick<
  RuleChecks<'D'>,
  'D11' | 'D12' | 'D13' | 'D14' | 'D17' | 'D18' | 'D19' | 'D20' | 'D21' | 'D22' | 'D23'
> = {
  async D11(bench: Bench) {
    const connection = await bench.connected();
    const other = await accepted(connection, operationFor(bench, connection, 'other'));

    const attemptedAt = new Date(bench.clock.now()).toISOString();
    const lost = await submitMeeting(bench, { kind: 'lost' }, 'change', 'lost', connection);
    const found = await connection.reconcile(lost.operation, attemptedAt, [other]);
    if (found.found === 'absent' && bench.manifest.deletion?.repeatable === true) return;
    ok(found.found === 'accepted', `the vendor has the lost operation, but reconcile says ${found.found}`);
    ok(found.reference !== other, 'reconcile takes the operation of somebody else for the lost one');
    if (bench.manifest.deletion?.statusPollable === true) {
      const status = await connection.status(found.reference);
      ok(status.state !== 'expired', 'the reference that reconcile found is none');
    }

    // The same people again: the earlier record is claimed and the later request never arrived.
    const again = new Date(bench.clock.now()).toISOString();
    const never = await submitMeeting(bench, { kind: 'reset' }, 'change', 'lost', connection);
    // A vendor that is asked first knows nobody any more: nothing was to be sent.
    if (never.met === undefined) return;
    const absent = await connection.reconcile(never.operation, again, [other, found.reference]);
    ok(absent.found === 'absent', `the vendor never got the operation, but reconcile says ${absent.found}`);
  },

  async D12(bench: Bench) {
    const attemptedAt = new Date(bench.clock.now()).toISOString();
    for (const kind of ['lost', 'reset'] as const) {
      const { connection, operation } = await submitMeeting(bench, { kind }, 'change', kind);
      const before = fingerprint(bench.vendor.state());
      await connection.reconcile(operation, attemptedAt, []);
      ok(fingerprint(bench.vendor.state()) === before, 'reconcile changes something at the vendor');
    }
  },

  async D13(bench: Bench) {
    const { vendor } = bench;
    ok(vendor.advance, 'the vendor stub of a connector with deletion needs `advance`');
    const connection = await bench.connected();
    const reference = await accepted(connection, operationFor(bench, connection, 'followed'));
    let last: OperationState = OperationState.accepted;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const { state } = await connection.status(reference);
      ok(Object.values(OperationState).includes(state), `${state} is not a state`);
      const forward = isFinal(last) ? state === last : (ranks[state] ?? 2) >= (ranks[last] ?? 2);
      ok(forward, `the state goes from ${last} to ${state}`);
      last = state;
      if (!(await vendor.advance())) break;
    }
    const { state } = await connection.status(reference);
    ok(isFinal(state), `the vendor is done, but the state is ${state}`);
  },

  async D14(bench: Bench) {
    const connection = await bench.connected();
    const reference = await accepted(connection, operationFor(bench, connection, 'asked'));
    for (const fault of everyday) {
      bench.gate.meet(fault);
      const outcome = await outcomeOf(connection.status(reference));
      bench.gate.heal();
      const gone =
        fault.kind === 'status' && fault.status === 404 && 'answer' in outcome && outcome.answer.state === 'expired';
      if (gone) continue;
      ok('thrown' in outcome, `${faultName(fault)}: status answers as if it knew`);
      ok(isConnectorFault(outcome.thrown), `${faultName(fault)}: what status throws is not a ConnectorFault`);
    }
  },

  async D17(bench: Bench) {
    const connection = await bench.connected();
    const reference = await accepted(connection, operationFor(bench, connection, 'taken-back'));
    const outcome = await connection.cancel(reference);
    ok(outcome.cancelled, 'a deletion that the vendor has not begun cannot be cancelled');
    if (bench.manifest.deletion?.statusPollable !== true) return;
    const { state } = await connection.status(reference);
    ok(state === 'cancelled', `after cancelling, the state is ${state}`);
  },

  async D18(bench: Bench) {
    const connection = await bench.connected();
    const operation = operationFor(bench, connection, 'waited-for');
    const attemptedAt = new Date(bench.clock.now()).toISOString();
    const reference = await accepted(connection, operation);
    const { deletion } = connection;
    const calls = {
      ...(bench.manifest.deletion?.statusPollable === true
        ? { status: (signal: AbortSignal) => deletion.status(reference, connection.context(signal)) }
        : {}),
      reconcile: (signal: AbortSignal) =>
        deletion.reconcile(connection.keyed(operation), attemptedAt, connection.context(signal), []),
    };
    for (const [name, call] of Object.entries<(signal: AbortSignal) => Promise<unknown>>(calls)) {
      const before = bench.gate.calls.length;
      const outcome = await whileSilent(bench, call);
      bench.gate.heal();
      if ('thrown' in outcome) assertAborted(outcome.thrown);
      // Where the vendor offers no way to tell, nothing is asked and there is nothing to call off.
      else ok(bench.gate.calls.length === before, `${name} was called off and answers as if nothing were`);
    }
  },

  async D19(bench: Bench) {
    const repeatable = bench.manifest.deletion?.repeatable === true;
    const attemptedAt = new Date(bench.clock.now()).toISOString();
    const { connection, operation } = await submitMeeting(bench, { kind: 'lost' }, 'change', 'looked-for');
    for (const fault of everyday) {
      bench.gate.meet(fault);
      const outcome = await outcomeOf(connection.reconcile(operation, attemptedAt, []));
      bench.gate.heal();
      if ('thrown' in outcome) {
        ok(isConnectorFault(outcome.thrown), `${faultName(fault)}: what reconcile throws is not a ConnectorFault`);
        continue;
      }
      const { found } = outcome.answer;
      // That is how some vendors say that they have no such record.
      const unknown = fault.kind === 'status' && fault.status === 404;
      const none = found === 'absent' && (unknown || repeatable);
      ok(none || found === 'not-yet' || found === 'undecidable', `${faultName(fault)}: reconcile answers ${found}`);
    }
    const before = bench.gate.calls.length;
    await connection.reconcile(operation, attemptedAt, []);
    for (const [fault, after] of halfway(bench.gate.calls.length - before)) {
      bench.gate.meet(fault, after);
      const outcome = await outcomeOf(connection.reconcile(operation, attemptedAt, []));
      bench.gate.heal();
      const absent = 'answer' in outcome && outcome.answer.found === 'absent';
      ok(!absent || repeatable, `${meetingName(fault, after)}: reconcile answers absent`);
    }
  },

  async D20(bench: Bench) {
    for (const fault of everyday) {
      const connection = await bench.connected();
      const reference = await accepted(connection, operationFor(bench, connection, 'taken-back'));
      bench.gate.meet(fault);
      const outcome = await outcomeOf(connection.cancel(reference));
      bench.gate.heal();
      if ('thrown' in outcome) {
        ok(isConnectorFault(outcome.thrown), `${faultName(fault)}: what cancel throws is not a ConnectorFault`);
      } else if (outcome.answer.cancelled && bench.manifest.deletion?.statusPollable === true) {
        const { state } = await connection.status(reference);
        ok(state === 'cancelled', `${faultName(fault)}: cancel says that it worked, and the state is ${state}`);
      }
    }
  },

  async D21(bench: Bench) {
    const attemptedAt = new Date(bench.clock.now()).toISOString();
    const { connection, operation, outcome } = await submitMeeting(bench, { kind: 'late' }, 'change', 'on-its-way');
    ok(!outcome.accepted, 'submit says accepted, and nothing has arrived');
    ok(
      outcome.certain === 'unknown',
      'the connection broke while the request was under way, and submit says not taken',
    );
    const first = await connection.lookFor(operation, attemptedAt, []);
    await bench.gate.deliver();
    if (first.found === 'absent') await accepted(connection, operation);
    if (first.found === 'not-yet') {
      const { found } = await connection.reconcile(operation, attemptedAt, []);
      ok(found === 'accepted', `the lost call has arrived in the meantime, but reconcile says ${found}`);
    }
    const got = await erasedBy(bench);
    const erased = [...(bench.manifest.deletion?.repeatable === true ? new Set(got) : got)].sort();
    deepEqual(erased, [...valuesOf(operation.subjects)].sort(), 'the vendor got (first) more than was to be erased');
  },

  async D22(bench: Bench) {
    const connection = await bench.connected();
    const references: string[] = [];
    for (const name of ['one-of-three', 'two-of-three', 'three-of-three']) {
      references.push(await accepted(connection, operationFor(bench, connection, name)));
    }
    const distinct = new Set(references).size;
    ok(
      distinct === references.length || asksFor(bench.manifest, 'shared-references'),
      `${references.length} operations have ${distinct} references, and the manifest does not ask for shared-references`,
    );
  },

  async D23(bench: Bench) {
    const { vendor } = bench;
    ok(vendor.fail, 'give `fail` to the vendor stub, or opt out with a reason');
    const connection = await bench.connected();
    vendor.fail();
    const outcome = await connection.submit(operationFor(bench, connection, 'not-erased'));
    // A vendor that erases at once says so at once.
    if (!outcome.accepted) return;
    if (bench.manifest.deletion?.statusPollable === false) {
      const erased = outcome.result?.some((one) => one.outcome === 'erased') ?? true;
      ok(!erased, 'the vendor says that the deletion failed, and the person counts as erased');
      return;
    }
    for (let step = 0; step < MOST_STEPS && (await vendor.advance?.()) === true; step += 1);
    const { state } = await connection.status(outcome.reference);
    ok(
      state === OperationState.failed || state === OperationState.completedWithExceptions,
      `the vendor says that the deletion failed, and the state is ${state}`,
    );
  },
};
