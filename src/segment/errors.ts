import { ConnectorFault, type FaultData } from 'connector-contract';

/** A fault of a call to Segment, which also knows whether the request may have reached Segment and taken effect. */
export class SegmentFault extends ConnectorFault {
  /** `false` only where Segment certainly did nothing: it refused, or the request never left. */
  readonly mayHaveArrived: boolean;

  constructor(data: FaultData, mayHaveArrived: boolean) {
    super(data);
    this.mayHaveArrived = mayHaveArrived;
  }
}
