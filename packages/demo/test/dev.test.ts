/** `npm run dev`, in a copy of the repository whose files are saved while it runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPage } from '../../connector-host/test/console/browser.js';
import { openBrowser } from '../../connector-host/test/console/chromium.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const token = 'token-of-the-operator-R7mQ2xVbT9kLwZ4c';
// A connection for each call: one that is kept open may be closed by the other side just as it is used again.
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' };

let copy = '';
let dev: ChildProcess;
let url = '';
let sandboxUrl = '';
let text = '';

/** What a developer has: sources, what was built, and installed packages, of which the repository's own are those of the copy. */
function copyRepository(): string {
  const to = realpathSync(mkdtempSync(join(tmpdir(), 'dev-')));
  const names = readdirSync(root).filter(
    (name) => !/^\.(git|connector-host)$|^node_modules$|^test-results$/.test(name),
  );
  const filter = (path: string): boolean => !/[/\\]node_modules([/\\]|$)/.test(path.slice(root.length));
  for (const name of names)
    cpSync(join(root, name), join(to, name), { recursive: true, preserveTimestamps: true, filter });
  linkPackages(join(root, 'node_modules'), join(to, 'node_modules'), to);
  const own = 'packages/connector-host/node_modules';
  if (existsSync(join(root, own))) linkPackages(join(root, own), join(to, own), to);
  return to;
}

function linkPackages(from: string, to: string, repository: string): void {
  mkdirSync(to);
  const ours = new Set(readdirSync(join(root, 'packages')));
  for (const name of readdirSync(from)) {
    // What tools remember of the repository is not of the copy.
    if (name === '.cache' || name === '.vite') continue;
    symlinkSync(ours.has(name) ? join(repository, 'packages', name) : join(from, name), join(to, name));
  }
}

/** Waits until the terminal shows a text, after a place in it. */
async function shows(what: RegExp, after = 0): Promise<void> {
  while (!what.test(text.slice(after))) {
    if (dev.exitCode !== null || dev.signalCode !== null) throw new Error(`it ended:\n${text}`);
    await delay(20);
  }
}

/** Saves a file of the copy and answers where the terminal stood. */
function save(path: string, change: (before: string) => string): number {
  const before = text.length;
  writeFileSync(join(copy, path), change(readFileSync(join(copy, path), 'utf8')));
  return before;
}

function get(path: string, base = url): Promise<Response> {
  return fetch(`${base}${path}`, { headers });
}

