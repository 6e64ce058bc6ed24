/**
 * Which way imports may run (see docs/architecture.md).
 * Between packages: connector -> kit -> contract <- host; the sandbox knows nobody. Inside the host: from the outer rooms to the inner ones.
 */
const hostRooms = [
  ['cli'],
  ['api'],
  ['lifecycle', 'systems', 'retention', 'rotation', 'notices'],
  ['contacts', 'receipts'],
  ['intake'],
  ['reading'],
  ['requests', 'connections', 'access', 'work'],
  ['engine', 'plugins', 'sealing', 'audit'],
  ['store'],
];
/** @param {string} name */
const room = (name) => `^packages/connector-host/src/${name}/`;
const inward = hostRooms.flatMap((rooms, depth) =>
  rooms.map((name) => ({
    name: `host-${name}-knows-only-what-it-stands-on`,
    severity: 'error',
    from: { path: room(name) },
    to: { path: `^packages/connector-host/src/(${hostRooms.slice(0, depth).flat().join('|') || 'nothing-above'})/` },
  })),
);

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'connector-knows-the-contract-only',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '(^packages/|node_modules/)(connector-host|segment-sandbox|opendsr-connector|connectors|demo)(/|$)' },
    },
    {
      name: 'the-second-connector-knows-the-contract-only',
      severity: 'error',
      from: { path: '^packages/opendsr-connector/src/' },
      to: {
        path: '(^src/|(^packages/|node_modules/)(connector-host|segment-sandbox|segment-config-connector|connectors|demo)(/|$))',
      },
    },
    {
      name: 'the-other-connectors-know-the-contract-only',
      severity: 'error',
      from: { path: '^packages/connectors/([^/]+)/src/' },
      to: {
        path: '(^src/|(^packages/|node_modules/)(connector-host|segment-sandbox|segment-config-connector|opendsr-connector|connectors|demo)(/|$))',
        pathNot: '^packages/connectors/$1/src/',
      },
    },
    {
      name: 'kit-knows-the-contract-only',
      severity: 'error',
      from: { path: '^packages/connector-kit/src/' },
      to: {
        path: '(^src/|(^packages/|node_modules/)(connector-host|segment-sandbox|segment-config-connector|opendsr-connector|connectors|demo)(/|$))',
      },
    },
    {
      name: 'contract-knows-nobody',
      severity: 'error',
      from: { path: '^packages/connector-contract/src/' },
      to: {
        path: '(^src/|(^packages/|node_modules/)(connector-kit|connector-host|segment-sandbox|segment-config-connector|opendsr-connector|connectors|demo)(/|$))',
      },
    },
    {
      name: 'host-knows-the-contract-only',
      severity: 'error',
      from: { path: '^packages/connector-host/src/' },
      to: {
        path: '(^src/|(^packages/|node_modules/)(connector-kit|segment-sandbox|segment-config-connector|opendsr-connector|connectors|demo)(/|$))',
      },
    },
    {
      name: 'sandbox-knows-nobody',
      severity: 'error',
      from: { path: '^packages/segment-sandbox/src/' },
      to: {
        path: '(^src/|(^packages/|node_modules/)(connector-[a-z]+|segment-config-connector|opendsr-connector|connectors|demo)(/|$))',
      },
    },
    {
      name: 'only-the-engine-knows-pg-boss',
      severity: 'error',
      from: { path: '^packages/connector-host/src/', pathNot: room('engine') },
      to: { path: 'node_modules/pg-boss/' },
    },
    {
      name: 'only-plugins-know-inversify',
      severity: 'error',
      from: { path: '^packages/connector-host/src/', pathNot: room('plugins') },
      to: { path: 'node_modules/(inversify|reflect-metadata)/' },
    },
    ...inward.filter((rule) => !rule.to.path.includes('nothing-above')),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
