import type { Capability, CheckReport, FaultData, PermissionOutcome } from 'connector-contract';
import { segmentFaultCodes } from './segment/errors.js';

/** A permission as the manifest declares it, with the words for what a token may do with it. */
export interface DeclaredPermission {
  readonly id: PermissionId;
  /** What needs it: `base` always, a capability only where it is switched on. */
  readonly neededFor: 'base' | Capability;
  readonly required: boolean;
  /** Completes "The token may ...". */
  readonly action: string;
}

/** The ids of the manifest's permissions. */
export type PermissionId =
  | 'workspace-read'
  | 'regulations-write'
  | 'regulations-read'
  | 'sources-read'
  | 'destinations-read'
  | 'warehouses-read';

/** The manifest's permissions, in its order. */
export const declaredPermissions: readonly DeclaredPermission[] = [
  { id: 'workspace-read', neededFor: 'base', required: true, action: 'read the workspace' },
  { id: 'regulations-write', neededFor: 'deletion', required: true, action: 'create regulations' },
  { id: 'regulations-read', neededFor: 'deletion', required: true, action: 'read regulations' },
  { id: 'sources-read', neededFor: 'system-detection', required: true, action: 'list sources' },
  { id: 'destinations-read', neededFor: 'system-detection', required: true, action: 'list destinations' },
  { id: 'warehouses-read', neededFor: 'system-detection', required: true, action: 'list warehouses' },
];

/** What asking Segment about one permission brought to light. */
export type Finding =
  | { readonly found: 'granted' }
  | { readonly found: 'denied'; readonly fault?: FaultData }
  /** Segment's answer tells neither, or there was none: then the fault says why. */
  | { readonly found: 'unverifiable'; readonly fault?: FaultData }
  /** This generation of the API has no such call, so nothing needs the permission. */
  | { readonly found: 'not-offered' }
  /** The workspace holds nothing that the permission could be tried on. */
  | { readonly found: 'nothing-to-ask' };

/** What Segment was asked, by permission; what is absent was not asked. */
export type Findings = Readonly<Partial<Record<PermissionId, Finding>>>;

const newToken =
  'Create a token with Workspace Owner access in Segment (Settings > Workspace settings > Access Management > Tokens) and enter it here.';

/** A token that reads regulations and may not make them is not one without access, but one with too little. */
const readOnly: PermissionOutcome = {
  permission: 'regulations-write',
  outcome: 'denied',
  code: 'READ_ONLY_TOKEN',
  message: segmentFaultCodes.READ_ONLY_TOKEN.cause,
  remedy: newToken,
  field: 'apiToken',
};

function isReadOnly(id: PermissionId, findings: Findings): boolean {
  const write = findings['regulations-write'];
  // Where Segment says why, that is told.
  const bare = write?.found === 'denied' && write.fault === undefined;
  return id === 'regulations-write' && bare && findings['regulations-read']?.found === 'granted';
}

/** Whether a connection with these capabilities switched on needs the permission. */
export function isNeeded(permission: DeclaredPermission, capabilities: readonly Capability[]): boolean {
  return permission.neededFor === 'base' || capabilities.includes(permission.neededFor);
}

/**
 * One outcome for each declared permission, in the manifest's order.
 * @param capabilities the ones that are switched on; what only others need is skipped.
 */
export function judgePermissions(findings: Findings, capabilities: readonly Capability[]): PermissionOutcome[] {
  return declaredPermissions.map((permission) => {
    if (!isNeeded(permission, capabilities)) {
      return skipped(permission, 'Not asked: nothing that is switched on for this connection needs it.');
    }
    const finding = findings[permission.id];
    if (finding === undefined) return skipped(permission, 'Not asked, because the connection failed before.');
    return isReadOnly(permission.id, findings) ? readOnly : outcomeOf(permission, finding);
  });
}

/**
 * The status that follows: a problem or a missing required permission blocks, whatever else is missing or unverified degrades.
 * @param problems trouble that is not about one permission.
 */
export function judgeStatus(
  outcomes: readonly PermissionOutcome[],
  problems: readonly FaultData[],
): CheckReport['status'] {
  if (problems.length > 0) return 'blocked';
  const required = new Set<string>(declaredPermissions.filter((one) => one.required).map((one) => one.id));
  if (outcomes.some(({ permission, outcome }) => outcome === 'denied' && required.has(permission))) return 'blocked';
  return outcomes.some(({ outcome }) => outcome === 'denied' || outcome === 'unverifiable') ? 'degraded' : 'ready';
}

function skipped(permission: DeclaredPermission, message: string): PermissionOutcome {
  return { permission: permission.id, outcome: 'skipped', message };
}

function outcomeOf({ id, action }: DeclaredPermission, finding: Finding): PermissionOutcome {
  switch (finding.found) {
    case 'granted':
      return { permission: id, outcome: 'granted', message: `The token may ${action}.` };
    case 'not-offered':
      return {
        permission: id,
        outcome: 'skipped',
        message: `Not needed: this generation of the API offers no way to ${action}.`,
      };
    case 'nothing-to-ask':
      return {
        permission: id,
        outcome: 'skipped',
        message: `Not asked whether the token may ${action}: the workspace has no sources yet.`,
      };
    case 'denied':
      return {
        permission: id,
        outcome: 'denied',
        code: finding.fault?.code ?? 'PERMISSION_MISSING',
        message: finding.fault?.message ?? `The token works, but may not ${action}.`,
        remedy: finding.fault?.remedy ?? newToken,
        field: finding.fault?.field ?? 'apiToken',
      };
    case 'unverifiable':
      return unverifiable(id, action, finding.fault);
  }
}

function unverifiable(id: PermissionId, action: string, fault: FaultData | undefined): PermissionOutcome {
  const doubt = `It could not be found out whether the token may ${action}`;
  if (fault === undefined) {
    return {
      permission: id,
      outcome: 'unverifiable',
      message: `${doubt}: Segment's answer tells neither.`,
      remedy: `Make sure that the token has Workspace Owner access. ${newToken}`,
      field: 'apiToken',
    };
  }
  return {
    permission: id,
    outcome: 'unverifiable',
    code: fault.code,
    message: `${doubt}: ${fault.message}`,
    remedy: fault.remedy ?? 'Check the connection again in some minutes.',
    ...(fault.field === undefined ? {} : { field: fault.field }),
  };
}