/** Waits until an answer of the host holds a text. */
async function answers(path: string, what: string): Promise<void> {
  while (!(await (await get(path)).text()).includes(what)) await delay(50);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

beforeAll(async () => {
  copy = copyRepository();
  const [port, sandboxPort] = [await freePort(), await freePort()];
  [url, sandboxUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${sandboxPort}`];
  dev = spawn('npm', ['run', 'dev', '--', '--port', `${port}`, '--sandbox-port', `${sandboxPort}`], {
    cwd: copy,
    env: { ...process.env, CONNECTOR_HOST_ADMIN_TOKEN: token },
    // A group of its own, as a terminal has: Ctrl+C is for all in it.
    detached: true,
  });
  for (const stream of [dev.stdout, dev.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  await shows(/Ctrl\+C ends/);
}, 240_000);
afterAll(async () => {
  if (dev.exitCode === null && dev.signalCode === null) {
    process.kill(-(dev.pid ?? 0), 'SIGINT');
    await once(dev, 'close');
  }
  rmSync(copy, { recursive: true, force: true });
});

describe('npm run dev', () => {
  it('shows what is needed to begin, in lines of 80 characters', () => {
    for (const line of text.split('\n')) if (!line.includes(copy)) expect(line.length).toBeLessThanOrEqual(80);
    expect(text).toContain(url);
    expect(text).toContain(sandboxUrl);
  });

  it('serves the console from its sources and the host behind the same address', async () => {
    expect(await (await get('/console/overview')).text()).toContain('/@vite/client');
    expect(await (await get('/src/words/common.ts')).text()).toContain('export const words');
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/api/v1/connections')).status).toBe(200);
  });

  it('has the page take in a saved line of the console, with what was entered in it', async () => {
    const browser = await openBrowser();
    const { page } = await openPage(browser);
    await page.goto(`${url}/console/`);
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    await page.getByLabel('Access token').fill('half a token');
    save('packages/connector-host/console/src/words/frame.ts', (before) =>
      before.replace("title: 'Sign in',", "title: 'Sign in, as saved',"),
    );
    await page.getByRole('heading', { name: 'Sign in, as saved' }).waitFor();
    expect(await page.getByLabel('Access token').inputValue()).toBe('half a token');
    await browser.close();
  });

  it('goes on with a saved line of the host, and keeps what it knew', async () => {
    const config = { apiToken: 'sandbox-public-owner-token', workspaceName: 'Acme Demo', baseUrl: sandboxUrl };
    const body = JSON.stringify({ connector: 'segment-config', name: 'Segment', config });
    expect((await fetch(`${url}/api/v1/connections`, { method: 'POST', headers, body })).status).toBe(201);
    const at = save('packages/connector-host/src/api/routes/health.ts', (before) =>
      before
        .replace("status: 'ok'", "status: 'ok', saved: true")
        .replace("status: oneOf(['ok'])", "status: oneOf(['ok']), saved: { type: 'boolean' }"),
    );
    await answers('/healthz', 'saved');
    await shows(/host +packages\/connector-host\/src\/api\/routes\/health\.ts: started again in/, at);
    expect(await (await get('/api/v1/connections')).json()).toMatchObject({
      items: [{ name: 'Segment', state: 'active' }],
    });
  });

  it('replaces a connector for a saved line of it, while the host runs', async () => {
    const at = save('manifests/segment-config.json', (before) =>
      before.replace('"displayName": "Segment Config"', '"displayName": "Saved Config"'),
    );
    await answers('/api/v1/connectors', 'Saved Config');
    await shows(/connectors +manifests\/segment-config\.json: replaced/, at);
    expect(text.slice(at)).not.toContain('started again');
    const saved = save('src/connector.ts', (before) => `${before}\nthrow new Error('half written');\n`);
    await answers('/api/v1/connectors', 'IMPORT_FAILED');
    save('src/connector.ts', (before) => before.replace("\nthrow new Error('half written');\n", ''));
    while ((await (await get('/api/v1/connectors/segment-config')).text()).includes('IMPORT_FAILED')) await delay(50);
    expect(text.slice(saved)).not.toContain('started again');
  });

  it('shows the message of a host that does not start, lets the one before go on, and takes the next change', async () => {
    const path = 'packages/connector-host/src/clock.ts';
    const broken = save(path, (before) => `${before}\nthrow new Error('a host that does not start');\n`);
    await shows(/a host that does not start/, broken);
    await shows(/host +did not start.*The one before goes on\. Waits for the next change/, broken);
    expect((await get('/readyz')).status).toBe(200);
    const mended = save(path, (before) =>
      before.replace("\nthrow new Error('a host that does not start');\n", '\nexport const mended = true;\n'),
    );
    await shows(/started again in/, mended);
    expect((await get('/readyz')).status).toBe(200);
  });

  it('names the line of a file that is no TypeScript, and builds nothing of it', async () => {
    const path = 'packages/connector-host/src/clock.ts';
    const broken = save(path, (before) => `${before}\nconst = ;\n`);
    await shows(/host +packages\/connector-host\/src\/clock\.ts:\d+: /, broken);
    const mended = save(path, (before) => before.replace('\nconst = ;\n', '\nexport const again = true;\n'));
    await shows(/started again in/, mended);
  });

  it('goes on with a saved line of the local Segment, which keeps its state; tells wrong types and lets nothing wait for them', async () => {
    const access = { authorization: 'Bearer sandbox-public-owner-token', 'content-type': 'application/json' };
    const regulation = { regulationType: 'SUPPRESS_ONLY', subjectType: 'USER_ID', subjectIds: ['u1'] };
    const made = await fetch(`${sandboxUrl}/regulations`, {
      method: 'POST',
      headers: access,
      body: JSON.stringify(regulation),
    });
    expect(made.status).toBe(200);
    const at = text.length;
    appendFileSync(join(copy, 'packages/segment-sandbox/src/clock.ts'), "\nexport const wrong: number = 'a text';\n");
    await shows(/sandbox +packages\/segment-sandbox\/src\/clock\.ts: started again/, at);
    expect(await (await get('/_sandbox', sandboxUrl)).json()).toMatchObject({ regulations: 1 });
    await shows(/TS2322/, at);
    await shows(/types +are wrong/, at);
  });

  it('ends host, console and sandbox on Ctrl+C', async () => {
    process.kill(-(dev.pid ?? 0), 'SIGINT');
    await once(dev, 'close');
    for (const address of [url, sandboxUrl]) await expect(fetch(address)).rejects.toThrow();
    expect(text).not.toMatch(/ended with code/);
  });
});
