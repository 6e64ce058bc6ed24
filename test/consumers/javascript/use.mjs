// A project without types: finds what the packages hold by their names alone, and uses it.
import 'reflect-metadata';
import { ServiceIdentifier } from 'connector-contract';
import { contractRules } from 'connector-contract/testkit';
import { startHost } from 'connector-host';
import { Container } from 'inversify';
import { connectorModule as opendsr } from 'opendsr-connector';
import { connectorModule as segment } from 'segment-config-connector';
import { startSandbox } from 'segment-sandbox';

function connectorOf(module) {
  const container = new Container();
  container.load(module);
  return container.get(ServiceIdentifier.connector);
}

const sandbox = await startSandbox();
const quiet = () => undefined;
const report = await connectorOf(segment).check({
  config: { apiToken: sandbox.tokens.publicOwner, workspaceName: 'acme-demo', baseUrl: sandbox.url, api: 'auto' },
  facts: {},
  capabilities: ['deletion', 'system-detection'],
  allowedOrigins: [sandbox.url],
  signal: new AbortController().signal,
  log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  clock: { now: Date.now, sleep: async () => undefined },
  pace: async () => undefined,
});
await sandbox.close();

const { issues } = connectorOf(opendsr).validate({ baseUrl: 'not an address', bearerToken: 'abc' });
process.stdout.write(
  JSON.stringify({
    segment: report.status,
    opendsr: issues.map((issue) => issue.field),
    rules: contractRules.length > 50,
    host: typeof startHost,
  }),
);
