import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type ContractOptions, describeConnectorContract } from 'connector-contract/testkit';
import { connectorModule } from '../../src/module.js';
import { type Generation, SandboxVendor } from './sandbox-vendor.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** Asks the whole contract of the plugin, against the sandbox in one generation of the API. */
export function describePlugin(generation: Generation, optOuts: ContractOptions['optOuts'] = {}): void {
  describeConnectorContract({
    load: async () => connectorModule,
    manifest: JSON.parse(read('../../manifests/segment-config.json')),
    package: { json: JSON.parse(read('../../package.json')), manifestPath: './manifests/segment-config.json' },
    documentation: read('../../SETUP.md'),
    entry: new URL('../../dist/module.js', import.meta.url),
    allowedGlobals: {
      classValidatorMetadataStorage: 'class-validator keeps the rules of decorated classes there',
    },
    fixtures: {
      savedConfigs: [
        { apiToken: 'sgp_example', workspaceName: 'Acme' },
        { apiToken: 'sgp_example', workspaceName: 'Acme', asyncDeletionBehavior: 'complete-on-submit', region: 'eu' },
        {
          apiToken: 'sgp_example',
          workspaceName: 'acme',
          asyncDeletionBehavior: 'wait-for-completion',
          region: 'us',
          api: 'config',
          regulationType: 'DELETE_INTERNAL',
          identifierKinds: 'user_id',
        },
        { apiToken: 'sgp_example', workspaceName: 'acme', identifierKinds: 'email', userIdsAreEmails: true },
      ],
    },
    vendor: new SandboxVendor(generation),
    runner: { describe, test, beforeAll, afterAll },
    optOuts,
  });
}
