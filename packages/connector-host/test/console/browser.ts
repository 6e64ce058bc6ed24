/** A real Chromium for tests of the console: pages that say when anything goes wrong, pictures of what was seen, and axe. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { Browser, Download, Page } from 'playwright-core';

/** Pictures of the last run that took some (`PICTURES=1 npm test -- console`); not under version control. */
const picturesDir = fileURLToPath(new URL('../../../../test-results/console/', import.meta.url));

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How a page is opened. */
export interface PageOptions {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  /** IANA name of the zone that the reader is in. */
  readonly zone?: string;
}

/** A page in a context of its own, and what went wrong in it so far. */
export interface WatchedPage {
  readonly page: Page;
  /** Uncaught errors, and whatever the Content-Security-Policy stopped. */
  readonly troubles: readonly string[];
}

/** Opens a page. */
export async function openPage(
  browser: Browser,
  { width = 1360, scheme = 'light', zone = 'Europe/Berlin' }: PageOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 780 : 860 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-US',
    timezoneId: zone,
  });
  const page = await context.newPage();
  // Finds what hangs, on a slow machine too.
  page.setDefaultTimeout(300_000);
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    // An answer of 4xx is what some tests are about.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      troubles.push(message.text());
  });
  return { page, troubles };
}

/** Signs in and waits for the first view. */
export async function signIn(page: Page, url: string, token: string, path = '/console/overview'): Promise<void> {
  await page.goto(url + path);
  await page.getByLabel('Access token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation', { name: 'Main' }).or(page.getByLabel('Open the menu')).first().waitFor();
}

/** What was downloaded. Streamed: the browser, which all tests share, may keep files where this process does not look. */
export async function textOf(download: Download): Promise<string> {
  return text(await download.createReadStream());
}

/** Keeps a picture of what is to be seen, where somebody wants to look: to draw one takes as long as many a test. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['PICTURES'] === undefined) return;
  mkdirSync(picturesDir, { recursive: true });
  await page.screenshot({ path: join(picturesDir, `${name}.png`) });
}

/** Fails where axe finds anything against WCAG 2.2 A or AA, or its best practices. */
export async function expectAccessible(page: Page): Promise<void> {
  // It takes longer to send and read than to run; a page that was not loaded anew still has it.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: Violation[] }> } };
    interface Violation {
      readonly id: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
    }
    // What passes need not be described element by element, which takes most of the time.
    const found = await axe.run({ resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => ({
      id,
      nodes: nodes.slice(0, 4).map(({ html, failureSummary }) => `${html.slice(0, 240)} -- ${failureSummary ?? ''}`),
    }));
  });
  expect(violations).toEqual([]);
}

/** Fails where the page is wider than its window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { inner, scroll } = await page.evaluate(() => ({
    inner: document.documentElement.clientWidth,
    scroll: document.documentElement.scrollWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(inner);
}
