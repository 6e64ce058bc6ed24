import 'reflect-metadata';
import {
  type CheckReport,
  type Connector,
  type ConnectorContext,
  type Facts,
  faultData,
  type ValidationReport,
} from 'connector-contract';
import { checkReport, faultOfIssue, neededPermissions } from 'connector-kit';
import { injectable } from 'inversify';
import { findWorkspace } from './check/discovery.js';
import { probe } from './check/probes.js';
import { validateConfig } from './config.js';
import { regulationTypeOf } from './detection/regulation-reach.js';
import { ownManifest } from './manifest.js';
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
    const manifest = ownManifest();
    const report = (of: Parameters<typeof checkReport>[2]) => checkReport(manifest, ctx.capabilities, of);
    const { issues } = validateConfig(ctx.config);
    if (issues.length > 0) return report({ problems: issues.map(faultOfIssue) });
    const found = await findWorkspace(ctx);
    if ('fault' in found) return report({ findings: { 'workspace-read': found.finding }, problems: [found.fault] });
    const { segment, workspace } = found;
    const facts = factsOf(ctx, segment.generation, workspace);
    const seen = { 'workspace-read': { found: 'granted' } } as const;
    const type = regulationTypeOf(ctx.config);
    const fault = ctx.capabilities.includes('deletion') ? segment.typeFault(type) : undefined;
    if (fault) return report({ findings: seen, problems: [faultData(fault)], facts });
    const asked = neededPermissions(manifest, ctx.capabilities).filter((id) => id !== 'workspace-read');
    return report({ findings: { ...seen, ...(await probe(segment, type, asked)) }, facts });
  }
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
