import 'reflect-metadata';
import { after, before, describe, test } from 'node:test';
import { type ContractVendor, contractRules, describeConnectorContract, type RuleId } from 'connector-contract/testkit';
import { type Host, readConfiguration, startHost } from 'connector-host';
import { connectorModule, openDsrModule } from 'opendsr-connector';
import { type Sandbox, startSandbox } from 'segment-sandbox';

/** What somebody writes who starts host and sandbox by themselves. */
export async function startBoth(): Promise<{ host: Host; sandbox: Sandbox }> {
  const sandbox = await startSandbox({ speed: 86_400, rateLimit: 'off' });
  const host = await startHost({ dataDir: '.data', port: 0, roots: ['.'], allowEndpoints: [sandbox.url] });
  const url: string | undefined = host.url;
  return url === undefined ? Promise.reject(new Error('no address')) : { host, sandbox };
}

/** What the author of a connector writes. */
export function askTheContract(vendor: ContractVendor, manifest: unknown): void {
  describeConnectorContract({
    load: async () => openDsrModule(),
    manifest,
    fixtures: { savedConfigs: [] },
    vendor,
    runner: {
      describe: (name, body) => void describe(name, body),
      test: (name, body) => void test(name, body),
      beforeAll: before,
      afterAll: after,
    },
    optOuts: { D11: 'the vendor keeps no list of what it took' },
  });
}

export const ruleIds: readonly RuleId[] = contractRules.map((rule) => rule.id);

// @ts-expect-error there is no such rule
export const noRule: RuleId = 'Z99';
// @ts-expect-error a sandbox has no such option
startSandbox({ sped: 1 });
// @ts-expect-error a module is not a function
connectorModule();
// @ts-expect-error it needs a source of values
readConfiguration(5);
