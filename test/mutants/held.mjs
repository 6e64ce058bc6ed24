/** The code whose changes the tests have to notice, and the folders of the tests that hold it. */
export const held = [
  { folder: 'src/deletion', files: '**/*.ts', tests: 'test/deletion' },
  {
    folder: 'packages/opendsr-connector/src/deletion',
    files: '**/*.ts',
    tests: 'packages/opendsr-connector/test/deletion',
  },
  {
    folder: 'packages/connector-kit/src',
    files: '{capabilities,groups,packing,smaller,submission}.ts',
    tests: 'packages/connector-kit/test',
  },
  ...['auth0', 'mixpanel'].map((name) => ({
    folder: `packages/connectors/${name}/src`,
    files: '{deletion,module}.ts',
    tests: `packages/connectors/${name}/test`,
  })),
];
