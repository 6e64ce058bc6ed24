import { type ConnectorContext, type FaultData, faultData, isConnectorFault } from 'connector-contract';
import type { Finding } from '../permissions.js';
import { discoverGeneration } from '../segment/connect.js';
import { segmentFault } from '../segment/errors.js';
import type { Segment, Workspace } from '../segment/segment.js';
import { namesWorkspace } from '../segment/workspace-name.js';

/** The workspace that the token opens, or what stands in the way, as a fault and as a finding about `workspace-read`. */
export type Discovery =
  | { readonly segment: Segment; readonly workspace: Workspace }
  | { readonly fault: FaultData; readonly finding: Finding };

/**
 * Finds out which generation of the API the token belongs to and which workspace it opens, and compares that with the one named.
 * @throws only when the work was called off or by a defect.
 */
export async function findWorkspace(ctx: ConnectorContext): Promise<Discovery> {
  try {
    const found = await discoverGeneration(ctx);
    const entered = String(ctx.config['workspaceName'] ?? '');
    return namesWorkspace(entered, found.workspace) ? found : obstacle(otherWorkspace(found.workspace));
  } catch (error) {
    if (!isConnectorFault(error) || error.code === 'ABORTED' || error.code === 'CONNECTOR_BUG') throw error;
    return obstacle(faultData(error));
  }
}

function otherWorkspace({ name, slug }: Workspace): FaultData {
  return segmentFault(
    'WORKSPACE_MISMATCH',
    `The API token belongs to the workspace "${name}" (slug "${slug}"), not to the one that was entered.`,
  ).toJSON();
}

/** What is found out before anything is sent. */
const beforeAsking: ReadonlySet<string> = new Set(['CONFIG_INVALID', 'ENDPOINT_NOT_ALLOWED']);

/** Where Segment has answered, the permission is denied; where it has not, nothing is known about it. */
function obstacle(fault: FaultData): Discovery {
  const aboutAccess = fault.kind === 'auth' || fault.kind === 'permission' || fault.kind === 'config';
  const answered = aboutAccess && !beforeAsking.has(fault.code);
  return { fault, finding: { found: answered ? 'denied' : 'unverifiable', fault } };
}
