import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const installed = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the run's browser is told to the test files. */
const ENDPOINT = 'CONNECTOR_HOST_TEST_BROWSER';

/** Looks for an installed browser, and installs Debian's where it may. */
function browserPath() {
  const found = installed.find((path) => path !== '' && existsSync(path));
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { stdio: 'ignore' });
    if (existsSync('/usr/bin/chromium')) return '/usr/bin/chromium';
  }
  throw new Error(
    'The console is tested in a real Chromium and none was found: install Chromium or Chrome, or set CHROMIUM_PATH.',
  );
}

/** Starts one browser for all test files of a run; answers how to end it. */
export async function startBrowser() {
  const server = await chromium.launchServer({ executablePath: browserPath(), args });
  process.env[ENDPOINT] = server.wsEndpoint();
  return async () => {
    delete process.env[ENDPOINT];
    await server.close();
  };
}

/** A browser of one's own: a session with the run's, or, outside of a run, one that is started. */
export function openBrowser() {
  const endpoint = process.env[ENDPOINT];
  return endpoint === undefined ? chromium.launch({ executablePath: browserPath(), args }) : chromium.connect(endpoint);
}
