import {
  type ConnectorContext,
  type DeletionCapability,
  type DeletionPlan,
  faultData,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
  type Subject,
  type SubmitOutcome,
} from 'connector-contract';
import { bodyOf, operationFor, planFor } from './plan.js';
import { callVendor } from './vendor-api.js';
import { VendorFault } from './vendor-fault.js';

/** The vendor's words for how far an erasure is. */
const states = { queued: 'accepted', running: 'processing', done: 'completed', failed: 'failed' } as const;

/** Erases people at the vendor. */
export class MyDeletion implements DeletionCapability {
  plan(subjects: readonly Subject[]): DeletionPlan {
    return planFor(subjects);
  }

  async submit(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome> {
    try {
      const body = { key: operation.key ?? '', ...bodyOf(operation.subjects) };
      return { accepted: true, reference: referenceIn(await callVendor(ctx, 'POST', '/erasures', body)) };
    } catch (caught) {
      if (!(caught instanceof VendorFault)) throw caught;
      const certain = caught.mayHaveArrived ? 'unknown' : 'not-taken';
      const parts = caught.code === 'INPUT_REFUSED' ? smaller(operation) : [];
      return { accepted: false, certain, fault: faultData(caught), ...(parts.length === 0 ? {} : { instead: parts }) };
    }
  }

  /**
   * The vendor keeps the key that an erasure came with, so the lost one is found by it. A lost call may still be under way: to say
   * "absent" at once is right because the vendor takes the same key for the same erasure. One that does not needs `not-yet` first.
   */
  async reconcile(operation: Operation, _attemptedAt: string, ctx: ConnectorContext): Promise<ReconcileOutcome> {
    const answer = await callVendor(ctx, 'GET', `/erasures?key=${encodeURIComponent(operation.key ?? '')}`);
    const found = answer['erasures'];
    if (!Array.isArray(found)) throw unreadable('there is no list of erasures');
    return found.length === 0 ? { found: 'absent' } : { found: 'accepted', reference: referenceIn(Object(found[0])) };
  }

  async status(reference: string, ctx: ConnectorContext): Promise<OperationStatus> {
    const vendorState = String((await callVendor(ctx, 'GET', `/erasures/${encodeURIComponent(reference)}`))['state']);
    if (!(vendorState in states)) throw unreadable('it names a state that is not known');
    const state = states[vendorState as keyof typeof states];
    const exceptions =
      state === 'failed' ? [{ system: 'My Connector', reason: 'The vendor says that it failed.' }] : [];
    return { state, vendorState, destinations: [], exceptions };
  }
}

/** Halves of an operation that was refused because of a part; nothing where a single identifier is left. */
function smaller({ subjects }: Operation): readonly Operation[] {
  const single = subjects.flatMap(({ id, identifiers }) => identifiers.map((one) => ({ id, identifiers: [one] })));
  const pieces = subjects.length > 1 ? subjects : single;
  if (pieces.length < 2) return [];
  const middle = pieces.length >> 1;
  return [operationFor(pieces.slice(0, middle)), operationFor(pieces.slice(middle))];
}

function referenceIn(answer: Readonly<Record<string, unknown>>): string {
  const id = answer['id'];
  if (typeof id !== 'string' || id === '') throw unreadable('there is no id');
  return id;
}

function unreadable(why: string): VendorFault {
  return new VendorFault('VENDOR_ANSWER_UNREADABLE', `The answer of the vendor cannot be read: ${why}.`, true);
}
