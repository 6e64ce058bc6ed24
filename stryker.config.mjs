/** `npm run test:mutants`: whether the tests notice when Segment's or OpenDSR's own `src/deletion` does something else. */
export default {
  mutate: ['src/deletion/**/*.ts', 'packages/opendsr-connector/src/deletion/**/*.ts'],
  mutator: { excludedMutations: ['StringLiteral'] },
  plugins: ['./test/mutants/runner.mjs'],
  testRunner: 'loaded-once',
  coverageAnalysis: 'perTest',
  // What only runs as a module is loaded, tables of words mostly, would need a new process for each mutant.
  ignoreStatic: true,
  buildCommand:
    'node ../../node_modules/@typescript/native/bin/tsc -b tsconfig.json packages/opendsr-connector packages/segment-sandbox',
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
