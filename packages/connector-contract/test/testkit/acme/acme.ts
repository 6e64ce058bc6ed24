import { ContainerModule, type ContainerModuleLoadOptions } from 'inversify';
import { manifestMarkdown, ServiceIdentifier } from '../../../src/index.js';
import type { ContractOptions } from '../../../src/testkit/index.js';
import { AcmeConnector, AcmeDeletion, AcmeDetection } from './connector.js';
import { acmeManifest } from './manifest.js';
import { AcmeStub } from './stub.js';

/** The parts of the small connector, for a broken variant to change. */
export interface AcmeParts {
  readonly connector: AcmeConnector;
  readonly deletion: AcmeDeletion;
  readonly detection: AcmeDetection;
}

/** The small connector as a module; `change` breaks something about the parts, `more` about the binding. */
export function acmeModule(
  change: (parts: AcmeParts) => void = () => undefined,
  more: (options: ContainerModuleLoadOptions) => void = () => undefined,
): ContainerModule {
  return new ContainerModule((options) => {
    const parts = { connector: new AcmeConnector(), deletion: new AcmeDeletion(), detection: new AcmeDetection() };
    change(parts);
    options.bind(ServiceIdentifier.connector).toConstantValue(parts.connector);
    options.bind(ServiceIdentifier.deletion).toConstantValue(parts.deletion);
    options.bind(ServiceIdentifier.systemDetection).toConstantValue(parts.detection);
    more(options);
  });
}

/** What the kit is given for the small connector. */
export function acmeOptions(): ContractOptions {
  return {
    load: async () => acmeModule(),
    manifest: acmeManifest,
    package: {
      json: {
        version: acmeManifest.version,
        keywords: ['connector-plugin'],
        connector: { manifests: ['./manifests/acme.json'] },
        exports: { '.': './module.js' },
      },
      manifestPath: './manifests/acme.json',
    },
    documentation: `Some words before.\n\n${manifestMarkdown(acmeManifest)}\n\nSome words after.`,
    entry: new URL('../modules/good.mjs', import.meta.url),
    fixtures: {
      savedConfigs: [
        { apiToken: 'an-old-token', account: 'acme' },
        { apiToken: 'an-old-token', account: 'acme', mode: 'two', folder: 'people' },
      ],
    },
    vendor: new AcmeStub(),
  };
}
