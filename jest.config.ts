/** @jest-config-loader esbuild-register */
import { availableParallelism } from 'node:os';
import type { Config } from 'jest';

const config: Config = {
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/{*,connectors/*}/test/**/*.test.ts'],
  // Modules are Node's own affair, see test/jest/runtime.cjs.
  runtime: '<rootDir>/test/jest/runtime.cjs',
  testEnvironment: '<rootDir>/test/jest/environment.cjs',
  transform: {},
  // Plugin fixtures are packages that are broken on purpose.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.stryker/', '/fixtures/plugins/', '/test/consumers/'],
  setupFilesAfterEnv: ['<rootDir>/test/jest/setup.ts'],
  // Builds what changed, and starts what all test files share.
  globalSetup: '<rootDir>/test/jest/begin.mjs',
  globalTeardown: '<rootDir>/test/jest/end.mjs',
  testSequencer: '<rootDir>/test/jest/sequencer.cjs',
  // Two more than there are cores: some files mostly wait, for Segment's month in the demo or for a lost call that may still arrive.
  maxWorkers: availableParallelism() + 2,
  workerIdleMemoryLimit: '1GB',
  // A hang is to be found, not a slow machine.
  testTimeout: 900_000,
};

export default config;
