import { faultData, isConnectorFault } from 'connector-contract';
import type { Finding, Findings, PermissionId } from '../permissions.js';
import type { RegulationType, Segment } from '../segment/segment.js';

/** An id that no regulation has: asking for it needs the permission and can find nobody. */
const noRegulation = 'connection-check';

const asks: Record<PermissionId, (segment: Segment, type: RegulationType) => Promise<Finding>> = {
  'workspace-read': async (segment) => {
    await segment.workspace();
    return { found: 'granted' };
  },
  'regulations-write': async (segment, type) => ({ found: await segment.mayRegulate(type) }),
  'regulations-read': async (segment) => {
    await segment.regulation(noRegulation);
    return { found: 'granted' };
  },
  'sources-read': async (segment) => firstOf(segment.sources()),
  'destinations-read': async (segment) => ({
    found: (await segment.probeDestinations()) ? 'granted' : 'nothing-to-ask',
  }),
  'warehouses-read': async (segment) =>
    segment.further ? firstOf(segment.further.warehouses()) : { found: 'not-offered' },
};

/** The Public API answers 401 to a good token without the permission; the token was seen to work before. */
const withoutPermission: ReadonlySet<string> = new Set(['PERMISSION_MISSING', 'READ_ONLY_TOKEN', 'UNAUTHENTICATED']);

/**
 * Asks Segment about each permission, side by side, and changes nothing there.
 * @param segment a connection whose token is known to work.
 * @param type what deletions of the connection would be.
 * @throws only when the work was called off or by a defect: every other trouble is a finding.
 */
export async function probe(
  segment: Segment,
  type: RegulationType,
  permissions: readonly PermissionId[],
): Promise<Findings> {
  const found = await Promise.all(permissions.map(async (id) => [id, await ask(segment, type, id)] as const));
  return Object.fromEntries(found);
}

async function ask(segment: Segment, type: RegulationType, id: PermissionId): Promise<Finding> {
  try {
    return await asks[id](segment, type);
  } catch (error) {
    if (!isConnectorFault(error) || error.code === 'ABORTED' || error.code === 'CONNECTOR_BUG') throw error;
    if (withoutPermission.has(error.code)) return { found: 'denied' };
    if (error.code === 'PLAN_WITHOUT_API') return { found: 'denied', fault: faultData(error) };
    // An id that Segment calls malformed was looked at, and so the token was let through.
    if (id === 'regulations-read' && error.code === 'INPUT_REFUSED') return { found: 'granted' };
    return { found: 'unverifiable', fault: faultData(error) };
  }
}

/** One page is enough to see that the list may be read. */
async function firstOf(list: AsyncIterable<unknown>): Promise<Finding> {
  for await (const _ of list) break;
  return { found: 'granted' };
}
