import 'reflect-metadata';
import {
  type CheckReport,
  type Connector,
  type ConnectorContext,
  ConnectorFault,
  type Facts,
  type FaultData,
  type FieldIssue,
  faultData,
  type ValidationReport,
} from 'connector-contract';
import { injectable } from 'inversify';
import { findWorkspace } from './check/discovery.js';
import { probe } from './check/probes.js';
import { validateConfig } from './config.js';
import { regulationTypeOf } from './detection/regulation-reach.js';
import { declaredPermissions, type Findings, isNeeded, judgePermissions, judgeStatus } from './permissions.js';
import type { Generation, Workspace } from './segment/segment.js';

/** Segment Config as a connector: judges a configuration and tests a connection. */
@injectable()
export class SegmentConnector implements Connector {
  validate(config: unknown): ValidationReport {
    return validateConfig(config);
  }

  /**
   * Finds the API generation and the workspace of the token, then asks about each permission that the switched-on capabilities need.
   * Only reads, but for one dry run: a regulation of a kind that does not exist and about nobody, which Segment cannot take.
   */
  async check(ctx: ConnectorContext): Promise<CheckReport> {
    const { issues } = validateConfig(ctx.config);
    if (issues.length > 0) return reportOf(ctx, {}, issues.map(faultOf));
    const found = await findWorkspace(ctx);
    if ('fault' in found) return reportOf(ctx, { 'workspace-read': found.finding }, [found.fault]);
    const { segment, workspace } = found;
    const facts = factsOf(ctx, segment.generation, workspace);
    const type = regulationTypeOf(ctx.config);
    const fault = ctx.capabilities.includes('deletion') ? segment.typeFault(type) : undefined;
    if (fault) return reportOf(ctx, { 'workspace-read': { found: 'granted' } }, [faultData(fault)], facts);
    const asked = declaredPermissions.filter((one) => one.id !== 'workspace-read' && isNeeded(one, ctx.capabilities));
    const findings = await probe(
      segment,
      type,
      asked.map(({ id }) => id),
    );
    return reportOf(ctx, { 'workspace-read': { found: 'granted' }, ...findings }, [], facts);
  }
}

function faultOf({ field, message, remedy }: FieldIssue): FaultData {
  return ConnectorFault.of('CONFIG_INVALID', message, { field, ...(remedy === undefined ? {} : { remedy }) }).toJSON();
}

function reportOf(
  ctx: ConnectorContext,
  findings: Findings,
  problems: readonly FaultData[],
  facts: Facts = {},
): CheckReport {
  const permissions = judgePermissions(findings, ctx.capabilities);
  return { status: judgeStatus(permissions, problems), permissions, problems, facts };
}

function factsOf({ config }: ConnectorContext, api: Generation, { id, slug, name }: Workspace): Facts {
  return {
    // What the quota belongs to, whichever connection and generation spends it.
    account: id ?? slug,
    api,
    region: config['region'] ?? 'us',
    ...(id === undefined ? {} : { workspaceId: id }),
    workspaceSlug: slug,
    workspaceName: name,
  };
}
