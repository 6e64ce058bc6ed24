import { ok } from 'node:assert/strict';
import type { Operation, SubmitOutcome } from '../../deletion.js';
import type { Bench } from '../bench.js';
import type { Connection } from '../connection.js';
import { outcomeOf } from '../deadline.js';
import type { VendorCall } from '../gate.js';
import { plainSubject } from '../subjects.js';
import { everyday, type Meeting, meetingName, positions, type VendorFault } from '../vendor-fault.js';

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

/** What came of a submission, and whether the vendor took it. */
export interface Submission {
  readonly connection: Connection;
  readonly operation: Operation;
  readonly outcome: SubmitOutcome;
  readonly taken: boolean;
  /** Requests that went out. */
  readonly calls: readonly VendorCall[];
}

/** A submission that met a fault. */
export interface TroubledSubmission extends Submission {
  /** The first request that met the fault, if one did. */
  readonly met: VendorCall | undefined;
  /** Fault and place, in a few words. */
  readonly when: string;
}

/** Submits one operation while requests meet the fault; then lets them through again. */
export async function submitMeeting(
  bench: Bench,
  fault: VendorFault,
  at: Meeting = 0,
  name = 'troubled',
  connection?: Connection,
): Promise<TroubledSubmission> {
  const used = connection ?? (await bench.connected());
  const when = meetingName(fault, at);
  bench.gate.meet(fault, at);
  const submission = await submitted(bench, used, name, when);
  return { ...submission, met: bench.gate.met, when };
}

async function submitted(bench: Bench, connection: Connection, name: string, when: string): Promise<Submission> {
  const operation = operationFor(bench, connection, name);
  const before = (await erasedBy(bench)).length;
  const calls = bench.gate.calls.length;
  const outcome = await outcomeOf(connection.submit(operation));
  bench.gate.heal();
  ok('answer' in outcome, `${when}: submit throws`);
  return {
    connection,
    operation,
    outcome: outcome.answer,
    taken: (await erasedBy(bench)).length > before,
    calls: bench.gate.calls.slice(calls),
  };
}

const usual = new WeakMap<Bench, Promise<Submission>>();
const troubled = new WeakMap<Bench, Promise<readonly TroubledSubmission[]>>();

/** A submission where all is well, by which several rules know how many requests one makes. It is made once. */
export function usualSubmission(bench: Bench): Promise<Submission> {
  return once(usual, bench, async () => submitted(bench, await bench.connected(), 'usual', 'all is well'));
}

/** Submissions that met the faults of every day, each fault at each of the requests. They are made once. */
export function troubledSubmissions(bench: Bench): Promise<readonly TroubledSubmission[]> {
  return once(troubled, bench, async () => {
    const made: TroubledSubmission[] = [];
    const { calls } = await usualSubmission(bench);
    for (const after of positions(calls.length)) {
      for (const fault of everyday) made.push(await submitMeeting(bench, fault, after));
    }
    return made;
  });
}

function once<Made>(kept: WeakMap<Bench, Promise<Made>>, bench: Bench, make: () => Promise<Made>): Promise<Made> {
  const made = kept.get(bench) ?? make();
  kept.set(bench, made);
  return made;
}
