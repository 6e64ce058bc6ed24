import { held } from './test/mutants/held.mjs';

/** `npm run test:mutants`: whether the tests notice when what deletes, in connectors and kit, does something else. */
export default {
  mutate: held.map(({ folder, files }) => `${folder}/${files}`),
  mutator: { excludedMutations: ['StringLiteral'] },
  plugins: ['./test/mutants/runner.mjs'],
  testRunner: 'loaded-once',
  coverageAnalysis: 'perTest',
  // What only runs as a module is loaded, tables of words mostly, would need a new process for each mutant.
  ignoreStatic: true,
  buildCommand:
    'node ../../node_modules/@typescript/native/bin/tsc -b tsconfig.json packages/opendsr-connector packages/segment-sandbox packages/connectors/auth0 packages/connectors/mixpanel',
  tempDirName: '.stryker',
  ignorePatterns: [
    'dist',
    'packages/*/dist',
    'packages/connector-host',
    'packages/demo',
    'docs',
    'bench',
    '.connector-host',
  ],
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: 'test-results/mutants.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  concurrency: 1,
  dryRunTimeoutMinutes: 60,
  // Endless loops are counted; this is for what hangs, on however busy a machine.
  timeoutMS: 120_000,
  thresholds: { high: 95, low: 90, break: 90 },
};
