import { buildConsole, buildPackages } from './build.mjs';
import { startServer } from './database.mjs';
import LongestFirst from './sequencer.cjs';

/** Tests that need the built console. */
const needsConsole = [
  /^packages\/connector-host\/test\/(console|e2e)\//,
  /^packages\/(demo|opendsr-connector)\/test\/(demo|pack)/,
  /^test\/(guide|pack|publishable)\.test/,
];

/** Before the first test of a run: builds what changed, and starts what all test files share. */
export default async function begin() {
  buildPackages();
  if (LongestFirst.chosen.some((path) => needsConsole.some((pattern) => pattern.test(path)))) buildConsole();
  await startServer();
}
