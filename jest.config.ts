/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/packages/*/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  // Plugin fixtures are packages that are broken on purpose.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '/fixtures/plugins/', '/test/consumers/'],
  setupFilesAfterEnv: ['<rootDir>/test/setup.ts'],
  // Modules that ran in a context of their own are never given back: a process that has run many test files makes room.
  workerIdleMemoryLimit: '1GB',
  // A hang is to be found, not a slow machine.
  testTimeout: 240_000,
  coverageProvider: 'v8',
};

export default config;
