import { ConnectorFault, type FaultCode } from 'connector-contract';
import { remedies } from './refusals.js';

/** What a fault can carry besides its code and message. */
interface Detail {
  readonly httpStatus?: number;
  readonly retryAfterMs?: number;
}

/** A fault that knows whether the vendor may have got the request. */
export class VendorFault extends ConnectorFault {
  readonly mayHaveArrived: boolean;

  constructor(code: FaultCode, message: string, mayHaveArrived: boolean, detail: Detail = {}) {
    const remedy = remedies[code];
    super(ConnectorFault.of(code, message, { ...detail, ...(remedy === undefined ? {} : { remedy }) }).toJSON());
    this.mayHaveArrived = mayHaveArrived;
  }
}
