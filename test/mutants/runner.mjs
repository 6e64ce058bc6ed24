import { readdirSync } from 'node:fs';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { commonTokens, declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { loadTests } from './circus.mjs';
import { held } from './held.mjs';

/** @typedef {import('@stryker-mutator/api/core').InstrumenterContext} Instruments */

/** Lets Stryker run these tests. All that is loaded stays loaded: a mutant in what runs as a module is loaded needs a new process. */
class Runner {
  /** @type {Awaited<ReturnType<typeof loadTests>> | undefined} */
  #tests;
  /** What instrumented code looks at, and counts in. */
  #instruments = /** @type {Instruments} */ ({});
  #files;

  /** @param {Pick<import('@stryker-mutator/api/core').StrykerOptions, 'mutate'>} options */
  constructor({ mutate }) {
    const wanted = held.filter(({ folder }) => mutate.some((path) => path.startsWith(`${folder}/`)));
    const files = ['test', 'packages'].flatMap((root) =>
      readdirSync(root, { recursive: true }).map((file) => `${root}/${String(file).replaceAll('\\', '/')}`),
    );
    this.#files = files.filter((file) => file.endsWith('.test.ts') && wanted.some(({ tests }) => tests.test(file)));
  }

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    Reflect.set(globalThis, INSTRUMENTER_CONSTANTS.NAMESPACE, this.#instruments);
    // Not as a part of the first run: loading takes its time, and no mutant is to be blamed for it.
    await this.#loaded();
  }

  /** @returns {Promise<import('@stryker-mutator/api/test-runner').DryRunResult>} */
  /** @returns {Promise<import('@stryker-mutator/api/test-runner').CompleteDryRunResult>} */
  async dryRun() {
    const tests = await this.#loaded();
    tests.began = (_test, id) => {
      this.#instruments.currentTestId = id;
    };
    tests.ended = () => {
      delete this.#instruments.currentTestId;
    };
    const results = await this.#run(undefined);
    const { mutantCoverage } = this.#instruments;
    return {
      status: /** @type {const} */ (DryRunStatus.Complete),
      tests: results,
      ...(mutantCoverage === undefined ? {} : { mutantCoverage }),
    };
  }

  /** @param {import('@stryker-mutator/api/test-runner').MutantRunOptions} options */
  async mutantRun({ activeMutant, testFilter, hitLimit, disableBail }) {
    Object.assign(this.#instruments, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 });
    const tests = await this.#loaded();
    tests.began = () => undefined;
    tests.ended = ({ errors }) => {
      if (errors.length > 0) tests.stop();
    };
    const results = await this.#run(testFilter && new Set(testFilter));
    const { hitCount } = this.#instruments;
    const endless = determineHitLimitReached(hitCount, hitLimit);
    return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests: results }, disableBail);
  }

  async #loaded() {
    this.#tests ??= await loadTests(this.#files);
    return this.#tests;
  }

  /** @param {ReadonlySet<string> | undefined} wanted */
  async #run(wanted) {
    const tests = await this.#loaded();
    const ran = await tests.run(wanted);
    return ran.map(([id, { errors, duration }]) => {
      const result = { id, name: id, timeSpentMs: duration ?? 0 };
      return errors.length === 0
        ? { ...result, status: /** @type {const} */ (TestStatus.Success) }
        : {
            ...result,
            status: /** @type {const} */ (TestStatus.Failed),
            failureMessage: String(errors[0]).slice(0, 500),
          };
    });
  }
}

const runnerFactory = (/** @type {import('@stryker-mutator/api/core').StrykerOptions} */ options) =>
  new Runner(options);
runnerFactory.inject = /** @type {[typeof commonTokens.options]} */ ([commonTokens.options]);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'loaded-once', runnerFactory)];
