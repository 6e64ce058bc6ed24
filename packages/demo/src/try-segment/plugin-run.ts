import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Connector,
  type ConnectorContext,
  type DeletionCapability,
  isConnectorFault,
  type Operation,
  ServiceIdentifier,
  type SystemDetectionCapability,
} from 'connector-contract';
import { Container, type ContainerModule } from 'inversify';

/** What the plugin is given to reach Segment: the values of its form. */
export interface Account {
  readonly apiToken: string;
  readonly workspaceName: string;
  readonly api?: string;
}

/** How one call of the plugin ended, in words without an identifier. */
export interface Step {
  readonly call: string;
  readonly ended: string;
}

/** A person who does not exist: of a domain that can have none, and different at each try. */
export interface SyntheticUser {
  readonly userId: string;
}

/** An hour ago is past the time in which a lost submission could still arrive, so that the list is read. */
const ATTEMPTED_AGO_MS = 60 * 60 * 1_000;

/**
 * Makes every call that this plugin makes, by the plugin itself: check, detection, looking for a lost submission, the status of a
 * regulation that there is not; and with a synthetic user the submission, its reconciliation and its status.
 * @param baseUrl the recorder's.
 * @param paceMs milliseconds to wait before each request.
 */
export async function runPlugin(
  account: Account,
  baseUrl: string,
  paceMs: number,
  user?: SyntheticUser,
): Promise<readonly Step[]> {
  const plugin = await loadPlugin();
  const base = contextFor(account, baseUrl, paceMs);
  const steps: Step[] = [];
  const step = async <T>(
    call: string,
    work: () => Promise<T>,
    words: (result: T) => string,
  ): Promise<T | undefined> => {
    try {
      const result = await work();
      steps.push({ call, ended: words(result) });
      return result;
    } catch (error) {
      steps.push({
        call,
        ended: isConnectorFault(error) ? `fault ${error.code}` : 'failed for a reason not understood',
      });
      return undefined;
    }
  };

  const report = await step(
    'check',
    () => plugin.connector.check(base),
    ({ status }) => status,
  );
  const ctx = { ...base, facts: report?.facts ?? {} };
  await step(
    'detect',
    () => count(plugin.detection.detect(ctx)),
    (found) => `${found} systems`,
  );
  const nobody = planOf(plugin.deletion, 'segment-config-try-nobody', ctx);
  await step(
    'reconcile a submission that never was',
    () => plugin.deletion.reconcile(nobody, new Date(Date.now() - ATTEMPTED_AGO_MS).toISOString(), ctx, []),
    ({ found }) => found,
  );
  await step(
    'status of a regulation that is not there',
    () => plugin.deletion.status('no-such-regulation', ctx),
    ({ state }) => state,
  );
  if (user === undefined) return steps;

  const operation = planOf(plugin.deletion, user.userId, ctx);
  const attemptedAt = new Date().toISOString();
  const submitted = await step(
    'submit the synthetic user',
    () => plugin.deletion.submit(operation, ctx),
    (outcome) => (outcome.accepted ? 'accepted' : `not accepted (${outcome.fault.code})`),
  );
  await step(
    'reconcile that submission',
    () => plugin.deletion.reconcile(operation, attemptedAt, ctx, []),
    ({ found }) => found,
  );
  if (submitted?.accepted === true)
    await step(
      'status of the synthetic user',
      () => plugin.deletion.status(submitted.reference, ctx),
      ({ state }) => state,
    );
  return steps;
}

interface Plugin {
  readonly connector: Connector;
  readonly deletion: DeletionCapability;
  readonly detection: SystemDetectionCapability;
}

/** The plugin that this repository builds at its root, loaded as a host loads it. */
async function loadPlugin(): Promise<Plugin> {
  const file = new URL('../../../../dist/module.js', import.meta.url);
  const { connectorModule } = (await import(file.href)) as { connectorModule: ContainerModule };
  const container = new Container();
  await container.load(connectorModule);
  return {
    connector: container.get<Connector>(ServiceIdentifier.connector),
    deletion: container.get<DeletionCapability>(ServiceIdentifier.deletion),
    detection: container.get<SystemDetectionCapability>(ServiceIdentifier.systemDetection),
  };
}

function contextFor({ apiToken, workspaceName, api }: Account, baseUrl: string, paceMs: number): ConnectorContext {
  const silent = (): void => {};
  return {
    config: { apiToken, workspaceName, baseUrl, ...(api === undefined ? {} : { api }) },
    facts: {},
    capabilities: ['deletion', 'system-detection'],
    allowedOrigins: [baseUrl],
    signal: new AbortController().signal,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    clock: { now: () => Date.now(), sleep: (ms, signal) => delay(ms, undefined, { signal }) },
    pace: () => delay(paceMs),
  };
}

function planOf(deletion: DeletionCapability, userId: string, ctx: ConnectorContext): Operation {
  const subject = { id: 'synthetic', identifiers: [{ kind: 'user_id', value: userId }] };
  const [operation] = deletion.plan([subject], ctx.config).operations;
  if (operation === undefined) throw new Error('The plugin did not plan the synthetic user.');
  return operation;
}

async function count(systems: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const _ of systems) found += 1;
  return found;
}
