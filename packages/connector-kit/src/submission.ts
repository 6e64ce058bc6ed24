import { ConnectorFault, type FaultData, faultData, type NotAccepted, type Operation } from 'connector-contract';
import { faultOf, VendorFault } from './fault.js';
import { operationOf, type Packing, valuesOf } from './packing.js';
import { present } from './present.js';
import { halve, isolate } from './smaller.js';
import { capital } from './verdict.js';

const refusals: ReadonlySet<string> = new Set(['INPUT_REFUSED', 'IDENTIFIER_REFUSED', 'TOO_LARGE']);

/** A submission that did not end well. */
function notAccepted(
  certain: NotAccepted['certain'],
  fault: FaultData,
  { instead = [], quota }: Partial<Pick<NotAccepted, 'instead' | 'quota'>> = {},
): NotAccepted {
  const more = present({ instead: instead.length > 0 ? instead : undefined, quota });
  return { accepted: false, certain, fault: faultData(fault), ...more };
}

/** What follows where no call was made. */
export function notSent(error: unknown): NotAccepted {
  return notAccepted('not-taken', faultOf(error));
}

/** How an operation can be divided. */
export interface Dividing {
  readonly operation: Operation;
  readonly packing: Packing;
  /** The vendor, as it stands within a sentence. */
  readonly vendor: string;
}

/**
 * What follows from whatever a submission met. Pure.
 *
 * An operation that the vendor refuses because of some value is divided, so that the others get through: straight at the value
 * where the vendor names it, in the middle otherwise, until the refused one is alone.
 * @param dividing where operations of this connector can be divided.
 */
export function submissionOutcome(error: unknown, dividing?: Dividing): NotAccepted {
  // Nobody knows how far the call had come.
  if (!(error instanceof VendorFault)) return notAccepted('unknown', faultOf(error));
  const { mayHaveArrived, refusedPart, code } = error;
  const quota = present({ quota: error.quota });
  if (mayHaveArrived) return notAccepted('unknown', error, quota);
  if (dividing === undefined || !refusals.has(code) || refusedPart === undefined) {
    return notAccepted('not-taken', error, quota);
  }
  const { operation, packing, vendor } = dividing;
  const values = valuesOf(operation);
  if (values.length < 2) return notAccepted('not-taken', lastOne(operation, error, vendor), quota);
  const named = refusedPart === 'some' ? undefined : values[refusedPart];
  const instead = named === undefined ? halve(operation, packing) : isolate(operation, named, packing);
  return notAccepted('not-taken', error, { ...quota, instead });
}

function lastOne({ subjects }: Operation, { refusedPart, httpStatus, remedy }: VendorFault, vendor: string): FaultData {
  const kind = subjects[0]?.identifiers[0]?.kind ?? 'unknown kind';
  const Vendor = capital(vendor);
  const correct =
    'Correct that identifier and send it again. The other identifiers of the request are not held up by it.';
  const named = refusedPart !== 'some';
  return ConnectorFault.of(
    'IDENTIFIER_REFUSED',
    named
      ? `${Vendor} refuses identifier 1 of 1 (${kind}) as invalid.`
      : `${Vendor} refuses a request with nothing but identifier 1 of 1 (${kind}) as invalid, and does not say why.`,
    {
      remedy: named
        ? correct
        : `${correct} Where everybody is refused like this, it is not about the identifiers.${remedy ? ` ${remedy}` : ''}`,
      ...present({ httpStatus }),
    },
  );
}

/** Why an operation is not even sent, or `undefined` where it can be. A plan never makes such an operation. */
export function unsendable({ operation, packing, vendor }: Dividing): NotAccepted | undefined {
  // Counted and weighed anew: what it says of itself decides nothing.
  const { identifierCount, bytes } = operationOf(operation.subjects, packing);
  const { maxIdentifiers, maxBytes } = packing.limits;
  if (identifierCount === 0)
    return notSent(ConnectorFault.of('IDENTIFIER_MISSING', 'The operation holds no identifier.'));
  if (identifierCount <= maxIdentifiers && bytes <= maxBytes) return undefined;
  const fault = ConnectorFault.of('TOO_LARGE', `The operation holds more than ${vendor} takes at once.`);
  return notAccepted('not-taken', fault, { instead: halve(operation, packing) });
}
