import type { CheckReport, ConnectorContext, ConnectorManifest, FaultData } from 'connector-contract';
import { WrongShape } from './answers.js';

const severity = { ready: 0, degraded: 1, blocked: 2 } as const;

/**
 * A connector's report with the contract's rules applied: exactly one outcome for each permission of the manifest, in its order, and
 * no better a status than the outcomes allow.
 * @throws WrongShape where a permission has no outcome, two, or is none of the manifest's.
 */
export function completeReport(
  report: CheckReport,
  manifest: ConnectorManifest,
  capabilities: ConnectorContext['capabilities'],
): CheckReport {
  const byId = new Map(report.permissions.map((outcome) => [outcome.permission, outcome]));
  if (byId.size !== report.permissions.length || byId.size !== manifest.permissions.length) {
    throw new WrongShape('its report has not exactly one outcome for each permission of the manifest');
  }
  const permissions = manifest.permissions.map(({ id }) => {
    const outcome = byId.get(id);
    if (outcome === undefined) throw new WrongShape(`its report has no outcome for permission ${id}`);
    return outcome;
  });
  const atLeast = worstOf(report, manifest, capabilities);
  const status = severity[atLeast] > severity[report.status] ? atLeast : report.status;
  return { ...report, status, permissions };
}

/** The report of a connection whose check could not be carried out. */
export function failedReport(manifest: ConnectorManifest, fault: FaultData): CheckReport {
  return {
    status: 'blocked',
    permissions: manifest.permissions.map(({ id }) => ({
      permission: id,
      outcome: 'skipped',
      message: 'Not asked, because the check failed.',
    })),
    problems: [fault],
    facts: {},
  };
}

function worstOf(
  report: CheckReport,
  manifest: ConnectorManifest,
  capabilities: ConnectorContext['capabilities'],
): CheckReport['status'] {
  const needed = new Set<string>(['base', ...capabilities]);
  const required = new Set(
    manifest.permissions
      .filter((one) => one.required && one.capabilities.some((c) => needed.has(c)))
      .map((one) => one.id),
  );
  const lacking = report.permissions.filter((one) => one.outcome !== 'granted');
  if (lacking.some((one) => one.outcome === 'denied' && required.has(one.permission))) return 'blocked';
  return lacking.length > 0 || report.problems.length > 0 ? 'degraded' : 'ready';
}
