import { ConnectorFault, type FaultCode, type FaultData, faultCodes, type QuotaReading } from 'connector-contract';
import { present } from '../present.js';
import { type SegmentCodeFacts, type SegmentFaultCode, segmentAdvice, segmentFaultCodes } from './fault-codes.js';

/** What a {@link SegmentFault} knows beyond what crosses the boundary to the host. */
export interface SegmentFaultDetail {
  /** What the refusal of a creation said about the regulation quota. */
  readonly quota?: QuotaReading;
  /** The part of the request that Segment refused, such as `subjectIds[17]`: only names this connector sends itself. */
  readonly refusedField?: string;
  /** Segment's words about the refusal speak of the values that were sent. */
  readonly refusedValues?: true;
  /** The answer was larger than this client takes: asking for less may help. */
  readonly answerTooLarge?: true;
}

/** A fault of a call to Segment, which also knows whether the request may have reached Segment and taken effect. */
export class SegmentFault extends ConnectorFault implements SegmentFaultDetail {
  /** `false` only where Segment certainly did nothing: it refused, the request never left, or the call only reads. */
  readonly mayHaveArrived: boolean;
  readonly quota?: QuotaReading;
  readonly refusedField?: string;
  readonly refusedValues?: true;
  readonly answerTooLarge?: true;

  constructor(data: FaultData, mayHaveArrived: boolean, detail: SegmentFaultDetail = {}) {
    super(data);
    this.mayHaveArrived = mayHaveArrived;
    Object.assign(this, detail);
  }
}

/** What can be said about a fault beside its code and message; the rest follows from the code. */
export interface SegmentFaultOptions extends Partial<Omit<FaultData, 'code' | 'message'>>, SegmentFaultDetail {
  /** Default `false`. */
  readonly mayHaveArrived?: boolean;
}

function isOwnCode(code: SegmentFaultCode): code is keyof typeof segmentFaultCodes {
  return Object.hasOwn(segmentFaultCodes, code);
}

function factsOf(code: SegmentFaultCode): Pick<FaultData, 'kind' | 'retryable' | 'remedy' | 'field'> {
  if (isOwnCode(code)) {
    const { kind, retryable, remedy, field }: SegmentCodeFacts = segmentFaultCodes[code];
    return { kind, retryable, remedy, ...(field === undefined ? {} : { field }) };
  }
  const { kind, retryable } = faultCodes[code satisfies FaultCode];
  return { kind, retryable, ...segmentAdvice[code] };
}

/**
 * A fault with one of this connector's codes: kind, retryability, remedy and field follow from the code unless given.
 * @param message our own words: never the vendor's, never with an identifier or the token in it.
 */
export function segmentFault(code: SegmentFaultCode, message: string, options: SegmentFaultOptions = {}): SegmentFault {
  const { mayHaveArrived = false, quota, refusedField, refusedValues, answerTooLarge, ...data } = options;
  const detail = present({ quota, refusedField, refusedValues, answerTooLarge });
  return new SegmentFault({ ...factsOf(code), code, message, ...data }, mayHaveArrived, detail);
}
