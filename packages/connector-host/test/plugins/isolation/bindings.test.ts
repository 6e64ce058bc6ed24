/** A connector that replaces bindings replaces its own: those of the host and of its neighbours stay. */
import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import { type Connector, ServiceIdentifier } from 'connector-contract';
import { bindConnector, importModule, readManifest } from 'connector-contract/loading';
import { Container } from 'inversify';
import { openLog } from '../../../src/log.js';
import type { ConnectorRegistry } from '../../../src/plugins/registry.js';
import { testContext } from '../context.js';
import { fixture, isolations, loadFixtures } from '../fixtures.js';
import { lastProcess } from './rampant.js';

const ctx = (apiToken = 'a') => testContext({ apiToken });

/** The neighbour's own answers, and none of the usurper's. */
async function neighbourWorks(registry: ConnectorRegistry): Promise<void> {
  const neighbour = registry.runner('plain');
  expect(await neighbour?.validate({ apiToken: 'a' })).toEqual({ valid: true, issues: [] });
  expect(await neighbour?.check(ctx())).toMatchObject({ status: 'ready', facts: {} });
}

describe.each(isolations)('a connector that replaces bindings while it is loaded, with isolation %s', (isolation) => {
  test('is loaded with what it did to itself, before and after its neighbour', async () => {
    for (const names of [
      ['usurper', 'plain'],
      ['plain', 'usurper'],
    ]) {
      const registry = await loadFixtures(names, { isolation });
      const { facts } = (await registry.runner('usurper')?.check(ctx())) ?? { facts: {} };
      // Nothing held it back, so the neighbour is safe for another reason than that the tricks failed.
      expect(facts).toMatchObject({ bind: 5, rebind: 5, onActivation: 5, unbind: 5 });
      await neighbourWorks(registry);
      await registry.close();
    }
  });
});

describe('a host with bindings of its own', () => {
  test('still has them after the connector was loaded, used and let go of', async () => {
    const log = { name: 'the log of the host' };
    const host = new Container();
    host.bind('Logger').toConstantValue(log);
    host.bind(ServiceIdentifier.connector).toConstantValue(log);
    const directory = fixture('usurper');
    const plugin = { name: 'usurper', version: '1.0.0', directory, manifests: ['./manifest.json'] };
    const manifest = await readManifest(plugin, './manifest.json');
    const module = await importModule(new URL(`file://${directory}/index.js`), manifest, 10_000);
    const { parts, release } = await bindConnector(host, module, manifest, 10_000);
    const own = () => [host.get('Logger'), host.get(ServiceIdentifier.connector), host.isBound('Database')];
    expect(own()).toEqual([log, log, false]);
    expect(await (parts.connector as Connector).check(ctx())).toMatchObject({ status: 'ready' });
    await release();
    expect(own()).toEqual([log, log, false]);
  });
});

describe('a connector that takes over the container of whoever runs it', () => {
  test('has that of its own process alone, and is loaded anew when that process is gone', async () => {
    const logged: string[] = [];
    const registry = await loadFixtures(['usurper', 'plain'], {
      isolation: 'process',
      restarts: { firstMs: 0 },
      log: openLog({ level: 'debug', to: { write: (line) => void logged.push(line) } }),
    });
    const usurper = registry.runner('usurper');
    const before = await usurper?.check(ctx('take over'));
    expect(before?.facts).toMatchObject({ get: 1, getAsync: 1, loadAsync: 1 });
    expect(new Container().bind('x').toConstantValue(1)).toBeDefined();
    await neighbourWorks(registry);
    // A neighbour that is loaded from now on is none of its business either.
    const later = await loadFixtures(['plain'], { isolation: 'process' });
    await neighbourWorks(later);
    await later.close();
    const killed = lastProcess(logged, 'usurper');
    process.kill(killed, 'SIGKILL');
    await eventually(async () => (await usurper?.check(ctx()))?.facts['process']);
    expect(lastProcess(logged, 'usurper')).not.toBe(killed);
    await neighbourWorks(registry);
    await registry.close();
  });
});

/** Asks until there is an answer: a process that was killed just now may take the first call with it. */
async function eventually(ask: () => Promise<unknown>): Promise<unknown> {
  for (let answer = await ask(); ; answer = await ask()) if (answer !== undefined) return answer;
}
