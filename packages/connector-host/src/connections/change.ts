import { isDeepStrictEqual } from 'node:util';
import type { CheckReport, ConfigValue, ConnectorConfig, Facts } from 'connector-contract';
import { type Action, type Actor, may } from '../access/roles.js';
import { present } from '../clock.js';
import { given } from '../given.js';
import { noConnection } from '../not-there.js';
import type { ConnectorRunner } from '../plugins/runner.js';
import { HostProblem } from '../problem.js';
import type { Queryable } from '../store/database.js';
import type { connections } from '../store/schema.js';
import { appendEvents, type EventData, type EventKind, type NewEvent } from '../timeline.js';
import { endReconnect, openReconnect } from '../work/connections.js';
import { atOneAccount } from './account.js';
import { changedKeys, mergeConfig, partConfig } from './config.js';
import { type Contact, type ContactChange, changeContact, contactFields, contactIssues } from './contact.js';
import { nameClash, runCheck } from './creation.js';
import { placeOf, secretsToGiveAnew } from './endpoints.js';
import { dropKept } from './kept-secrets.js';
import { type OpeningParts, openRow, storedConfig } from './opening.js';
import { quotaTermsOf } from './quota.js';
import { changeRow, isNameClash, lockedRow, nameTaken, rowOf } from './rows.js';
import { changeSettings, type SettingsChange, settingsOf } from './settings.js';
import { demandNoIssues, demandPassed, demandRole, nameIssues, readyRunner, vetConfig } from './vetting.js';
import { asksContact, type ConnectionRow, type ConnectionState, stateAfter, viewOf } from './view.js';

/** What may be changed. A secret that is left out, or comes back as `{set: true}`, stays; `null` takes a value away. */
export interface ConnectionChange {
  readonly name?: string;
  readonly config?: unknown;
  readonly state?: 'active' | 'paused';
  readonly settings?: SettingsChange;
  /** `null` for nobody. Holds for requests that are still to come. */
  readonly contact?: ContactChange | null;
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
  if (row === undefined) throw noConnection();
  return row;
}

/** Throws `ROLE_MISSING` unless the actor may do this to the connection, by its manifest where that is at hand. */
export function demandRight(parts: OpeningParts, row: ConnectionRow, actor: Actor, action: Action): void {
  const listing = parts.registry.list().find((one) => one.id === row.connector && one.manifest !== undefined);
  if (listing?.manifest !== undefined) demandRole(actor, action, listing.manifest);
  else if (!may(actor.role, action)) throw new HostProblem('ROLE_MISSING', `The role ${actor.role} may not do this.`);
}

/** How often a change begins anew because somebody else changed the connection while the vendor was asked. */
const MOST_TRIES = 3;

/**
 * Changes a connection. A new configuration, and the wish to leave `reconnect`, are checked first; where the check finds the
 * connection blocked, or at another account, everything stays as it was.
 * @throws HostProblem among others `STATE_FORBIDS`, where others go on changing it.
 */
export async function changeConnection(
  parts: OpeningParts,
  id: string,
  change: ConnectionChange,
  actor: Actor,
  signal: AbortSignal,
): Promise<Changed> {
  return untilUndisturbed(async () => {
    const row = await existing(parts, id);
    demandRight(parts, row, actor, 'connections:change');
    const naming = change.name === undefined ? [] : nameIssues(change.name);
    if (change.name !== undefined && naming.length === 0 && (await nameTaken(parts.db.orm, change.name, id))) {
      naming.push(nameClash);
    }
    if (change.contact) {
      const { manifest } = readyRunner(parts.registry, row.connector);
      naming.push(...contactIssues(row.contact as Contact | null, change.contact, asksContact(manifest)));
    }
    demandNoIssues(naming);
    const mustCheck = change.config !== undefined || (change.state === 'active' && row.state === 'reconnect');
    const vetted = mustCheck ? await vet(parts, row, change.config, actor, signal) : undefined;
    const at = present(parts.clock);
    const by = change.state === undefined ? undefined : actor.id;
    const kept = await keep(parts, id, at, by, vetted, (now) => {
      const unchecked = vetted === undefined && change.state === 'active' && now.state === 'reconnect';
      if (unchecked || (vetted !== undefined && moved(row, now))) return undefined;
      return changedTo(now, change, vetted, at, actor);
    });
    return (
      kept && {
        row: kept.after,
        resumed:
          kept.after.state === 'active' && (kept.before.state !== 'active' || letsGo(kept.before, change, vetted)),
        ...(vetted === undefined ? {} : { report: vetted.report }),
      }
    );
  });
}

/** What a change makes of the row as it is now. */
function changedTo(
  now: ConnectionRow,
  change: ConnectionChange,
  vetted: Vetted | undefined,
  at: Date,
  actor: Actor,
): Outcome {
  const settings = changeSettings(settingsOf(now.settings), change.settings ?? {});
  const before = now.contact as Contact | null;
  const contact = changeContact(before, change.contact);
  const fields = [
    ...(change.name === undefined || change.name === now.name ? [] : ['name']),
    ...(vetted === undefined ? [] : changedKeys(vetted.before, vetted.config)),
    ...changedKeys({ ...settingsOf(now.settings) }, { ...settings }),
    ...changedKeys(contactFields(before), contactFields(contact)),
    ...(letsGo(now, change, vetted) ? ['hold'] : []),
  ];
  const eventOf = (kind: NewEvent['kind'], data: NonNullable<NewEvent['data']>): NewEvent => ({
    at,
    kind,
    connection: now.id,
    actor: actor.id,
    data,
  });
  return {
    values: {
      ...(letsGo(now, change, vetted) ? free : {}),
      ...(vetted === undefined ? {} : { quota: null }),
      ...(change.settings === undefined ? {} : { settings }),
      ...(change.contact === undefined ? {} : { contact }),
      ...given({ name: change.name }),
      ...(vetted === undefined ? {} : checkColumns(vetted.report, at)),
      state: stateOf(now.state as ConnectionState, change.state, vetted?.report),
      updatedAt: at,
    },
    events: [
      ...(fields.length === 0 ? [] : [eventOf('connection.updated', { fields: fields.join(', ') })]),
      ...(vetted === undefined ? [] : [eventOf(...toldCheck(vetted.report))]),
    ],
  };
}

