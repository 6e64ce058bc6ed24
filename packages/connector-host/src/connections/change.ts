import type { CheckReport, ConfigValue, ConnectorConfig } from 'connector-contract';
import { type Action, type Actor, may } from '../access/roles.js';
import { present } from '../clock.js';
import type { ConnectorRunner } from '../plugins/runner.js';
import { HostProblem } from '../problem.js';
import type { Queryable } from '../store/database.js';
import type { connections } from '../store/schema.js';
import { appendEvents, type NewEvent } from '../timeline.js';
import { changedKeys, mergeConfig, partConfig } from './config.js';
import { nameClash, runCheck } from './creation.js';
import { type OpeningParts, openRow, storedConfig } from './opening.js';
import { quotaTermsOf } from './quota.js';
import { changeRow, isNameClash, lockedRow, nameTaken, rowOf } from './rows.js';
import { changeSettings, type SettingsChange, settingsOf } from './settings.js';
import { demandNoIssues, demandRole, demandUsable, nameIssues, readyRunner, vetConfig } from './vetting.js';
import { type ConnectionRow, type ConnectionState, stateAfter, viewOf } from './view.js';

/** What may be changed. A secret that is left out, or comes back as `{set: true}`, stays; `null` takes a value away. */
export interface ConnectionChange {
  readonly name?: string;
  readonly config?: unknown;
  readonly state?: 'active' | 'paused';
  readonly settings?: SettingsChange;
}

/** A connection after a change. */
export interface Changed {
  readonly row: ConnectionRow;
  readonly report?: CheckReport;
  /** It can work now and could not before. */
  readonly resumed: boolean;
}

/** A hold for the quota's sake is gone, and what the vendor said of the quota, which it may have enlarged: the next answer tells. */
const free = { heldUntil: null, heldCode: null, quota: null } as const;

interface Vetted {
  readonly runner: ConnectorRunner;
  readonly before: Readonly<Record<string, ConfigValue>>;
  readonly config: ConnectorConfig;
  readonly report: CheckReport;
}

/** The connection with this id. Throws HostProblem `NOT_FOUND`. */
export async function existing(parts: OpeningParts, id: string): Promise<ConnectionRow> {
  const row = await rowOf(parts.db.orm, id);
  if (row === undefined) throw gone();
  return row;
}

/** Throws `ROLE_MISSING` unless the actor may do this to the connection, by its manifest where that is at hand. */
export function demandRight(parts: OpeningParts, row: ConnectionRow, actor: Actor, action: Action): void {
  const listing = parts.registry.list().find((one) => one.id === row.connector && one.manifest !== undefined);
  if (listing?.manifest !== undefined) demandRole(actor, action, listing.manifest);
  else if (!may(actor.role, action)) throw new HostProblem('ROLE_MISSING', `The role ${actor.role} may not do this.`);
}

/**
 * Changes a connection. A new configuration, and the wish to leave `reconnect`, are checked first; where the check finds the
 * connection blocked, everything stays as it was.
 */
export async function changeConnection(
  parts: OpeningParts,
  id: string,
  change: ConnectionChange,
  actor: Actor,
  signal: AbortSignal,
): Promise<Changed> {
  const row = await existing(parts, id);
  demandRight(parts, row, actor, 'connections:change');
  const naming = change.name === undefined ? [] : nameIssues(change.name);
  if (change.name !== undefined && naming.length === 0 && (await nameTaken(parts.db.orm, change.name, id))) {
    naming.push(nameClash);
  }
  demandNoIssues(naming);
  const mustCheck = change.config !== undefined || (change.state === 'active' && row.state === 'reconnect');
  const vetted = mustCheck ? await vet(parts, row, change.config, signal) : undefined;
  const at = present(parts.clock);
  const next = stateOf(row.state as ConnectionState, change.state, vetted?.report);
  const settings = changeSettings(settingsOf(row.settings), change.settings ?? {});
  const otherQuota = change.settings?.monthlyQuota !== undefined || (vetted !== undefined && movesGroup(vetted));
  const letsGo = row.heldCode === 'QUOTA_EXHAUSTED' && (change.state === 'active' || otherQuota);
  const values = {
    ...(letsGo ? free : {}),
    ...(vetted === undefined ? {} : { quota: null }),
    ...(change.settings === undefined ? {} : { settings }),
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(vetted === undefined ? {} : checkColumns(vetted.report, at)),
    state: next,
    updatedAt: at,
  };
  const fields = [
    ...(change.name === undefined || change.name === row.name ? [] : ['name']),
    ...(vetted === undefined ? [] : changedKeys(vetted.before, vetted.config)),
    ...changedKeys({ ...settingsOf(row.settings) }, { ...settings }),
  ];
  const events: NewEvent[] = [
    ...(fields.length === 0 ? [] : [eventOf('connection.updated', { fields: fields.join(', ') })]),
    ...(vetted === undefined ? [] : [eventOf('connection.checked', { status: vetted.report.status })]),
  ];
  const by = change.state === undefined ? undefined : actor.id;
  const { after, before } = await keep(parts, id, values, events, at, by, vetted);
  return {
    row: after,
    resumed: next === 'active' && (before !== 'active' || letsGo),
    ...(vetted === undefined ? {} : { report: vetted.report }),
  };

  function eventOf(kind: NewEvent['kind'], data: NonNullable<NewEvent['data']>): NewEvent {
    return { at, kind, connection: id, actor: actor.id, data };
  }
}

