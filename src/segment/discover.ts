import type { ConnectorContext } from 'connector-contract';
import { Adapters, type FoundWorkspace } from './adapters.js';
import { type Connection, connectionOf } from './connection.js';
import { endpointsFor, Region } from './endpoints.js';
import { SegmentFault, segmentFault } from './fault.js';
import { findConfigWorkspace } from './find-config-workspace.js';
import { apiName, Generation } from './segment.js';
import { namesWorkspace } from './workspace-name.js';

type Attempt = { readonly found: FoundWorkspace } | { readonly fault: SegmentFault };

// Faults by which a generation says "I do not take this token", so that it is worth asking elsewhere whose it is.
const notTaken: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'PERMISSION_MISSING']);

// Faults by which a generation shows that it knows the token.
const known: ReadonlySet<string> = new Set(['PLAN_WITHOUT_API', 'WORKSPACE_MISMATCH', 'WORKSPACE_NOT_FOUND']);

async function attempt(find: () => Promise<FoundWorkspace>): Promise<Attempt> {
  try {
    return { found: await find() };
  } catch (fault) {
    if (!(fault instanceof SegmentFault) || fault.code === 'ABORTED') throw fault;
    return { fault };
  }
}

function generationsInTurn(ctx: ConnectorContext, { api }: Connection): readonly [Generation, Generation] {
  const first = api === 'auto' ? ctx.facts['api'] : api;
  return first === Generation.config ? ['config', 'public'] : ['public', 'config'];
}

async function otherRegion(adapters: Adapters, { region, elsewhere }: Connection): Promise<Region | undefined> {
  if (elsewhere) return undefined;
  for (const other of Object.values(Region).filter((one) => one !== region)) {
    const segment = adapters.publicApi(endpointsFor(other).public);
    const tried = await attempt(async () => ({ segment, workspace: await segment.workspace() }));
    if ('found' in tried || known.has(tried.fault.code)) return other;
  }
  return undefined;
}

function judgement(first: SegmentFault, second: SegmentFault, chosen: boolean, [one, two]: readonly Generation[]) {
  const [asked, other] = [apiName[one ?? 'public'], apiName[two ?? 'config']];
  if (known.has(second.code)) return chosen ? wrongGeneration(other) : second;
  if (first.code !== 'UNAUTHENTICATED') return first;
  if (second.code === 'UNAUTHENTICATED') {
    return segmentFault('UNAUTHENTICATED', `Neither the ${asked} nor the ${other} accepts the API token.`, {
      httpStatus: 401,
    });
  }
  if (second.code === 'PERMISSION_MISSING') return second;
  return segmentFault(
    'UNAUTHENTICATED',
    `The ${asked} does not accept the API token, and the ${other} could not be asked (${second.code}).`,
    { httpStatus: 401 },
  );
}

function wrongGeneration(other: string): SegmentFault {
  return segmentFault('WRONG_GENERATION', `The API token belongs to the ${other}.`);
}

/**
 * Finds out which generation of the API takes the token, and which workspace it opens. Only reads.
 *
 * The generation that the configuration names, or that an earlier check found, is asked first, else the Public API. Where it does
 * not take the token, the other one and the other region are asked too, to say what is wrong with it. Trouble that says nothing
 * about the token (unreachable, an error of Segment's) ends the search: another answer would be a guess.
 * @throws SegmentFault `UNAUTHENTICATED`, `WRONG_REGION`, `WRONG_GENERATION`, `PLAN_WITHOUT_API`, `WORKSPACE_NOT_FOUND`,
 * `WORKSPACE_MISMATCH` (Config API; the Public API's workspace is for the caller to compare), or what kept Segment from being asked.
 */
export async function discoverGeneration(ctx: ConnectorContext): Promise<FoundWorkspace> {
  const connection = connectionOf(ctx);
  const adapters = new Adapters(ctx, connection);
  const turn = generationsInTurn(ctx, connection);
  const find: Record<Generation, () => Promise<FoundWorkspace>> = {
    public: async () => {
      const segment = adapters.publicApi();
      return { segment, workspace: await segment.workspace() };
    },
    config: () => findConfigWorkspace(adapters, connection.workspaceName),
  };
  const first = await attempt(find[turn[0]]);
  if ('found' in first) return first.found;
  if (!notTaken.has(first.fault.code)) throw first.fault;
  const second = await attempt(find[turn[1]]);
  if ('found' in second) {
    if (connection.api === 'auto') return second.found;
    throw wrongGeneration(apiName[turn[1]]);
  }
  const region = await otherRegion(adapters, connection);
  if (region !== undefined) {
    throw segmentFault('WRONG_REGION', `The API token belongs to a workspace in the ${region.toUpperCase()} region.`);
  }
  throw judgement(first.fault, second.fault, connection.api !== 'auto', turn);
}

/**
 * The same, and the workspace is the one that was entered.
 * @throws SegmentFault the same, and `WORKSPACE_MISMATCH`.
 */
export async function findWorkspace(ctx: ConnectorContext): Promise<FoundWorkspace> {
  const found = await discoverGeneration(ctx);
  const { name, slug } = found.workspace;
  if (namesWorkspace(connectionOf(ctx).workspaceName, found.workspace)) return found;
  throw segmentFault(
    'WORKSPACE_MISMATCH',
    `The API token belongs to the workspace "${name}" (slug "${slug}"), not to the one that was entered.`,
  );
}
