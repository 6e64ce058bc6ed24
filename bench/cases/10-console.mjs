/** The console in Chromium: what the first view loads, and how a table of very many people scrolls. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { writeImportFile } from '../people.mjs';
import { spread } from '../spread.mjs';
import { ADMIN, clear, connect, folder, startHost, startSandbox, upload } from '../stage.mjs';

export const title = 'Console';
export const goal = { name: 'frames a second while the table scrolls, as a share of 60', least: 0.5 };
export const sizes = [1_000, 100_000];

const browsers = [
  process.env.CHROMIUM_PATH ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function once(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } });
  const page = await context.newPage();
  const inspector = await context.newCDPSession(page);
  await inspector.send('Network.enable');
  await inspector.send('Performance.enable');
  let bytes = 0;
  inspector.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  const metric = async (name) =>
    (await inspector.send('Performance.getMetrics')).metrics.find((one) => one.name === name)?.value ?? 0;
  const begun = performance.now();
  await page.goto(`${url}/console/requests`);
  await page.getByLabel('Access token').waitFor();
  const first = performance.now() - begun;
  const [loaded, script] = [bytes, await metric('ScriptDuration')];
  await page.getByLabel('Access token').fill(ADMIN);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('table').first().waitFor({ timeout: 60_000 });
  const frames = await page.evaluate(async () => {
    const scrolling =
      [...document.querySelectorAll('*')]
        .filter(
          (one) => one.scrollHeight > one.clientHeight + 50 && /auto|scroll/.test(getComputedStyle(one).overflowY),
        )
        .sort((a, b) => b.scrollHeight - a.scrollHeight)[0] ?? document.scrollingElement;
    const times = [];
    await new Promise((resolve) => {
      const step = (time) => {
        times.push(time);
        scrolling.scrollTop += 120;
        if (time - times[0] > 3000) resolve(undefined);
        else requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    });
    const gaps = times
      .slice(1)
      .map((time, at) => time - times[at])
      .sort((a, b) => a - b);
    return {
      rate: (times.length - 1) / ((times.at(-1) - times[0]) / 1000),
      slowest: gaps.at(-1),
      rows: document.querySelectorAll('[role=row], tr').length,
    };
  });
  const result = { first, loaded, script: script * 1000, all: (await metric('ScriptDuration')) * 1000, ...frames };
  await context.close();
  return result;
}

export async function run({ size, repeats }) {
  const executablePath = browsers.find((path) => path !== '' && existsSync(path));
  if (executablePath === undefined) return [];
  const sandbox = await startSandbox();
  const host = await startHost({ dataDir: folder('data'), endpoint: sandbox.url, flags: ['--no-work'] });
  await connect(host, sandbox);
  await upload(host, await writeImportFile(folder('files'), size), size);
  const browser = await chromium.launch({ executablePath, args: flags });
  const found = [];
  try {
    for (let turn = 0; turn < repeats; turn += 1) found.push(await once(browser, host.url));
  } finally {
    await browser.close();
    await clear();
  }
  const of = (name) => spread(found.map((one) => one[name]));
  return [
    {
      what: `${size} requests`,
      size,
      ratio: spread(found.map(({ rate }) => rate / 60)),
      figures: {
        'first view, ms': of('first'),
        'first view, bytes over the wire': of('loaded'),
        'first view, ms of script': of('script'),
        'with the table and scrolling, ms of script': of('all'),
        'frames a second': of('rate'),
        'slowest frame, ms': of('slowest'),
        'rows in the page': of('rows'),
      },
    },
  ];
}
