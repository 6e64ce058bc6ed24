import type { ContainerModule } from 'inversify';
import type { RuleId } from './rules.js';
import type { ContractVendor } from './vendor.js';

/** The functions of a test runner that the kit needs: those of jest and vitest as they are. */
export interface ContractRunner {
  describe(name: string, body: () => void): void;
  test(name: string, body: () => Promise<void>, timeoutMs?: number): void;
  beforeAll(body: () => Promise<void>): void;
  afterAll(body: () => Promise<void>): void;
}

/** What the kit cannot find out by itself. */
export interface ContractFixtures {
  /** Configurations that earlier versions saved, as they were entered; at least one: the least that is needed today. */
  readonly savedConfigs: readonly Readonly<Record<string, unknown>>[];
  /** Identifier values by kind, where the kit's own (e-mail addresses for `email`, anything for other kinds) would be refused by the vendor. */
  readonly identifiers?: Readonly<Record<string, readonly string[]>>;
}

/** What is put to the test. */
export interface ContractOptions {
  /** Imports the connector's module. Called anew for every rule. */
  readonly load: () => Promise<ContainerModule>;
  /** The manifest as it stands in its file. */
  readonly manifest: unknown;
  /** The package's package.json, and the path of the manifest in the package (`./manifests/x.json`). */
  readonly package?: { readonly json: unknown; readonly manifestPath: string };
  /** Text of the documentation that has to hold the page made from the manifest. */
  readonly documentation?: string;
  /** The built module, as a `file:` URL: it is imported in a process of its own. */
  readonly entry?: string | URL;
  /** Globals that libraries of the connector leave behind when they are imported, each with the reason in a sentence. */
  readonly allowedGlobals?: Readonly<Record<string, string>>;
  readonly fixtures: ContractFixtures;
  readonly vendor: ContractVendor;
  /** Where the globals `describe`, `test`, `beforeAll` and `afterAll` are not those of the runner. */
  readonly runner?: ContractRunner;
  /** Rules that are not asked, each with the reason in a sentence. */
  readonly optOuts?: Readonly<Partial<Record<RuleId, string>>>;
}
