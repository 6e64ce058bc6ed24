import { randomUUID } from 'node:crypto';
import type { Capability, CheckReport, ConnectorConfig, Facts, FieldIssue } from 'connector-contract';
import type { Actor } from '../access/roles.js';
import { present } from '../clock.js';
import type { ConnectorRunner } from '../plugins/runner.js';
import { connections } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { partConfig } from './config.js';
import { type ContactChange, changeContact, contactIssues } from './contact.js';
import { contextOf } from './context.js';
import { dropKept } from './kept-secrets.js';
import type { OpeningParts } from './opening.js';
import { dropPace } from './pace.js';
import { isNameClash, nameTaken } from './rows.js';
import { changeSettings, type SettingsChange, settingsOf } from './settings.js';
import {
  chosenCapabilities,
  demandNoIssues,
  demandPassed,
  demandRole,
  nameIssues,
  readyRunner,
  vetConfig,
} from './vetting.js';
import { asksContact, type ConnectionRow } from './view.js';

/** What a new connection is made of. */
export interface NewConnection {
  /** A connector's id. */
  readonly connector: string;
  /** Unique among the connections, whatever its case. */
  readonly name: string;
  readonly config: unknown;
  /** All that the connector offers, unless some are named. */
  readonly capabilities?: readonly string[];
  readonly settings?: SettingsChange;
  /** Who answers access requests that no program can answer. */
  readonly contact?: ContactChange;
}

/** What is wrong with a name that another connection has. */
export const nameClash: FieldIssue = {
  field: 'name',
  code: 'NAME_TAKEN',
  message: 'Another connection has this name.',
  remedy: 'Choose another name.',
};

/** What a check is about: a connection that is kept, or one that is about to be. */
export interface CheckOf {
  readonly id: string;
  readonly config: ConnectorConfig;
  readonly facts: Facts;
  readonly capabilities: readonly Capability[];
}

/** Runs a connector's check. Throws ConnectorFault `ABORTED` where the signal aborts. */
export async function runCheck(
  parts: OpeningParts,
  runner: ConnectorRunner,
  { id, ...of }: CheckOf,
  signal: AbortSignal,
): Promise<CheckReport> {
  return runner.check(contextOf(parts, { ...of, connection: id, manifest: runner.manifest, signal }));
}

/**
 * Vets, checks and only then keeps a connection.
 * @throws HostProblem, see `Connections.create`.
 */
export async function createConnection(
  parts: OpeningParts,
  input: NewConnection,
  actor: Actor,
  signal: AbortSignal,
): Promise<{ readonly row: ConnectionRow; readonly report: CheckReport }> {
  const { db, vault } = parts;
  const runner = readyRunner(parts.registry, input.connector);
  const { manifest } = runner;
  demandRole(actor, 'connections:create', manifest);
  const { capabilities, issues } = chosenCapabilities(manifest, input.capabilities);
  const vetted = await vetConfig(runner, input.config, parts.origins);
  const naming = nameIssues(input.name);
  if (naming.length === 0 && (await nameTaken(db.orm, input.name))) naming.push(nameClash);
  const contacting = contactIssues(null, input.contact, asksContact(manifest));
  demandNoIssues([...naming, ...issues, ...vetted.issues, ...contacting]);

  const id = randomUUID();
  const config = vetted.config ?? {};
  try {
    const report = await runCheck(parts, runner, { id, config, facts: {}, capabilities }, signal);
    await demandPassed(parts, report, actor, { data: { connector: manifest.id, name: input.name } });
    const { shown, secrets } = partConfig(manifest, config);
    const at = present(parts.clock);
    const values: typeof connections.$inferInsert = {
      id,
      connector: manifest.id,
      name: input.name,
      state: 'active',
      capabilities,
      config: shown,
      facts: report.facts,
      settings: changeSettings(settingsOf({}), input.settings ?? {}),
      contact: changeContact(null, input.contact),
      lastCheck: { ...report, checkedAt: at.toISOString() },
      createdAt: at,
      updatedAt: at,
    };
    const row = await db.orm.transaction(async (tx) => {
      const sealed = await vault.seal(tx, id, secrets);
      const [made] = await tx
        .insert(connections)
        .values({ ...values, secrets: sealed })
        .returning();
      const data = { connector: manifest.id, name: input.name, status: report.status };
      await appendEvents(tx, [{ at, kind: 'connection.created', connection: id, actor: actor.id, data }]);
      return made;
    });
    if (row === undefined) throw new Error('The connection was not stored.');
    return { row, report };
  } catch (error) {
    // Nothing of a connection that was not kept stays behind.
    await dropPace(db.orm, id);
    await dropKept(db.orm, id);
    await vault.destroy(id, present(parts.clock));
    if (isNameClash(error)) demandNoIssues([nameClash]);
    throw error;
  }
}
