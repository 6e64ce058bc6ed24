import type { ConnectorConfig } from 'connector-contract';
import { RegulationType } from '../segment/segment.js';

const types: ReadonlySet<unknown> = new Set(Object.values(RegulationType));

function isRegulationType(value: unknown): value is RegulationType {
  return types.has(value);
}

/** The regulation type that a connection uses: the one chosen, else `SUPPRESS_WITH_DELETE`. */
export function regulationTypeOf(config: ConnectorConfig): RegulationType {
  const chosen = config['regulationType'];
  return isRegulationType(chosen) ? chosen : RegulationType.suppressWithDelete;
}

/** Whether regulations of this type leave Segment; the two `..._INTERNAL` types are for Segment's own stores. */
export function leavesSegment(type: RegulationType): boolean {
  return type === RegulationType.suppressWithDelete || type === RegulationType.deleteOnly;
}

/** Whether Segment also takes no more data about the person from then on. */
export function suppresses(type: RegulationType): boolean {
  return type === RegulationType.suppressWithDelete || type === RegulationType.suppressWithDeleteInternal;
}
