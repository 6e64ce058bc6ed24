import type { Capability, CheckReport, FaultData, PermissionOutcome } from 'connector-contract';

/** The ids of the manifest's permissions. */
export type PermissionId =
  | 'discovery-read'
  | 'certificate-trusted'
  | 'erasure-offered'
  | 'identities-offered'
  | 'requests-read'
  | 'requests-write';

/** A permission as the manifest declares it. */
export interface DeclaredPermission {
  readonly id: PermissionId;
  /** What needs it: `base` always, a capability only where it is switched on. */
  readonly neededFor: 'base' | Capability;
  /** What is said where it is there. */
  readonly granted: string;
}

/** The manifest's permissions, in its order; all of them are required. */
export const declaredPermissions: readonly DeclaredPermission[] = [
  { id: 'discovery-read', neededFor: 'base', granted: 'The processor answers and says what it offers.' },
  { id: 'certificate-trusted', neededFor: 'base', granted: 'The certificate of the processor is good.' },
  { id: 'erasure-offered', neededFor: 'deletion', granted: 'The processor takes erasure requests.' },
  { id: 'identities-offered', neededFor: 'deletion', granted: 'The processor takes identities in the chosen format.' },
  { id: 'requests-read', neededFor: 'deletion', granted: 'The credential may ask about requests.' },
  { id: 'requests-write', neededFor: 'deletion', granted: 'The credential may make requests.' },
];

/** What came to light about one permission. */
export type Finding =
  | { readonly found: 'granted' }
  | { readonly found: 'denied' | 'unverifiable'; readonly fault: FaultData }
  /** Somebody decided to do without. */
  | { readonly found: 'waived'; readonly message: string };

/** Findings by permission; what is absent was not looked at. */
export type Findings = Readonly<Partial<Record<PermissionId, Finding>>>;

/** Whether a connection with these capabilities switched on needs the permission. */
export function isNeeded(permission: DeclaredPermission, capabilities: readonly Capability[]): boolean {
  return permission.neededFor === 'base' || capabilities.includes(permission.neededFor);
}

/** One outcome for each declared permission, in the manifest's order; what only unused capabilities need is skipped. */
export function judgePermissions(findings: Findings, capabilities: readonly Capability[]): PermissionOutcome[] {
  return declaredPermissions.map((permission) => {
    const finding = findings[permission.id];
    if (!isNeeded(permission, capabilities)) {
      return skipped(permission.id, 'Not asked: nothing that is switched on for this connection needs it.');
    }
    return finding === undefined
      ? skipped(permission.id, 'Not asked, because the connection failed before.')
      : outcomeOf(permission, finding);
  });
}

function skipped(permission: PermissionId, message: string): PermissionOutcome {
  return { permission, outcome: 'skipped', message };
}

function outcomeOf({ id, granted }: DeclaredPermission, finding: Finding): PermissionOutcome {
  if (finding.found === 'granted') return { permission: id, outcome: 'granted', message: granted };
  if (finding.found === 'waived') return skipped(id, finding.message);
  const { code, message, remedy, field } = finding.fault;
  return {
    permission: id,
    outcome: finding.found,
    code,
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(field === undefined ? {} : { field }),
  };
}

/** The status that follows: a problem or a denial blocks, whatever could not be verified degrades. */
export function judgeStatus(
  findings: Findings,
  outcomes: readonly PermissionOutcome[],
  problems: readonly FaultData[],
): CheckReport['status'] {
  if (problems.length > 0 || outcomes.some(({ outcome }) => outcome === 'denied')) return 'blocked';
  const unsure = outcomes.some(({ outcome }) => outcome === 'unverifiable');
  const waived = Object.values(findings).some(({ found }) => found === 'waived');
  return unsure || waived ? 'degraded' : 'ready';
}
