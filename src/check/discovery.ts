import { type ConnectorContext, type FaultData, faultData, isConnectorFault } from 'connector-contract';
import { type Finding, findingOf } from 'connector-kit';
import { discoverGeneration } from '../segment/connect.js';
import { type SegmentFault, segmentFault } from '../segment/fault.js';
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
    if (namesWorkspace(entered, found.workspace)) return found;
    throw otherWorkspace(found.workspace);
  } catch (error) {
    const finding = findingOf(error);
    if (!isConnectorFault(error)) throw error;
    return { fault: faultData(error), finding };
  }
}

function otherWorkspace({ name, slug }: Workspace): SegmentFault {
  return segmentFault(
    'WORKSPACE_MISMATCH',
    `The API token belongs to the workspace "${name}" (slug "${slug}"), not to the one that was entered.`,
  );
}
