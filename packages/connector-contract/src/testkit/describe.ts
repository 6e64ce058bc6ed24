import { ok } from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { asksFor } from '../features.js';
import { Bench } from './bench.js';
import { examineConnector } from './examine/examine.js';
import { packageFolderOf } from './examine/package-folder.js';
import type { ContractOptions, ContractRunner } from './options.js';
import { bindingRules } from './rules/binding-rules.js';
import { checkRules } from './rules/check-rules.js';
import { detectionRules } from './rules/detection-rules.js';
import { followRules } from './rules/follow-rules.js';
import { hygieneRules } from './rules/hygiene-rules.js';
import { manifestRules } from './rules/manifest-rules.js';
import { planRules } from './rules/plan-rules.js';
import { repeatRules } from './rules/repeat-rules.js';
import { resultRules } from './rules/result-rules.js';
import type { RuleCheck } from './rules/rule-check.js';
import { submitRules } from './rules/submit-rules.js';
import { validationRules } from './rules/validation-rules.js';
import { type ContractRule, contractRules, type RuleId, type RuleScope } from './rules.js';

const checks: Readonly<Record<RuleId, RuleCheck>> = {
  ...manifestRules,
  ...bindingRules,
  ...validationRules,
  ...checkRules,
  ...planRules,
  ...submitRules,
  ...followRules,
  ...resultRules,
  ...repeatRules,
  ...detectionRules,
  ...hygieneRules,
};

/** Milliseconds a runner should grant one rule, beside the vendor's own time-out. */
const PATIENCE_MS = 60_000;

/** One rule, ready to be asked of a connector. */
export interface ContractTest {
  readonly rule: ContractRule;
  /** The name of the test: number and rule. */
  readonly name: string;
  /** Rejects where the rule is broken. */
  run(): Promise<void>;
}

/** The rules that apply to a connector, without a test runner. `start` before the first, `stop` after the last. */
export interface ContractTests {
  readonly tests: readonly ContractTest[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The contract as a list of tests. {@link describeConnectorContract} hands them to a runner. */
export function contractTests(options: ContractOptions): ContractTests {
  const bench = new Bench(options);
  const tests = contractRules
    .filter((rule) => applies(rule.scope, bench))
    .map((rule): ContractTest => {
      const reason = options.optOuts?.[rule.id];
      if (reason === undefined) {
        return { rule, name: `${rule.id} ${rule.title}`, run: () => checks[rule.id](bench) };
      }
      return {
        rule,
        name: `${rule.id} ${rule.title} (not asked: ${reason})`,
        run: async () => ok(reason.trim().split(/\s+/).length >= 4, 'an opt-out needs its reason in a sentence'),
      };
    });
  const start = async (): Promise<void> => {
    await demandUsable(options);
    await bench.start();
  };
  return { tests, start, stop: () => bench.stop() };
}

/**
 * What a host would refuse, no rule can be asked of.
 * @throws Error with code, reason and remedy
 */
async function demandUsable({ entry, package: own }: ContractOptions): Promise<void> {
  if (entry === undefined || own === undefined) return;
  const folder = await packageFolderOf(fileURLToPath(entry));
  const found = folder === undefined ? [] : await examineConnector(folder, own.manifestPath);
  const refusal = found[0]?.refusal;
  if (refusal === undefined) return;
  const { code, reason, remedy } = refusal;
  throw new Error(`A host would not use this connector. ${code}: ${reason}\nWhat to do: ${remedy}`);
}

/**
 * Registers the contract as tests with the runner: one for each rule that applies, named by it. Works with jest, vitest and
 * whatever else has describe, test, beforeAll and afterAll.
 *
 * ```ts
 * describeConnectorContract({
 *   load: async () => (await import('../src/module.js')).connectorModule,
 *   manifest: JSON.parse(await readFile('manifests/acme.json', 'utf8')),
 *   fixtures: { savedConfigs: [{ apiToken: 'abc' }] },
 *   vendor: new AcmeStub(),
 * });
 * ```
 */
export function describeConnectorContract(options: ContractOptions): void {
  const runner = options.runner ?? (globalThis as unknown as ContractRunner);
  const { tests, start, stop } = contractTests(options);
  const { id, limits } = options.manifest as {
    readonly id?: string;
    readonly limits?: { readonly timeoutMs?: number };
  };
  const patience = PATIENCE_MS + (limits?.timeoutMs ?? 0);
  runner.describe(`${id ?? 'a connector'} keeps the connector contract`, () => {
    runner.beforeAll(start);
    runner.afterAll(stop);
    for (const { name, run } of tests) runner.test(name, run, patience);
  });
}

function applies(scope: RuleScope, { manifest }: Bench): boolean {
  if (scope === 'always') return true;
  if (scope === 'deletion') return manifest.deletion !== undefined;
  if (scope === 'status') return manifest.deletion?.statusPollable === true;
  if (scope === 'repeatable') return manifest.deletion?.repeatable === true;
  if (scope === 'cancel') return manifest.deletion?.cancellable === true;
  if (scope === 'by-header') return manifest.limits.rate.some(({ byHeader }) => byHeader !== undefined);
  if (scope === 'results') return manifest.deletion !== undefined && asksFor(manifest, 'subject-results');
  return manifest.systemDetection !== undefined;
}
