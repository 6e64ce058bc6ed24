import { ok } from 'node:assert/strict';
import type { Operation, SubmitOutcome } from '../../deletion.js';
import type { Bench } from '../bench.js';
import type { Connection } from '../connection.js';
import { outcomeOf } from '../deadline.js';
import { plainSubject } from '../subjects.js';
import { faultName, type VendorFault } from '../vendor-fault.js';

/** One operation for one person of that name. */
export function operationFor(bench: Bench, connection: Connection, name: string): Operation {
  const plan = connection.deletion.plan([plainSubject(bench.manifest, name)], connection.config);
  const [operation] = plan.operations;
  ok(operation, 'a subject with an identifier of each kind is not planned');
  return operation;
}

/** Identifier values that the vendor has taken so far. */
export async function erasedBy({ vendor }: Bench): Promise<readonly string[]> {
  ok(vendor.erased, 'the vendor stub of a connector with deletion needs `erased`');
  return vendor.erased();
}

/** A submission that went well. */
export async function accepted(connection: Connection, operation: Operation): Promise<string> {
  const outcome = await connection.submit(operation);
  const problem = outcome.accepted ? '' : `${outcome.fault.code}: ${outcome.fault.message}`;
  ok(outcome.accepted, `the vendor is in order, but submit says ${problem}`);
  ok(outcome.reference !== '', 'the reference is empty');
  return outcome.reference;
}

/** What came of a submission that met a fault, and whether the vendor took it. */
export interface TroubledSubmission {
  readonly connection: Connection;
  readonly operation: Operation;
  readonly outcome: SubmitOutcome;
  readonly taken: boolean;
  /** Requests that went out. */
  readonly requests: number;
}

/** Submits one operation while every request meets the fault; then lets requests through again. */
export async function submitMeeting(
  bench: Bench,
  fault: VendorFault,
  name = 'troubled',
  connection?: Connection,
): Promise<TroubledSubmission> {
  const used = connection ?? (await bench.connected());
  const operation = operationFor(bench, used, name);
  const before = (await erasedBy(bench)).length;
  const calls = bench.gate.calls.length;
  bench.gate.meet(fault);
  const outcome = await outcomeOf(used.submit(operation));
  bench.gate.heal();
  ok('answer' in outcome, `${faultName(fault)}: submit throws`);
  return {
    connection: used,
    operation,
    outcome: outcome.answer,
    taken: (await erasedBy(bench)).length > before,
    requests: bench.gate.calls.length - calls,
  };
}
