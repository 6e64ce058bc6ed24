import { makeUnhurriedProject } from '../../packages/connector-host/test/unhurried.mjs';
import { buildConsole, buildPackages } from '../../scripts/build.mjs';
import { installBubblewrap } from './bubblewrap.mjs';
import { startServer } from './database.mjs';
import LongestFirst from './sequencer.cjs';

/** Tests that need the built console, and those that look at it in a browser. */
const needsConsole = [
  /^packages\/connector-host\/test\/(console|e2e)\//,
  /^packages\/(demo|opendsr-connector)\/test\/(dev|demo|pack)/,
  /^test\/(guide|pack|publishable)\.test/,
];
const needsBrowser = [/^packages\/connector-host\/test\/console\//, /^packages\/demo\/test\/dev/];

/** Tests of the host, which is given connectors to drive. */
const needsConnectors = [/^packages\/connector-host\//];

/** Tests that need the wall around connectors, which bubblewrap makes. */
const needsWall = [/^packages\/connector-host\/test\/(plugins|security|e2e\/wall)/];

/** Ends what was begun. */
export let stopBrowser = async () => {};

/** Before the first test of a run: builds what changed, and starts what all test files share. */
export default async function begin() {
  const chosen = (/** @type {RegExp[]} */ patterns) =>
    LongestFirst.chosen.some((path) => patterns.some((pattern) => pattern.test(path)));
  await buildPackages();
  if (chosen(needsConnectors)) makeUnhurriedProject();
  if (chosen(needsConsole)) await buildConsole();
  if (chosen(needsWall)) installBubblewrap();
  await startServer();
  if (chosen(needsBrowser)) {
    const { startBrowser } = await import('../../packages/connector-host/test/console/chromium.mjs');
    stopBrowser = await startBrowser();
  }
}
