import { type Connector, type ConnectorContext, type Facts, faultData } from 'connector-contract';
import { type Checked, connectorOf, endedBy, neededPermissions, present } from 'connector-kit';
import { probe } from './check/probes.js';
import { validateConfig } from './config.js';
import { regulationTypeOf } from './detection/regulation-reach.js';
import { ownManifest } from './manifest.js';
import type { FoundWorkspace } from './segment/adapters.js';
import { findWorkspace } from './segment/discover.js';
import type { Segment, Workspace } from './segment/segment.js';

/** Segment Config as a connector: judges a configuration and tests a connection. */
export function segmentConnector(): Connector {
  return connectorOf(ownManifest, check, validateConfig);
}

/**
 * Finds the API generation and the workspace of the token, then asks about each permission that the switched-on capabilities need.
 * Only reads, but for one dry run: a regulation of a kind that does not exist and about nobody, which Segment cannot take.
 */
async function check(ctx: ConnectorContext): Promise<Checked> {
  let found: FoundWorkspace;
  try {
    found = await findWorkspace(ctx);
  } catch (error) {
    return endedBy(error, 'workspace-read');
  }
  const { segment, workspace } = found;
  const facts = factsOf(ctx, segment, workspace);
  const seen = { 'workspace-read': { found: 'granted' } } as const;
  const type = regulationTypeOf(ctx.config);
  const fault = ctx.capabilities.includes('deletion') ? segment.typeFault(type) : undefined;
  if (fault) return { findings: seen, problems: [faultData(fault)], facts };
  const asked = neededPermissions(ownManifest(), ctx.capabilities).filter((id) => id !== 'workspace-read');
  return { findings: { ...seen, ...(await probe(segment, type, asked)) }, facts };
}

function factsOf(ctx: ConnectorContext, { generation }: Segment, workspace: Workspace): Facts {
  const { id, slug, name } = workspace;
  return present({
    // What the quota belongs to, whichever connection and generation spends it.
    account: knownAs(ctx.facts, workspace) ?? id ?? slug,
    api: generation,
    region: ctx.config['region'] ?? 'us',
    workspaceId: id,
    workspaceSlug: slug,
    workspaceName: name,
  });
}

/**
 * What an earlier check called the same workspace, where one of the two was told no id, as the Config API may leave it out: the slug
 * tells then.
 */
function knownAs({ account, workspaceId, workspaceSlug }: Facts, { id, slug }: Workspace): Facts[string] | undefined {
  const withoutId = workspaceId === undefined || id === undefined;
  return withoutId && workspaceSlug === slug ? account : undefined;
}
