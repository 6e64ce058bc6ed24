import type { Adapters, FoundWorkspace } from './adapters.js';
import { isFault, SegmentFault, segmentFault } from './fault.js';
import type { Workspace } from './segment.js';
import { looksLikeSlug, namesWorkspace } from './workspace-name.js';

async function bySlug(adapters: Adapters, slug: string): Promise<FoundWorkspace | SegmentFault> {
  const segment = adapters.configApi(slug);
  try {
    return { segment, workspace: await segment.workspace() };
  } catch (fault) {
    // What is said of a workspace that is not the token's own.
    if (isFault(fault, 'WORKSPACE_NOT_FOUND', 'PERMISSION_MISSING')) return fault;
    throw fault;
  }
}

async function visibleTo(adapters: Adapters, before: SegmentFault | undefined): Promise<readonly Workspace[]> {
  const workspaces: Workspace[] = [];
  try {
    for await (const workspace of adapters.configApiWorkspaces()) workspaces.push(workspace);
    return workspaces;
  } catch (fault) {
    // A token that may not list says nothing new; what was found out before is the better answer.
    throw isFault(fault, 'PERMISSION_MISSING', 'NOT_FOUND', 'NOT_SUPPORTED') ? (before ?? fault) : fault;
  }
}

function noneOf(workspaces: readonly Workspace[]): SegmentFault {
  const names = workspaces.slice(0, 3).map(({ name, slug }) => `"${name}" (slug "${slug}")`);
  if (names.length === 0) {
    return segmentFault('WORKSPACE_NOT_FOUND', 'The Config API shows this API token no workspace at all.');
  }
  return segmentFault(
    'WORKSPACE_MISMATCH',
    `The API token belongs to ${names.join(', ')}${workspaces.length > 3 ? ' and others' : ''}, not to the workspace that was entered.`,
  );
}

/**
 * The workspace that was entered, in the Config API, which takes slugs only: asked for as a slug, then looked for by name and id
 * among the workspaces that the token may see.
 * @throws SegmentFault `WORKSPACE_MISMATCH` (says whose the token is), `WORKSPACE_NOT_FOUND`, or why Segment could not be asked.
 */
export async function findConfigWorkspace(adapters: Adapters, entered: string): Promise<FoundWorkspace> {
  const direct = looksLikeSlug(entered) ? await bySlug(adapters, entered) : undefined;
  if (direct !== undefined && !(direct instanceof SegmentFault)) return direct;
  const workspaces = await visibleTo(adapters, direct);
  const named = workspaces.find((workspace) => namesWorkspace(entered, workspace));
  if (named === undefined) throw noneOf(workspaces);
  return { segment: adapters.configApi(named.slug), workspace: named };
}
