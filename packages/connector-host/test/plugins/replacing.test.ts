/** A connector is replaced while the host runs. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openLog } from '../../src/log.js';
import { ConnectorRegistry } from '../../src/plugins/registry.js';
import { testContext } from './context.js';
import { fixture } from './fixtures.js';
import { gone, lastProcess } from './isolation/rampant.js';

const modules = fileURLToPath(new URL('../../../../node_modules', import.meta.url));

let root = '';
let registry: ConnectorRegistry;
let logged: string[] = [];

/** Puts the fixture `plain` there as this version; its check waits for the host's pace and tells the version. */
function install(version: string): void {
  const name = 'plain';
  const manifest = JSON.parse(readFileSync(join(fixture(name), 'manifest.json'), 'utf8'));
  const dependencies = { 'connector-contract': '*', inversify: '*' };
  const packageJson = JSON.parse(readFileSync(join(fixture(name), 'package.json'), 'utf8'));
  const code = readFileSync(join(fixture(name), 'index.js'), 'utf8')
    .replace('async () => ({', 'async (ctx) => (await ctx.pace("api"), {')
    .replace('facts: {}', `facts: { version: '${version}' }`);
  writeFileSync(join(root, 'manifest.json'), JSON.stringify({ ...manifest, version }));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...packageJson, version, dependencies }));
  writeFileSync(join(root, 'index.js'), code);
}

/** Which version answers a check, from which process. `pace` is asked in the midst of the call. */
async function answering(
  of = registry.runner('plain'),
  pace: () => Promise<void> = async () => undefined,
): Promise<{ version: string; pid: number } | undefined> {
  const pid = lastProcess(logged, 'plain');
  const facts = (await of?.check(testContext({ apiToken: 'secret' }, { pace })))?.facts;
  return facts && { version: String(facts['version']), pid };
}

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'replacing-'));
  mkdirSync(join(root, 'node_modules'));
  for (const name of ['connector-contract', 'inversify'])
    symlinkSync(join(modules, name), join(root, 'node_modules', name));
  install('1.0.0');
  logged = [];
  const to = { write: (line: string) => void logged.push(line) };
  registry = await ConnectorRegistry.load({ roots: [root], log: openLog({ level: 'debug', to }) });
});
afterEach(async () => {
  await registry.close();
  rmSync(root, { recursive: true });
});

describe('a host that looks again at its connectors', () => {
  test('uses what is installed now, and ends the process of what was there before', async () => {
    const before = await answering();
    install('1.1.0');
    expect(await answering()).toEqual(before);
    await registry.reload();
    expect(registry.list()).toMatchObject([{ id: 'plain', version: '1.1.0', state: 'ready' }]);
    expect(await answering()).toMatchObject({ version: '1.1.0' });
    await gone(before?.pid ?? 0);
  });

  test('lets a call that is under way come to its end; whoever still holds the old one is told to try again', async () => {
    const old = registry.runner('plain');
    let go = (): void => undefined;
    let inside = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      inside = resolve;
    });
    const answer = answering(old, () => {
      inside();
      return new Promise((resolve) => {
        go = resolve;
      });
    });
    await begun;
    install('1.1.0');
    await registry.reload();
    const late = await old?.check(testContext({ apiToken: 'secret' }));
    expect(late?.problems).toMatchObject([{ code: 'CONNECTOR_CRASHED', retryable: true }]);
    expect(await answering()).toMatchObject({ version: '1.1.0' });
    go();
    const answered = await answer;
    expect(answered).toMatchObject({ version: '1.0.0' });
    await gone(answered?.pid ?? 0);
  });

  test('refuses one that can no longer be used, with the reason, and takes it in again when it is repaired', async () => {
    writeFileSync(join(root, 'index.js'), 'throw new Error("half written");');
    await registry.reload();
    expect(registry.list()).toMatchObject([{ id: 'plain', state: 'refused', code: 'IMPORT_FAILED' }]);
    expect(registry.runner('plain')).toBeUndefined();
    install('1.0.1');
    await registry.reload();
    expect(await answering()).toMatchObject({ version: '1.0.1' });
  });

  test('tries one again by itself that was refused for what may have been trouble of the machine, and no other', async () => {
    const broken = join(root, 'node_modules', 'harbour');
    cpSync(fixture('harbour'), broken, { recursive: true });
    writeFileSync(join(broken, 'connector.js'), 'throw new Error("half written");');
    writeFileSync(join(root, 'index.js'), 'process.exit(1);');
    await registry.reload();
    expect(registry.list()).toMatchObject([
      { id: 'harbour', state: 'refused', code: 'IMPORT_FAILED' },
      { id: 'plain', state: 'refused', code: 'PROCESS_ENDED' },
    ]);
    expect(registry.manifest('plain')).toMatchObject({ version: '1.0.0' });
    const [before, ready] = [registry.generation, new Promise<void>((done) => registry.whenReady(async () => done()))];
    install('1.0.1');
    await ready;
    expect(await answering()).toMatchObject({ version: '1.0.1' });
    expect(registry.generation).not.toBe(before);
    expect(registry.list()).toMatchObject([
      { id: 'harbour', state: 'refused' },
      { id: 'plain', state: 'ready' },
    ]);
  });

  test('finds one that was installed meanwhile, and no longer lists one that was removed', async () => {
    const other = join(root, 'node_modules', 'harbour');
    cpSync(fixture('harbour'), other, { recursive: true });
    await registry.reload();
    expect(registry.list().map(({ id }) => id)).toEqual(['harbour', 'plain']);
    rmSync(other, { recursive: true });
    await registry.reload();
    expect(registry.list().map(({ id }) => id)).toEqual(['plain']);
  });

  test('closed meanwhile, ends every process it started', async () => {
    const before = await answering();
    install('1.1.0');
    const reloading = registry.reload();
    await registry.close();
    await reloading;
    await gone(before?.pid ?? 0);
  });
});
