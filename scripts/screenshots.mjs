// Takes the pictures of the console that the README shows: `npm run build && node scripts/screenshots.mjs`.
// Starts a sandbox and a host of its own in a folder for temporary files, brings the example file in, and looks around.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const executablePath = [process.env['CHROMIUM_PATH'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (executablePath === undefined) throw new Error('No Chromium was found: install it, or set CHROMIUM_PATH.');

const folder = mkdtempSync(join(tmpdir(), 'screenshots-'));
const images = 'docs/images';
const most = 150 * 1024;
/** A window of this height, in pixels, shows the map to its end. */
const wholeMap = 1330;
const token = 'token-of-the-screenshots-0123456789abcdef';

/** @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
async function start(args, env = {}) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  for await (const line of createInterface({ input: child.stdout })) return { child, ready: JSON.parse(line) };
  throw new Error(`${args[0]} did not start.`);
}

const outcomes = ['--outcome', '1:failed-unsupported', '--outcome', 'finished'];
const sandbox = await start(['packages/segment-sandbox/dist/cli.js', '--port', '0', '--speed', '43200', ...outcomes]);
const origin = sandbox.ready.url;
const host = await start(
  [
    'packages/connector-host/dist/cli/main.js',
    'serve',
    ...['--port', '0', '--data-dir', join(folder, 'data'), '--allow-endpoint', origin],
    ...['--plan-window', '500', '--poll-interval', '500', '--log-level', 'error'],
  ],
  { CONNECTOR_HOST_ADMIN_TOKEN: token },
);
const url = host.ready.url;

/** @param {string} method @param {string} path @param {string} [body] @param {string} [type] */
async function call(method, path, body, type = 'application/json') {
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': type }) };
  const answer = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return answer.json();
}

const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
try {
  mkdirSync(images, { recursive: true });
  const config = { apiToken: sandbox.ready.tokens.publicOwner, workspaceName: 'Acme Demo', baseUrl: origin };
  await call('POST', '/connections', JSON.stringify({ connector: 'segment-config', name: 'Production', config }));
  await call('POST', '/requests/import', readFileSync('examples/subjects.csv', 'utf8'), 'text/csv');
  for (;;) {
    const { counts } = await call('GET', '/requests?limit=1');
    if (counts.pending + counts.processing === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const { items } = await call('GET', '/requests?status=complete_with_exceptions&limit=1');
  const { items: done } = await call('GET', '/requests?limit=1');
  const requestId = items[0]?.requestId ?? done[0].requestId;

  for (const scheme of /** @type {const} */ (['light', 'dark'])) {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: scheme,
      locale: 'en-US',
    });
    await page.goto(`${url}/console/overview`);
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('By connection').waitFor();
    /** @param {string} name @param {string} path @param {string} shown @param {number} [height] */
    const take = async (name, path, shown, height = 800) => {
      await page.setViewportSize({ width: 1280, height });
      await page.goto(`${url}/console${path}`);
      await page.getByText(shown).first().waitFor();
      await page.evaluate(() => document.fonts.ready);
      await page.waitForLoadState('load');
      await page.waitForTimeout(600);
      const file = join(images, `${name}.jpg`);
      await page.screenshot({ path: file, type: 'jpeg', quality: 56 });
      const { size } = statSync(file);
      if (size > most) throw new Error(`${file} has ${size} bytes: more than ${most}.`);
      console.log(`${file}: ${Math.round(size / 1024)} kB`);
    };
    if (scheme === 'dark') {
      await take('map-dark', '/map', 'A deletion reaches', wholeMap);
    } else {
      await take('connect', '/connect/segment-config', 'Your configuration');
      await take('requests', '/requests', '10,001 requests');
      await take('request', `/requests/${encodeURIComponent(requestId)}`, 'Timeline');
      await take('map', '/map', 'A deletion reaches', wholeMap);
      await take('overview', '/overview', 'By connection');
    }
    await page.close();
  }
} finally {
  await browser.close();
  for (const { child } of [host, sandbox]) {
    child.kill('SIGTERM');
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
  }
  rmSync(folder, { recursive: true, force: true });
}
