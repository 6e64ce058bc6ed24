/** What has to be right before a connection is kept: who asks, which connector, its name, capabilities, fields; then the check. */
import type { Capability, CheckReport, ConnectorConfig, ConnectorManifest, FieldIssue } from 'connector-contract';
import { type Action, type Actor, may } from '../access/roles.js';
import { present } from '../clock.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import type { ConnectorRunner } from '../plugins/runner.js';
import { HostProblem } from '../problem.js';
import { appendEvents, type NewEvent } from '../timeline.js';
import { readConfig } from './config.js';
import type { OpeningParts } from './opening.js';
import { offeredCapabilities } from './view.js';

const longestName = 100;

/**
 * The runner of a connector that is ready.
 * @throws HostProblem `CONNECTOR_REFUSED` with the reason and remedy; `CONNECTOR_UNKNOWN`.
 */
export function readyRunner(registry: ConnectorRegistry, connector: string): ConnectorRunner {
  const runner = registry.runner(connector);
  if (runner !== undefined) return runner;
  const listing = registry.list().find((one) => one.id === connector);
  if (listing === undefined) {
    const ready = registry.list().filter((one) => one.state === 'ready');
    const names = ready.map((one) => one.id).join(', ');
    throw new HostProblem('CONNECTOR_UNKNOWN', 'No connector with this id is installed.', {
      remedy:
        names === ''
          ? 'Install a connector package, then reload the connectors or start the host again.'
          : `Installed are: ${names}.`,
    });
  }
  throw new HostProblem(
    'CONNECTOR_REFUSED',
    `The connector cannot be used (${listing.code}): ${listing.reason}`,
    listing.remedy === undefined ? {} : { remedy: listing.remedy },
  );
}

/** Throws `ROLE_MISSING` unless the manifest gives the actor's role this right. */
export function demandRole(actor: Actor, action: Action, manifest: ConnectorManifest): void {
  if (may(actor.role, action, manifest.roles.host)) return;
  const allowed = manifest.roles.host.join(' or ');
  throw new HostProblem(
    'ROLE_MISSING',
    `A connection of ${manifest.displayName} is a matter for the role ${allowed}.`,
    {
      remedy: 'Ask somebody who has that role, or for an access token that has it.',
    },
  );
}

/** What is wrong with a connection's name, by its text alone. */
export function nameIssues(name: unknown): FieldIssue[] {
  const tidy = typeof name === 'string' && name.trim() === name && name !== '' && name.length <= longestName;
  if (tidy && !/\p{Cc}/u.test(name)) return [];
  const message = `A name of 1 to ${longestName} characters is needed, without white space around it.`;
  return [
    { field: 'name', code: 'NAME_INVALID', message, remedy: 'Name it after the account, for example "Production EU".' },
  ];
}

/** The capabilities that are to be switched on: all that the connector offers unless some are named. */
export function chosenCapabilities(
  manifest: ConnectorManifest,
  wanted: readonly string[] | undefined,
): { readonly capabilities: Capability[]; readonly issues: FieldIssue[] } {
  const offered = offeredCapabilities(manifest);
  if (wanted === undefined) return { capabilities: offered, issues: [] };
  const unknown = wanted.filter((one) => !(offered as readonly string[]).includes(one));
  if (unknown.length > 0) {
    const message = 'The connector does not offer a capability that is asked for.';
    const remedy = `It offers: ${offered.join(', ') || 'none'}.`;
    return { capabilities: [], issues: [{ field: 'capabilities', code: 'NOT_OFFERED', message, remedy }] };
  }
  return { capabilities: offered.filter((one) => wanted.includes(one)), issues: [] };
}

/** Judges a configuration by the manifest and then by the connector's own rules. No network. */
export async function vetConfig(
  runner: ConnectorRunner,
  raw: unknown,
  origins: readonly string[],
): Promise<{ readonly config?: ConnectorConfig; readonly issues: readonly FieldIssue[] }> {
  const { config, issues } = readConfig(runner.manifest, raw, origins);
  if (config === undefined) return { issues };
  const report = await runner.validate(config);
  if (report.valid && report.issues.length === 0) return { config, issues: [] };
  const silent = [{ field: '', code: 'CONFIG_INVALID', message: 'The connector does not accept the configuration.' }];
  return { issues: report.issues.length > 0 ? report.issues : silent };
}

/** Throws `CONNECTION_INVALID` with the issues, where there are any. */
export function demandNoIssues(issues: readonly FieldIssue[]): void {
  if (issues.length === 0) return;
  const fields = [...new Set(issues.map((issue) => issue.field))].filter((field) => field !== '').join(', ');
  throw new HostProblem('CONNECTION_INVALID', `The connection is not right yet${fields === '' ? '' : `: ${fields}`}.`, {
    errors: issues,
    remedy: 'Correct the fields that are named and try again.',
  });
}

/**
 * Throws `CONNECTION_BLOCKED` with the report, where the check found the connection unusable. That somebody tried stays in the audit log:
 * a check sends secrets to the address that was entered.
 */
export async function demandPassed(
  { db, clock }: Pick<OpeningParts, 'db' | 'clock'>,
  report: CheckReport,
  actor: Actor,
  about: Pick<NewEvent, 'connection' | 'data'>,
): Promise<void> {
  if (report.status !== 'blocked') return;
  const first = report.problems[0] ?? report.permissions.find((one) => one.outcome === 'denied');
  const data = { ...about.data, status: report.status, code: first?.code };
  await db.orm.transaction((tx) =>
    appendEvents(tx, [{ at: present(clock), kind: 'connection.check_refused', actor: actor.id, ...about, data }]),
  );
  const detail = first?.message ?? 'The check found that the connection cannot be used.';
  throw new HostProblem('CONNECTION_BLOCKED', detail, {
    report,
    ...(first?.remedy === undefined ? {} : { remedy: first.remedy }),
  });
}
