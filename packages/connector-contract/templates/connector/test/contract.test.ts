import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { describeConnectorContract } from 'connector-contract/testkit';
import { VendorStub } from './stub.js';

// Seen from dist/test, where this file runs.
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describeConnectorContract({
  load: async () => (await import('../src/module.js')).connectorModule,
  manifest: JSON.parse(read('manifests/my-connector.json')),
  package: { json: JSON.parse(read('package.json')), manifestPath: './manifests/my-connector.json' },
  documentation: read('SETUP.md'),
  entry: new URL('../src/module.js', import.meta.url),
  fixtures: { savedConfigs: [{ apiToken: 'from-an-earlier-version' }] },
  vendor: new VendorStub(),
  runner: {
    describe: (name, body) => void describe(name, body),
    test: (name, body, timeout) => void test(name, { timeout: timeout ?? 60_000 }, body),
    beforeAll: before,
    afterAll: after,
  },
});