/** Whether a change ends a hold: somebody resumes the connection, who knows better than the vendor's advice; or another quota counts. */
function letsGo(row: ConnectionRow, change: ConnectionChange, vetted: Vetted | undefined): boolean {
  if (row.heldCode === null) return false;
  const otherQuota = change.settings?.monthlyQuota !== undefined || (vetted !== undefined && movesGroup(vetted));
  return change.state === 'active' || (row.heldCode === 'QUOTA_EXHAUSTED' && otherQuota);
}

/** What the timeline tells of a check: one that found the connection unusable did not pass. */
function toldCheck(report: CheckReport): [EventKind, EventData] {
  const { status, permissions, problems } = report;
  const denied = permissions.filter(({ outcome }) => outcome === 'denied');
  const found = [...new Set([...problems, ...denied].map(({ message }) => message))].join(' ');
  const data = { status, problems: found || undefined };
  return [status === 'blocked' ? 'connection.check_failed' : 'connection.checked', data];
}

/** Checks a connection as it is and keeps what was found; its state follows. */
export async function recheckConnection(
  parts: OpeningParts,
  id: string,
  actor: Actor | undefined,
  signal: AbortSignal,
): Promise<Required<Changed>> {
  return untilUndisturbed(async () => {
    const row = await existing(parts, id);
    if (actor !== undefined) demandRight(parts, row, actor, 'connections:check');
    const { runner, ctx } = await openRow(parts, row, signal);
    const report = atOneAccount(row.facts as Facts, await runner.check(ctx));
    const at = present(parts.clock);
    const [kind, data] = toldCheck(report);
    const events: NewEvent[] = [{ at, kind, connection: id, actor: actor?.id, data }];
    const kept = await keep(parts, id, at, undefined, undefined, (now) => {
      if (moved(row, now)) return undefined;
      const state = stateAfter(report, now.state as ConnectionState);
      return { values: { ...checkColumns(report, at), state }, events };
    });
    const resumed = kept?.after.state === 'active' && kept.before.state !== 'active';
    return kept && { row: kept.after, report, resumed };
  });
}

/** Whether somebody changed what was checked: the report is then about something that is no more. */
function moved(row: ConnectionRow, now: ConnectionRow): boolean {
  return !isDeepStrictEqual([row.config, row.secrets], [now.config, now.secrets]);
}

async function untilUndisturbed<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const done = await attempt();
    if (done !== undefined) return done;
  }
  throw new HostProblem('STATE_FORBIDS', 'Others keep changing the connection.', {
    remedy: 'Look at what it is now, and try again.',
  });
}

async function vet(
  parts: OpeningParts,
  row: ConnectionRow,
  change: unknown,
  actor: Actor,
  signal: AbortSignal,
): Promise<Vetted> {
  const runner = readyRunner(parts.registry, row.connector);
  const before = await storedConfig(parts, row, runner.manifest);
  const { config = {}, issues } = await vetConfig(runner, mergeConfig(before, change ?? {}), parts.origins);
  demandNoIssues(issues);
  demandNoIssues(secretsToGiveAnew(runner.manifest, before, change ?? {}, config));
  const { facts, capabilities } = viewOf(row, 0);
  const checked = await runCheck(parts, runner, { id: row.id, config, facts, capabilities }, signal);
  const report = atOneAccount(facts, checked);
  await demandPassed(parts, report, actor, {
    connection: row.id,
    data: { fields: changedKeys(before, config).join(', ') },
  });
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

/** What is written of a connection, and told. */
interface Outcome {
  readonly values: Partial<typeof connections.$inferInsert> & { readonly state: ConnectionState };
  readonly events: readonly NewEvent[];
}

/**
 * Writes what `decide` makes of the row as it is now, locked against everybody else: the vendor was asked without a lock, and somebody
 * may have paused the connection meanwhile. Undefined where `decide` says that it must begin anew.
 */
async function keep(
  parts: OpeningParts,
  id: string,
  at: Date,
  by: string | undefined,
  vetted: Vetted | undefined,
  decide: (now: ConnectionRow) => Outcome | undefined,
): Promise<{ readonly after: ConnectionRow; readonly before: ConnectionRow } | undefined> {
  try {
    return await parts.db.orm.transaction(async (tx) => {
      const before = await lockedRow(tx, id);
      if (before === undefined) throw noConnection();
      const outcome = decide(before);
      if (outcome === undefined) return undefined;
      const { values, events } = outcome;
      const config = vetted === undefined ? {} : await configColumns(tx, parts, id, vetted);
      const after = await changeRow(tx, id, { ...values, ...config });
      if (vetted !== undefined) await dropKept(tx, id, placeOf(vetted.runner.manifest, vetted.config));
      if (after === undefined) throw noConnection();
      if (after.state === 'reconnect') await openReconnect(tx, id, at);
      else await endReconnect(tx, id, at);
      const turned: NewEvent[] =
        before.state === values.state ? [] : [{ at, kind: `connection.${values.state}`, connection: id, actor: by }];
      await appendEvents(tx, [...events, ...turned]);
      return { after, before };
    });
  } catch (error) {
    if (isNameClash(error)) demandNoIssues([nameClash]);
    throw error;
  }
}