/** Checks a connection as it is and keeps what was found; its state follows. */
export async function recheckConnection(
  parts: OpeningParts,
  id: string,
  actor: Actor | undefined,
  signal: AbortSignal,
): Promise<Required<Changed>> {
  const row = await existing(parts, id);
  if (actor !== undefined) demandRight(parts, row, actor, 'connections:check');
  const { runner, ctx } = await openRow(parts, row, signal);
  const report = await runner.check(ctx);
  const at = present(parts.clock);
  const state = stateAfter(report, row.state as ConnectionState);
  const events: NewEvent[] = [
    { at, kind: 'connection.checked', connection: id, actor: actor?.id, data: { status: report.status } },
  ];
  const { after, before } = await keep(parts, id, { ...checkColumns(report, at), state }, events, at);
  return { row: after, report, resumed: state === 'active' && before !== 'active' };
}

async function vet(parts: OpeningParts, row: ConnectionRow, change: unknown, signal: AbortSignal): Promise<Vetted> {
  const runner = readyRunner(parts.registry, row.connector);
  const before = await storedConfig(parts, row, runner.manifest);
  const { config = {}, issues } = await vetConfig(runner, mergeConfig(before, change ?? {}), parts.origins);
  demandNoIssues(issues);
  const { facts, capabilities } = viewOf(row, 0);
  const report = await runCheck(parts, runner, { id: row.id, config, facts, capabilities }, signal);
  demandUsable(report);
  return { runner, before, config, report };
}

/** Whether its deletions count in another group of the quota from now on, which may have room. */
function movesGroup({ runner: { manifest }, before, config }: Vetted): boolean {
  return quotaTermsOf(manifest, before).group !== quotaTermsOf(manifest, config).group;
}

async function configColumns(tx: Queryable, { vault }: OpeningParts, id: string, { runner, config }: Vetted) {
  const { shown, secrets } = partConfig(runner.manifest, config);
  return { config: shown, secrets: await vault.seal(tx, id, secrets) };
}

function checkColumns(report: CheckReport, at: Date) {
  const lastCheck = { ...report, checkedAt: at.toISOString() };
  // What an earlier check learnt stays true while the vendor cannot be asked.
  return report.status === 'blocked' ? { lastCheck } : { lastCheck, facts: report.facts };
}

function stateOf(
  present: ConnectionState,
  wanted: ConnectionChange['state'],
  report: CheckReport | undefined,
): ConnectionState {
  if (wanted !== undefined) return wanted;
  return report === undefined ? present : stateAfter(report, present);
}

async function keep(
  parts: OpeningParts,
  id: string,
  values: Partial<typeof connections.$inferInsert> & { readonly state: ConnectionState },
  events: readonly NewEvent[],
  at: Date,
  by?: string,
  vetted?: Vetted,
): Promise<{ readonly after: ConnectionRow; readonly before: ConnectionState }> {
  try {
    return await parts.db.orm.transaction(async (tx) => {
      const before = (await lockedRow(tx, id))?.state as ConnectionState | undefined;
      const config = vetted === undefined || before === undefined ? {} : await configColumns(tx, parts, id, vetted);
      const after = await changeRow(tx, id, { ...values, ...config });
      if (before === undefined || after === undefined) throw gone();
      const turned: NewEvent[] =
        before === values.state ? [] : [{ at, kind: `connection.${values.state}`, connection: id, actor: by }];
      await appendEvents(tx, [...events, ...turned]);
      return { after, before };
    });
  } catch (error) {
    if (isNameClash(error)) demandNoIssues([nameClash]);
    throw error;
  }
}

function gone(): HostProblem {
  return new HostProblem('NOT_FOUND', 'There is no connection with this id, or it was removed.');
}
