/** The plugin as a host holds it: found in a project, judged, bound and guarded by the host's own code. */

import { openLog } from '../packages/connector-host/dist/log.js';
import { ConnectorRegistry } from '../packages/connector-host/dist/plugins/registry.js';
import { projectWithoutPace } from './stage.mjs';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** The guarded connector with a configuration that was checked against a sandbox. Call `close` when done. */
export async function connectorOf(sandbox) {
  const registry = await ConnectorRegistry.load({ roots: [projectWithoutPace()], log: openLog({ level: 'fatal' }) });
  const connector = registry.runner('segment-config');
  if (connector === undefined) throw new Error('The plugin was not taken.');
  const config = {
    ...defaults(connector.manifest),
    apiToken: sandbox.tokens.publicOwner,
    workspaceName: sandbox.workspace,
    baseUrl: sandbox.url,
  };
  const report = await connector.validate(config);
  if (!report.valid) throw new Error('The configuration was not taken.');
  const context = {
    config,
    facts: {},
    capabilities: ['deletion', 'systemDetection'],
    allowedOrigins: [sandbox.url],
    signal: new AbortController().signal,
    log: quiet,
    clock: { now: () => Date.now(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    pace: async () => {},
  };
  const check = await connector.check(context);
  return {
    connector,
    batch: connector.manifest.deletion.batch,
    config,
    context: { ...context, facts: check.facts ?? {} },
    close: () => registry.close(),
  };
}

function defaults(manifest) {
  const fields = manifest.config.fields.filter((field) => field.default !== undefined);
  return Object.fromEntries(fields.map((field) => [field.key, field.default]));
}
