import { SegmentFault } from '../../src/segment/fault.js';
import { type ContextOptions, faultOf as faultOfKind, type Recorded, recordedContext as recorded } from '../harness.js';

export {
  type ContextOptions,
  everythingOf,
  httpServer,
  NOW,
  PERSON,
  type Recorded,
  TOKEN,
  useLoopback,
} from '../harness.js';

export const publicOrigin = 'https://api.segmentapis.com';
export const euOrigin = 'https://eu1.api.segmentapis.com';
export const configOrigin = 'https://platform.segmentapis.com';

/** A host's context for a connection to Segment. */
export function recordedContext({ config, ...more }: ContextOptions = {}): Recorded {
  return recorded({ ...more, config: { workspaceName: 'acme', region: 'us', api: 'auto', ...config } });
}

/** The fault that a call ends with. */
export const faultOf = (call: Promise<unknown> | (() => unknown)): Promise<SegmentFault> =>
  faultOfKind(SegmentFault, call);

/** All items of a list. */
export async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}
