/** The code whose changes the tests have to notice, and the tests that hold it. */
export const held = [
  { folder: 'src/deletion', files: '**/*.ts', tests: /^test\/deletion\// },
  {
    folder: 'packages/opendsr-connector/src',
    files: '{deletion/**/*,opendsr/client}.ts',
    tests: /^packages\/opendsr-connector\/test\/(deletion\/|check\.)/,
  },
  {
    folder: 'packages/connector-kit/src',
    files: '{capabilities,groups,packing,smaller,submission}.ts',
    tests: /^packages\/connector-kit\/test\/(capabilities|define|packing|submission)\./,
  },
  ...['auth0', 'mixpanel'].map((name) => ({
    folder: `packages/connectors/${name}/src`,
    files: '{deletion,module}.ts',
    // Not the rules of the contract: they take minutes, and say little of what is a connector's own.
    tests: new RegExp(`^packages/connectors/${name}/test/(?!contract)`),
  })),
];
