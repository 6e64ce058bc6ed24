import 'reflect-metadata';
import {
  type CheckReport,
  type Connector,
  type ConnectorContext,
  type DeletionCapability,
  ServiceIdentifier,
  type SystemDetectionCapability,
} from 'connector-contract';
import { Container } from 'inversify';
import { connectorModule, validateConfig } from 'segment-config-connector';

/** What a host written in TypeScript does with the plugin, as far as types go. */
export async function connect(config: unknown, ctx: ConnectorContext): Promise<CheckReport | undefined> {
  const container = new Container();
  container.load(connectorModule);
  const connector = container.get<Connector>(ServiceIdentifier.connector);
  const deletion = container.get<DeletionCapability>(ServiceIdentifier.deletion);
  const detection = container.get<SystemDetectionCapability>(ServiceIdentifier.systemDetection);

  const issues: readonly { readonly field: string; readonly message: string }[] = validateConfig(config).issues;
  if (issues.length > 0 || !connector.validate(config).valid) return undefined;

  const planned: number = deletion.plan([], ctx.config).operations.length;
  for await (const system of detection.detect(ctx)) ctx.log.info('detected', { kind: system.kind, planned });
  return connector.check(ctx);
}

// @ts-expect-error the module is a container module, not something to call
connectorModule();
// @ts-expect-error a report has no such part
validateConfig({}).secrets;
