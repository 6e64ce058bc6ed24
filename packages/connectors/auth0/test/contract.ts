import { readFileSync } from 'node:fs';
import type { ContractOptions } from 'connector-contract/testkit';
import { Auth0Stub } from './stub.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What the rules of the contract are asked of, whoever runs them. */
export const options: ContractOptions = {
  load: async () => (await import('auth0-connector')).connectorModule,
  manifest: JSON.parse(read('../manifests/auth0.json')),
  package: { json: JSON.parse(read('../package.json')), manifestPath: './manifests/auth0.json' },
  documentation: read('../SETUP.md'),
  entry: new URL('../dist/module.js', import.meta.url),
  fixtures: { savedConfigs: [{ domain: 'https://north.eu.auth0.com', clientId: 'abc', clientSecret: 'def' }] },
  vendor: new Auth0Stub(),
};
