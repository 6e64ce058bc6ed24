import {
  ConnectorFault,
  type FaultData,
  faultData,
  type NotAccepted,
  type Operation,
  type QuotaReading,
} from 'connector-contract';
import { SegmentFault } from '../segment/errors.js';
import { batchLimits, identifierOf, valuesOf } from './operation.js';
import { halves, isolated } from './smaller.js';

function notAccepted(
  certain: NotAccepted['certain'],
  fault: FaultData,
  more: { instead?: readonly Operation[]; quota?: QuotaReading | undefined } = {},
): NotAccepted {
  const { instead, quota } = more;
  return {
    accepted: false,
    certain,
    fault: faultData(fault),
    ...(instead && instead.length > 0 ? { instead } : {}),
    ...(quota === undefined ? {} : { quota }),
  };
}

/** Why an operation is not even sent, or `undefined` where it can be. A plan never makes such an operation. */
export function unsendable(operation: Operation): NotAccepted | undefined {
  if (operation.identifierCount === 0) {
    return notAccepted('not-taken', ConnectorFault.of('IDENTIFIER_MISSING', 'The operation holds no identifier.'));
  }
  if (operation.identifierCount <= batchLimits.maxIdentifiers && operation.bytes <= batchLimits.maxBytes)
    return undefined;
  const fault = ConnectorFault.of('TOO_LARGE', 'The operation holds more than Segment takes at once.');
  return notAccepted('not-taken', fault, { instead: halves(operation) });
}

const namesIdentifiers = /(?:subjectIds|values)(?:\[(\d+)\]|\.(\d+))?$/;

/**
 * Which of the values the refusal is about: a place among them, `any` where it does not say which, `none` where it is about something
 * else, or says nothing that could be about a value: dividing would then only send the same refusal to each person apart.
 */
function refusedPlace({ code, refusedField, refusedValues }: SegmentFault): number | 'any' | 'none' {
  if (refusedField === undefined) return code === 'TOO_LARGE' || refusedValues ? 'any' : 'none';
  const match = namesIdentifiers.exec(refusedField);
  if (!match) return 'none';
  const place = match[1] ?? match[2];
  return place === undefined ? 'any' : Number(place);
}

const refusals: ReadonlySet<string> = new Set(['INPUT_REFUSED', 'IDENTIFIER_REFUSED', 'TOO_LARGE']);

function lastOne(operation: Operation, value: string | undefined, fault: SegmentFault): NotAccepted {
  const kind = value === undefined ? undefined : identifierOf(operation, value)?.kind;
  const named = fault.refusedField !== undefined;
  const refused = ConnectorFault.of(
    'IDENTIFIER_REFUSED',
    named
      ? `Segment refuses identifier 1 of 1 (${kind ?? 'unknown kind'}) as invalid.`
      : `Segment refuses a request with nothing but identifier 1 of 1 (${kind ?? 'unknown kind'}) as invalid, and does not say why.`,
    {
      remedy: named
        ? 'Correct that identifier and send it again. The other identifiers of the request are not held up by it.'
        : 'Correct that identifier and send it again. Where everybody is refused like this, it is not about the identifiers: test the connection, and look at the Regulation Type under Advanced.',
      ...(fault.httpStatus === undefined ? {} : { httpStatus: fault.httpStatus }),
    },
  );
  return notAccepted('not-taken', refused, { quota: fault.quota });
}

function dividedAt(place: number | 'any', values: readonly string[], operation: Operation): Operation[] {
  const named = typeof place === 'number' ? values[place] : undefined;
  return named === undefined ? halves(operation) : isolated(operation, named);
}

/**
 * What follows from a fault of a creation. Pure.
 *
 * An operation that Segment refuses as invalid because of some identifier is divided, so that the others get through: straight
 * at the identifier where Segment names it, in the middle otherwise, until the refused one is alone.
 */
export function submissionFault(operation: Operation, fault: SegmentFault): NotAccepted {
  const { quota, mayHaveArrived } = fault;
  if (mayHaveArrived) return notAccepted('unknown', fault, { quota });
  const place = refusedPlace(fault);
  if (!refusals.has(fault.code) || place === 'none') return notAccepted('not-taken', fault, { quota });
  const values = valuesOf(operation);
  if (values.length < 2) return lastOne(operation, values[0], fault);
  return notAccepted('not-taken', fault, { quota, instead: dividedAt(place, values, operation) });
}

/** What follows from anything else that was thrown: nobody knows how far the call had come. */
export function submissionDefect(): NotAccepted {
  const fault = ConnectorFault.of(
    'CONNECTOR_BUG',
    'The submission failed for a reason that the connector does not understand.',
  );
  return notAccepted('unknown', fault);
}

/** What follows where no call was made at all. */
export function notSent(error: unknown): NotAccepted {
  const known = error instanceof SegmentFault;
  return notAccepted(
    'not-taken',
    known ? error : ConnectorFault.of('CONNECTOR_BUG', 'The submission could not be prepared.'),
  );
}
