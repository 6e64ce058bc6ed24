import {
  type Capability,
  type CheckReport,
  type ConnectorManifest,
  type Facts,
  type FaultData,
  faultData,
  isConnectorFault,
  type PermissionOutcome,
} from 'connector-contract';
import { present } from './present.js';

type Permission = ConnectorManifest['permissions'][number];

/** What came to light about one permission. */
export type Finding =
  | { readonly found: 'granted' }
  /** The fault says why, where there is more to say than that it is so. */
  | { readonly found: 'denied' | 'unverifiable'; readonly fault?: FaultData }
  /** Nothing had to be asked. `degrades`: somebody decided to do without. */
  | { readonly found: 'skipped'; readonly message: string; readonly degrades?: boolean };

/** Findings by permission; what is absent was not asked. */
export type Findings<Id extends string = string> = Readonly<Partial<Record<Id, Finding>>>;

const denials: ReadonlySet<string> = new Set(['auth', 'permission', 'config']);

/**
 * What a thrown fault says about a permission: denied where the vendor has answered so.
 * @param denying further codes that deny it.
 * @throws what is no trouble with the connection: an abort, a defect.
 */
export function findingOf(error: unknown, denying: readonly string[] = []): Finding {
  if (!isConnectorFault(error) || error.code === 'ABORTED' || error.code === 'CONNECTOR_BUG') throw error;
  const beforeAsking = error.code === 'CONFIG_INVALID' || error.code === 'ENDPOINT_NOT_ALLOWED';
  const denied = denying.includes(error.code) || (denials.has(error.kind) && !beforeAsking);
  return { found: denied ? 'denied' : 'unverifiable', fault: faultData(error) };
}

/** What a check brought to light. */
export interface Checked<Id extends string = string> {
  readonly findings?: Findings<Id>;
  /** Trouble with the connection as a whole. */
  readonly problems?: readonly FaultData[];
  readonly facts?: Facts;
}

/**
 * What a check knows that was ended by a fault.
 * @param permission the one that was being asked about.
 * @throws what is no trouble with the connection: an abort, a defect.
 */
export function endedBy(error: unknown, permission?: string): Checked {
  const finding = findingOf(error);
  return {
    findings: permission === undefined ? {} : { [permission]: finding },
    problems: [faultData(error as FaultData)],
  };
}

/** Whether a connection with these capabilities switched on needs the permission. */
function isNeeded({ capabilities }: Permission, switchedOn: readonly Capability[]): boolean {
  return capabilities.some((one) => one === 'base' || switchedOn.includes(one));
}

/** The ids of the permissions that a connection with these capabilities switched on needs. */
export function neededPermissions(manifest: ConnectorManifest, switchedOn: readonly Capability[]): readonly string[] {
  return manifest.permissions.filter((one) => isNeeded(one, switchedOn)).map(({ id }) => id);
}

/** One outcome for each permission of the manifest, in its order; what only unused capabilities need is skipped. */
function judgePermissions(
  manifest: ConnectorManifest,
  findings: Findings,
  switchedOn: readonly Capability[],
): PermissionOutcome[] {
  return manifest.permissions.map((permission) => {
    if (!isNeeded(permission, switchedOn)) {
      return skipped(permission, 'Not asked: nothing that is switched on for this connection needs it.');
    }
    const finding = findings[permission.id];
    return finding === undefined
      ? skipped(permission, 'Not asked, because the connection failed before.')
      : outcomeOf(permission, finding);
  });
}

/** The answer of `check`: a problem or a required permission that is denied blocks, whatever else is missing or unsure degrades. */
export function checkReport(
  manifest: ConnectorManifest,
  switchedOn: readonly Capability[],
  { findings = {}, problems = [], facts = {} }: Checked,
): CheckReport {
  const permissions = judgePermissions(manifest, findings, switchedOn);
  const required = new Set(manifest.permissions.filter((one) => one.required).map(({ id }) => id));
  const denied = permissions.filter(({ outcome }) => outcome === 'denied').map(({ permission }) => permission);
  const blocked = problems.length > 0 || denied.some((id) => required.has(id));
  const unsure = permissions.some(({ outcome }) => outcome === 'unverifiable');
  const waived = Object.values(findings).some((one) => one?.found === 'skipped' && one.degrades === true);
  const degraded = denied.length > 0 || unsure || waived;
  return { status: blocked ? 'blocked' : degraded ? 'degraded' : 'ready', permissions, problems, facts };
}

function skipped({ id }: Permission, message: string): PermissionOutcome {
  return { permission: id, outcome: 'skipped', message };
}

function outcomeOf(permission: Permission, finding: Finding): PermissionOutcome {
  const { id, label, grantedBy } = permission;
  if (finding.found === 'granted') return { permission: id, outcome: 'granted', message: `Granted: ${label}.` };
  if (finding.found === 'skipped') return skipped(permission, finding.message);
  const { found, fault } = finding;
  const usual = found === 'denied' ? `Not granted: ${label}.` : `Not certain: ${label}. The answer tells neither.`;
  const doubt = found === 'unverifiable' && fault ? `Not certain: ${label}. ` : '';
  const code = fault?.code ?? (found === 'denied' ? 'PERMISSION_MISSING' : undefined);
  return {
    permission: id,
    outcome: found,
    message: fault ? `${doubt}${fault.message}` : usual,
    remedy: fault?.remedy ?? grantedBy,
    ...present({ code, field: fault?.field }),
  };
}
