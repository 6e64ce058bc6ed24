import { ConnectorFault, type FaultCode, type FaultData, faultCodes } from 'connector-contract';
import { advice, type OpenDsrFaultCode, type OwnCodeFacts, ownFaultCodes } from './fault-codes.js';

/** A fault of a call to a processor, which also knows whether the call may have changed something there. */
export class OpenDsrFault extends ConnectorFault {
  /** `false` only where the processor certainly did nothing: it refused, the call never left, or it only reads. */
  readonly mayHaveArrived: boolean;

  constructor(data: FaultData, mayHaveArrived: boolean) {
    super(data);
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** What can be said about a fault beside its code and message; the rest follows from the code. */
export interface OpenDsrFaultOptions extends Partial<Omit<FaultData, 'code' | 'message'>> {
  /** Default `false`. */
  readonly mayHaveArrived?: boolean;
}

function isOwn(code: OpenDsrFaultCode): code is keyof typeof ownFaultCodes {
  return Object.hasOwn(ownFaultCodes, code);
}

function factsOf(code: OpenDsrFaultCode): Pick<FaultData, 'kind' | 'retryable' | 'remedy' | 'field'> {
  if (isOwn(code)) {
    const { kind, retryable, remedy, field }: OwnCodeFacts = ownFaultCodes[code];
    return { kind, retryable, remedy, ...(field === undefined ? {} : { field }) };
  }
  const { kind, retryable } = faultCodes[code satisfies FaultCode];
  return { kind, retryable, ...advice[code] };
}

/**
 * A fault with one of this connector's codes.
 * @param message our own words: never the processor's, never with an identifier or a credential in it.
 */
export function openDsrFault(code: OpenDsrFaultCode, message: string, options: OpenDsrFaultOptions = {}): OpenDsrFault {
  const { mayHaveArrived = false, ...data } = options;
  return new OpenDsrFault({ ...factsOf(code), code, message, ...data }, mayHaveArrived);
}
