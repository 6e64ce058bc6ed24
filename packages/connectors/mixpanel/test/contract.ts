import { readFileSync } from 'node:fs';
import type { ContractOptions } from 'connector-contract/testkit';
import { MixpanelStub } from './stub.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What the rules of the contract are asked of, whoever runs them. */
export const options: ContractOptions = {
  load: async () => (await import('mixpanel-connector')).connectorModule,
  manifest: JSON.parse(read('../manifests/mixpanel.json')),
  package: { json: JSON.parse(read('../package.json')), manifestPath: './manifests/mixpanel.json' },
  documentation: read('../SETUP.md'),
  entry: new URL('../dist/module.js', import.meta.url),
  fixtures: { savedConfigs: [{ gdprToken: 'abc', projectToken: 'def', region: 'eu', complianceType: 'CCPA' }] },
  vendor: new MixpanelStub(),
};
